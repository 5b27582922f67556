"""Windows sliding over images (channels, height, width, n): the patches of a convolution, and max pooling.

A convolution is one matrix product of its weights with all patches; `unpatched` is the transpose of `patches` and serves both the
gradient and transposed convolution. The batch is the last axis, so that patches are copied in long runs; in a sweep an axis of
copies may stand in front.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.table import register

Window = tuple[int, int]


def patches(images: Node, size: Window, stride: int = 1, padding: int = 0) -> Node:
    """Every window of `size` as a column: (channels * size, windows * n), zeros beyond the border.

    Rows go by channel, then down and across the window; columns by the window's place, then by sample.
    """
    return apply("patches", images, size=size, stride=stride, padding=padding)


def unpatched(columns: Node, shape: Shape, size: Window, stride: int = 1, padding: int = 0) -> Node:
    """The transpose of `patches`: each column added where its window lay in images of `shape`, the border cut off."""
    return apply("unpatched", columns, to=tuple(shape), size=size, stride=stride, padding=padding)


def max_pool(images: Node, size: Window, stride: int) -> Node:
    """The largest of each window; rows and columns that fill no window are left out. In a tie the first gets the gradient."""
    return apply("max_pool", images, size=size, stride=stride)


def windows(shape: Shape, size: Window, stride: int, padding: int = 0) -> Window:
    """How many windows fit down and across images of `shape`. Raises GraphError when none does."""
    if not 4 <= len(shape) <= 5:
        raise GraphError("wanted images (channels, height, width, n)")
    if min(size) < 1 or stride < 1 or padding < 0:
        raise GraphError(f"wanted a window and stride of at least 1 and no negative padding, got {size}, {stride}, {padding}")
    down, across = ((side + 2 * padding - length) // stride + 1 for side, length in zip(shape[-3:-1], size, strict=True))
    if min(down, across) < 1:
        raise GraphError(f"wanted images at least as large as the window {size} with padding {padding}")
    return down, across


def _slices(size: Window, stride: int, fit: Window) -> list[Any]:
    """For each place in a window, first row first: where all windows have that place."""
    reach = [stride * (many - 1) + 1 for many in fit]
    return [
        np.s_[..., y : y + reach[0] : stride, x : x + reach[1] : stride, :] for y, x in product(range(size[0]), range(size[1]))
    ]


def _sliding(images: Array, size: Window, stride: int, fit: Window) -> Array:
    """A view (channels, *size, *fit, n) of all windows, overlapping in memory."""
    *front, row, column, sample = images.strides
    return np.lib.stride_tricks.as_strided(
        images,
        (*images.shape[:-3], *size, *fit, images.shape[-1]),
        (*front, row, column, row * stride, column * stride, sample),
    )


def _padded(images: Shape, padding: int, dtype: Any) -> tuple[Array, Array]:
    """Zeros around images of a shape, and the inside of them."""
    *front, height, width, n = images
    whole = np.zeros((*front, height + 2 * padding, width + 2 * padding, n), dtype)
    return whole, whole[..., padding : padding + height, padding : padding + width, :]


def _patches_shape(images: Shape, size: Window, stride: int, padding: int) -> Shape:
    fit = windows(images, size, stride, padding)
    return (*images[:-4], images[-4] * size[0] * size[1], fit[0] * fit[1] * images[-1])


def _patches(images: Array, size: Window, stride: int, padding: int) -> Array:
    out = np.empty(_patches_shape(images.shape, size, stride, padding), images.dtype)
    _run(_patches_kernel(out, images, size, stride, padding))
    return out


def _patches_kernel(out: Array, images: Array, size: Window, stride: int, padding: int) -> list[Call]:
    fit, calls = windows(images.shape, size, stride, padding), []
    whole = images
    if padding:
        whole, inside = _padded(images.shape, padding, out.dtype)
        calls = [(np.copyto, (inside, images))]
    view = _sliding(whole, size, stride, fit)
    return [*calls, (np.copyto, (out.reshape(view.shape), view))]


def _unpatched_shape(columns: Shape, to: Shape, size: Window, stride: int, padding: int) -> Shape:
    wanted = _patches_shape(to, size, stride, padding)
    if columns != wanted:
        raise GraphError(f"wanted columns {wanted} for images {to}")
    return to


def _unpatched(columns: Array, to: Shape, size: Window, stride: int, padding: int) -> Array:
    out = np.empty(to, columns.dtype)
    _run(_unpatched_kernel(out, columns, to=to, size=size, stride=stride, padding=padding))
    return out


def _unpatched_kernel(out: Array, columns: Array, *, to: Shape, size: Window, stride: int, padding: int) -> list[Call]:
    fit = windows(to, size, stride, padding)
    whole, inside = _padded(to, padding, out.dtype) if padding else (out, out)
    calls: list[Call] = [(whole.fill, (0,))]
    if not columns.flags.c_contiguous:
        strided, columns = columns, np.empty(columns.shape, columns.dtype)
        calls.append((np.copyto, (columns, strided)))
    parts = columns.reshape(*to[:-3], size[0] * size[1], *fit, to[-1])
    for place, where in enumerate(_slices(size, stride, fit)):
        calls.append((np.add, (whole[where], parts[..., place, :, :, :], whole[where])))
    return [*calls, (np.copyto, (out, inside))] if padding else calls


def _pooled_shape(images: Shape, size: Window, stride: int) -> Shape:
    return (*images[:-3], *windows(images, size, stride), images[-1])


def _max_pool(images: Array, size: Window, stride: int) -> Any:
    return _sliding(images, size, stride, windows(images.shape, size, stride)).max(axis=(-5, -4))


def _max_pool_kernel(out: Array, images: Array, size: Window, stride: int) -> list[Call]:
    first, *others = (images[where] for where in _slices(size, stride, windows(images.shape, size, stride)))
    if not others:
        return [(np.copyto, (out, first))]
    calls: list[Call] = [(np.maximum, (first, others[0], out))]
    return [*calls, *((np.maximum, (out, other, out)) for other in others[1:])]


def _spread_shape(images: Shape, pooled: Shape, values: Shape, size: Window, stride: int) -> Shape:
    if not pooled == values == _pooled_shape(images, size, stride):
        raise GraphError("wanted as many values as windows")
    return images


def _spread(images: Array, pooled: Array, values: Array, size: Window, stride: int) -> Array:
    out = np.empty_like(images)
    _run(_spread_kernel(out, images, pooled, values, size=size, stride=stride))
    return out


def _spread_kernel(out: Array, images: Array, pooled: Array, values: Array, *, size: Window, stride: int) -> list[Call]:
    """Each window's value to the first place that holds its maximum; what has been given away is taken from what is left."""
    fit = windows(images.shape, size, stride)
    places = _slices(size, stride, fit)
    apart = stride >= max(size)
    calls: list[Call] = (
        [] if apart and stride == max(size) == min(size) and _tiled(images.shape, size, fit) else [(out.fill, (0,))]
    )
    left, given = np.empty_like(pooled), np.empty_like(pooled)
    calls.append((np.copyto, (left, values)))
    for place, where in enumerate(places):
        last = place == len(places) - 1
        target = out[where] if apart else given
        if last:  # whatever is left has its maximum here
            calls.append((np.copyto, (target, left)) if apart else (np.add, (out[where], left, out[where])))
            break
        calls += [
            (np.equal, (images[where], pooled, given)),
            (np.multiply, (given, left, target)),
            (np.subtract, (left, target, left)),
        ]
        if not apart:
            calls.append((np.add, (out[where], given, out[where])))
    return calls


