"""Operations that only rearrange: views where NumPy can, copies where it must. They carry no numbers of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.table import broadcast, register, resized, same, sum_kernel


def transpose(a: Node) -> Node:
    """The last two axes exchanged; the transpose of a transpose is the node itself."""
    return a.inputs[0] if a.op == "transpose" else apply("transpose", a)


def reshape(a: Node, shape: Shape) -> Node:
    """The same numbers in another shape."""
    return a if a.shape == shape else apply("reshape", a, to=tuple(shape))


def broadcast_to(a: Node, shape: Shape) -> Node:
    """The same numbers repeated, stride zero, along axes of size one or in front."""
    return a if a.shape == shape else apply("broadcast_to", a, to=tuple(shape))


def total_to(a: Node, shape: Shape) -> Node:
    """The inverse of broadcasting: summed over the axes that broadcasting to `a.shape` would repeat."""
    return a if a.shape == shape else apply("total_to", a, to=tuple(shape))


def rows(a: Node, start: int, stop: int, axis: int = -2) -> Node:
    """Places `start` to `stop` of an axis, unless told of the features. Rows of a stack made by `padded` are looked up in it."""
    if axis != -2:
        whole = _axis_as_rows("rows", a, axis)
        return reshape(rows(whole, start, stop), resized(a.shape, axis, stop - start))
    if a.op == "padded" and a.attributes["start"] == start and a.inputs[0].shape[-2] == stop - start:
        return a.inputs[0]
    return apply("rows", a, start=start, stop=stop)


def padded(a: Node, start: int, size: int) -> Node:
    """`a` as rows `start` onward of `size` rows, the others zero: the gradient of `rows`."""
    return a if a.shape[-2] == size else apply("padded", a, start=start, size=size)


def joined(a: Node, b: Node) -> Node:
    """The sum; where both are a few rows among zeros, and not the same rows, the rows set side by side instead."""
    if a.shape != b.shape or not {a.op, b.op} <= {"padded", "assembled"}:
        return apply("add", a, b)
    seats = sorted([*_seats(a), *_seats(b)], key=lambda seat: seat[0])
    stops = [start + part.shape[-2] for start, part in seats]
    if any(stop > start for stop, (start, _) in zip(stops, seats[1:], strict=False)):
        return apply("add", a, b)
    starts, parts = tuple(start for start, _ in seats), [part for _, part in seats]
    if sum(part.shape[-2] for part in parts) == a.shape[-2]:
        return concatenate(parts)
    return apply("assembled", *parts, starts=starts, size=a.shape[-2])


def with_ones(a: Node) -> Node:
    """`a` with one more row, of ones, which carries a layer's bias. Plans make it without a copy."""
    return apply("with_ones", a)


def concatenate(parts: Sequence[Node], axis: int = -2) -> Node:
    """Set one after the other along an axis, by default along the features."""
    if not parts:
        raise GraphError("concatenate: got no parts, wanted at least one")
    if axis != -2:
        stacks = [_axis_as_rows("concatenate", part, axis) for part in parts]
        if len({resized(part.shape, axis, 0) for part in parts}) != 1:
            got = ", ".join(f"{part.title} {part.shape}" for part in parts)
            raise GraphError(f"concatenate: got {got}; wanted parts that differ only in axis {axis}")
        return reshape(concatenate(stacks), resized(parts[0].shape, axis, sum(part.shape[axis] for part in parts)))
    return apply("concatenate", *parts) if len(parts) > 1 else parts[0]


def _axis_as_rows(op: str, a: Node, axis: int) -> Node:
    """`a` with `axis` as its last but one: those behind it are made one."""
    if not -len(a.shape) <= axis < 0:
        raise GraphError(f"{op}: got {a.title} {a.shape} and axis {axis}; wanted an axis from {-len(a.shape)} to -1")
    behind = len(a.shape) + axis + 1
    return reshape(a, (*a.shape[:behind], prod(a.shape[behind:])))


def detach(a: Node) -> Node:
    """The value, through which no gradient flows."""
    return apply("detach", a)


def with_gradient(value: Node, sources: Sequence[Node], rule: Callable[[Node], Sequence[Node | None]]) -> Node:
    """The value, with a gradient of its own: `rule(upstream)` gives a node for each source.

    For losses whose gradient is simpler than that of the expression they are computed by. The rule is in graph terms, so it can
    be differentiated again.
    """
    node = apply("custom", value, *sources)
    node.rule = lambda _, upstream: (None, *rule(upstream))
    return node


