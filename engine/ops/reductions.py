"""Sums, means, inner products and maxima over axes, which are counted from the end: -1 is the batch, -2 the features."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.shapes import broadcast_to, reshape
from engine.ops.table import register, sum_kernel

Axes = tuple[int, ...]
FEW = 3
"""The larger of so many rows is found row by row: a call of `maximum` costs a third of a reduction's."""


def total(a: Node, axes: Axes | int = (-2, -1), keepdims: bool = False) -> Node:
    """The sum over `axes`."""
    axes = (axes,) if isinstance(axes, int) else tuple(axes)
    return apply("total", a, axes=axes, keepdims=keepdims)


def mean(a: Node, axes: Axes | int = (-2, -1), keepdims: bool = False) -> Node:
    """The mean over `axes`."""
    summed = total(a, axes, keepdims)
    return summed * (prod(summed.shape) / prod(a.shape))


def inner(a: Node, b: Node, axes: Axes | int = (-2, -1)) -> Node:
    """The inner product over `axes`: the sum of a b, in one call where those are all there are."""
    return apply("inner", a, b, axes=(axes,) if isinstance(axes, int) else tuple(axes))


def greatest(a: Node, axis: int = -2) -> Node:
    """The largest along one axis, which stays with size one. A constant for gradients: it shifts exponents out of overflow."""
    return apply("greatest", a, axis=axis)


def kept(shape: Shape, axes: Axes) -> Shape:
    """The shape with `axes` of size one. Raises GraphError for an axis that it does not have, or that is named twice."""
    if len(set(axes)) != len(axes):
        raise GraphError(f"wanted each axis once, got {axes}")
    if any(not -len(shape) <= axis < 0 for axis in axes):
        raise GraphError(f"wanted axes from {-len(shape)} to -1, got {axes}")
    return tuple(1 if place - len(shape) in axes else size for place, size in enumerate(shape))


def _reduced(shape: Shape, axes: Axes, keepdims: bool) -> Shape:
    whole = kept(shape, axes)
    return whole if keepdims else tuple(size for place, size in enumerate(whole) if place - len(shape) not in axes)


def _total(a: Array, axes: Axes, keepdims: bool) -> Any:
    return np.asarray(a.sum(axis=axes, keepdims=keepdims))


def _total_kernel(out: Array, a: Array, axes: Axes, **_: bool) -> list[Call]:
    return sum_kernel(out, a, axes)


def _total_gradient(node: Node, g: Node) -> list[Node]:
    source = node.inputs[0].shape
    return [broadcast_to(reshape(g, kept(source, node.attributes["axes"])), source)]


def _inner_shape(a: Shape, b: Shape, axes: Axes) -> Shape:
    if a != b:
        raise GraphError("wanted two of one shape")
    return _reduced(a, axes, keepdims=False)


def _inner(a: Array, b: Array, axes: Axes) -> Any:
    return np.asarray((a * b).sum(axis=axes))


def _inner_kernel(out: Array, a: Array, b: Array, axes: Axes) -> list[Call]:
    if a.ndim == len(axes) and a.flags.c_contiguous and b.flags.c_contiguous:
        return [(a.reshape(-1).dot, (b.reshape(-1), out.reshape(())))]
    product = np.empty(a.shape, a.dtype)
    return [(np.multiply, (a, b, product)), *sum_kernel(out, product, axes)]


def _inner_gradient(node: Node, g: Node) -> list[Node | None]:
    """Of a square both parts are one, given once."""
    a, b = node.inputs
    spread = reshape(g, kept(a.shape, node.attributes["axes"])) if g.shape else g
    return [spread * 2.0 * a, None] if a is b else [spread * b, spread * a]


def _greatest_kernel(out: Array, a: Array, axis: int) -> list[Call]:
    if a.ndim == 2 and axis == -2 and 2 <= len(a) <= FEW:
        return [(np.maximum, (first, row, out[0])) for first, row in zip([a[0], *[out[0]] * FEW], a[1:], strict=False)]
    return [(np.maximum.reduce, (a, axis, None, out, True))]


register(Op("total", _reduced, _total, _total_gradient, _total_kernel))
register(Op("inner", _inner_shape, _inner, _inner_gradient, _inner_kernel))
register(
    Op(
        "greatest",
        lambda shape, axis: kept(shape, (axis,)),
        lambda a, axis: a.max(axis=axis, keepdims=True),
        lambda node, g: (None,),
        _greatest_kernel,
        blocks=(0,),
    )
)