def _tiled(images: Shape, size: Window, fit: Window) -> bool:
    return (fit[0] * size[0], fit[1] * size[1]) == images[-3:-1]


def _picked_shape(images: Shape, pooled: Shape, values: Shape, **_: Any) -> Shape:
    if values != images:
        raise GraphError("wanted a value for each number of the images")
    return pooled


def _picked(images: Array, pooled: Array, values: Array, size: Window, stride: int) -> Array:
    """Of `values`, the one at the place where each window first has its maximum: the transpose of `_spread`."""
    fit = windows(images.shape, size, stride)
    out, found = np.zeros_like(pooled), np.zeros(pooled.shape, bool)
    for where in _slices(size, stride, fit):
        here = (images[where] == pooled) & ~found
        out[here] = values[where][here]
        found |= here
    return out


def _run(calls: list[Call]) -> None:
    """The plain computation of what is easiest said as a kernel's calls, into new arrays."""
    for function, arguments in calls:
        function(*arguments)


register(
    Op(
        "patches",
        _patches_shape,
        _patches,
        lambda node, g: (unpatched(g, node.inputs[0].shape, **node.attributes),),
        _patches_kernel,
    )
)
register(
    Op(
        "unpatched",
        _unpatched_shape,
        _unpatched,
        lambda node, g: (patches(g, **{name: value for name, value in node.attributes.items() if name != "to"}),),
        _unpatched_kernel,
    )
)
register(
    Op(
        "max_pool",
        _pooled_shape,
        _max_pool,
        lambda node, g: (apply("spread", node.inputs[0], node, g, **node.attributes),),
        _max_pool_kernel,
    )
)
register(
    Op(
        "spread",
        _spread_shape,
        _spread,
        lambda node, g: (None, None, apply("picked", *node.inputs[:2], g, **node.attributes)),
        _spread_kernel,
    )
)
register(
    Op(
        "picked",
        _picked_shape,
        _picked,
        lambda node, g: (None, None, apply("spread", *node.inputs[:2], g, **node.attributes)),
    )
)