def _swap(a: Array) -> Any:
    return np.swapaxes(a, -1, -2)


def _transposed(shape: Shape) -> Shape:
    if len(shape) < 2:
        raise GraphError("wanted at least two axes")
    return (*shape[:-2], shape[-1], shape[-2])


def _reshaped(shape: Shape, to: Shape) -> Shape:
    if np.prod(shape, dtype=int) != np.prod(to, dtype=int):
        raise GraphError(f"wanted as many numbers as shape {to} holds")
    return to


def _reshape_kernel(out: Array, a: Array, **_: Shape) -> list[Call]:
    """For what cannot be viewed in another shape, such as a transpose: read through `out`, which can."""
    return [(np.copyto, (out.reshape(a.shape), a))]


def _broadcast(shape: Shape, to: Shape) -> Shape:
    if broadcast(shape, to) != to:
        raise GraphError(f"wanted a shape that broadcasts to {to}")
    return to


def _broadcast_to(a: Array, to: Shape) -> Any:
    return np.broadcast_to(a, to)


def _repeated_axes(shape: Shape, to: Shape) -> tuple[int, ...]:
    """The axes of `shape` that broadcasting from `to` has added or repeated."""
    padded_to = (1,) * (len(shape) - len(to)) + to
    return tuple(axis for axis, (long, short) in enumerate(zip(shape, padded_to, strict=True)) if short == 1 != long)


def _total_to(a: Array, to: Shape) -> Any:
    return a.sum(axis=_repeated_axes(a.shape, to), keepdims=True).reshape(to)


def _total_to_kernel(out: Array, a: Array, to: Shape) -> list[Call]:
    axes = _repeated_axes(a.shape, to)
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(a.shape))
    return sum_kernel(out.reshape(kept), a, [axis - a.ndim for axis in axes])


def _rows(a: Array, start: int, stop: int) -> Any:
    return a[..., start:stop, :]


def _rows_shape(shape: Shape, start: int, stop: int) -> Shape:
    if len(shape) < 2 or not 0 <= start < stop <= shape[-2]:
        raise GraphError(f"wanted rows within the feature axis, got {start}:{stop}")
    return (*shape[:-2], stop - start, shape[-1])


def _padded(a: Array, start: int, size: int) -> Any:
    whole = np.zeros((*a.shape[:-2], size, a.shape[-1]), a.dtype)
    whole[..., start : start + a.shape[-2], :] = a
    return whole


def _padded_kernel(out: Array, a: Array, start: int, **_: int) -> list[Call]:
    part = out[..., start : start + a.shape[-2], :]
    return [(out.fill, (0,)), (np.copyto, (part, a))]


def _seats(node: Node) -> list[tuple[int, Node]]:
    """The rows of a stack: where each part begins."""
    starts = (node.attributes["start"],) if node.op == "padded" else node.attributes["starts"]
    return list(zip(starts, node.inputs, strict=True))


def _assembled_shape(*shapes: Shape, starts: tuple[int, ...], size: int) -> Shape:
    stops = [start + shape[-2] for start, shape in zip(starts, shapes, strict=True)]
    if any(stop > start for stop, start in zip(stops, (*starts[1:], size), strict=True)):
        raise GraphError(f"wanted parts one after the other within {size} rows, got them at {starts}")
    return (*_stacked(*shapes)[:-2], size, shapes[0][-1])


def _assembled(*arrays: Array, starts: tuple[int, ...], size: int) -> Any:
    whole = np.zeros((*arrays[0].shape[:-2], size, arrays[0].shape[-1]), arrays[0].dtype)
    for start, a in zip(starts, arrays, strict=True):
        whole[..., start : start + a.shape[-2], :] = a
    return whole


def _assembled_kernel(out: Array, *arrays: Array, starts: tuple[int, ...], **_: int) -> list[Call]:
    parts = zip(starts, arrays, strict=True)
    return [(out.fill, (0,)), *((np.copyto, (out[..., start : start + a.shape[-2], :], a)) for start, a in parts)]


def _assembled_gradient(node: Node, g: Node) -> list[Node]:
    return [rows(g, start, start + part.shape[-2]) for start, part in _seats(node)]


def _with_ones(a: Array) -> Any:
    return np.concatenate([a, np.ones((*a.shape[:-2], 1, a.shape[-1]), a.dtype)], axis=-2)


def _with_ones_kernel(out: Array, a: Array) -> list[Call]:
    return [(np.copyto, (out[..., :-1, :], a)), (out[..., -1, :].fill, (1,))]


def _stacked(*shapes: Shape) -> Shape:
    if len({(shape[:-2], shape[-1]) for shape in shapes}) != 1:
        raise GraphError("wanted parts that differ only in their feature axis")
    return (*shapes[0][:-2], sum(shape[-2] for shape in shapes), shapes[0][-1])


def _concatenate(*arrays: Array) -> Any:
    return np.concatenate(arrays, axis=-2)


def _concatenate_kernel(out: Array, *arrays: Array) -> list[Call]:
    stops = np.cumsum([array.shape[-2] for array in arrays])
    return [(np.copyto, (out[..., stop - a.shape[-2] : stop, :], a)) for a, stop in zip(arrays, stops, strict=True)]


def _concatenate_starts(node: Node) -> list[int]:
    sizes = [part.shape[-2] for part in node.inputs]
    return [sum(sizes[:place]) for place in range(len(sizes))]


def _rows_at(starts: Callable[[Node], Sequence[int]]) -> Callable[[Node, Array], list[Array]]:
    """The places of inputs that begin at these rows."""

    def places(node: Node, whole: Array) -> list[Array]:
        pairs = zip(starts(node), node.inputs, strict=True)
        return [whole[..., start : start + part.shape[-2], :] for start, part in pairs]

    return places


def _concatenate_gradient(node: Node, g: Node) -> list[Node]:
    pairs = zip(node.inputs, _concatenate_starts(node), strict=True)
    return [_share(g, start, start + part.shape[-2]) for part, start in pairs]


def _share(g: Node, start: int, stop: int) -> Node:
    """Rows of a product as the product of rows, so that those which nobody wants are not computed."""
    if g.op != "matmul":
        return rows(g, start, stop)
    left, right = g.inputs
    return apply("matmul", rows(left, start, stop), right)


def _custom_gradient(node: Node, g: Node) -> Sequence[Node | None]:
    assert node.rule is not None
    return node.rule(node, g)


def _identity(a: Array, *_: Array) -> Any:
    return a


def _back_to_input(function: Callable[[Node, Shape], Node]) -> Callable[[Node, Node], Sequence[Node | None]]:
    return lambda node, g: (function(g, node.inputs[0].shape),)


register(Op("transpose", _transposed, _swap, lambda node, g: (transpose(g),), view=True))
register(Op("reshape", _reshaped, lambda a, to: a.reshape(to), _back_to_input(reshape), _reshape_kernel, view=True))
register(Op("broadcast_to", _broadcast, _broadcast_to, _back_to_input(total_to), view=True))
register(Op("total_to", lambda shape, to: to, _total_to, _back_to_input(broadcast_to), _total_to_kernel))
register(
    Op(
        "rows",
        _rows_shape,
        _rows,
        lambda node, g: (padded(g, node.attributes["start"], node.inputs[0].shape[-2]),),
        view=True,
    )
)
register(
    Op(
        "padded",
        lambda shape, start, size: (*shape[:-2], size, shape[-1]),
        _padded,
        lambda node, g: (rows(g, node.attributes["start"], node.attributes["start"] + node.inputs[0].shape[-2]),),
        _padded_kernel,
        places=_rows_at(lambda node: (node.attributes["start"],)),
        rest=0.0,
    )
)
register(
    Op(
        "with_ones",
        lambda shape: (*shape[:-2], shape[-2] + 1, shape[-1]),
        _with_ones,
        lambda node, g: (rows(g, 0, node.inputs[0].shape[-2]),),
        _with_ones_kernel,
        places=_rows_at(lambda node: (0,)),
        rest=1.0,
    )
)
register(
    Op("concatenate", _stacked, _concatenate, _concatenate_gradient, _concatenate_kernel, places=_rows_at(_concatenate_starts))
)
register(
    Op(
        "assembled",
        _assembled_shape,
        _assembled,
        _assembled_gradient,
        _assembled_kernel,
        places=_rows_at(lambda node: node.attributes["starts"]),
        rest=0.0,
    )
)
register(Op("detach", same, _identity, lambda node, g: (None,), view=True, blocks=(0,), repeats=True))
register(Op("custom", lambda shape, *_: shape, _identity, _custom_gradient, view=True, blocks=(0,), repeats=True))
