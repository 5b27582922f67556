"""Softmax along an axis, of what a mask lets through, and its slope: each a few calls on one buffer."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.reductions import kept, total
from engine.ops.table import broadcast, filled, register, sum_kernel

LEAST = -60.0
"""Exponents are cut off here: exp(-60) is nothing beside 1, while exp(-90) is denormal in float32, and with denormal numbers some
processors are ten times slower and more.
"""
NEVER = 1e30
"""What is masked loses this much, more than any logit: its exponential is exactly 0."""


def softmax(a: Node, axis: int = -2, mask: Node | Array | None = None) -> Node:
    """exp(a) over its sum along `axis`, less the largest first, so that nothing overflows.

    `mask` broadcasts to `a`: 1 for what counts, 0 for what gets exactly 0. Where nothing counts, all are 0.
    An axis outermost in memory is fastest: to find the largest along the last takes ten times as long and more.
    """
    if mask is None:
        return apply("softmax", a, axis=axis)
    if not isinstance(mask, Node) and not np.isin(mask, (0, 1)).all():
        raise GraphError(f"softmax of {a.title}: got a mask with {np.setdiff1d(mask, (0, 1))[0]:g}, wanted 0 and 1 alone")
    penalty = (mask - 1.0) * NEVER
    return apply("softmax", a, penalty, penalty + LEAST, axis=axis)


def _softmax_shape(a: Shape, *masking: Shape, axis: int) -> Shape:
    kept(a, (axis,))
    if any(broadcast(a, shape) != a for shape in masking):
        raise GraphError(f"wanted a mask that broadcasts to {a}")
    return a


def _slope_shape(y: Shape, g: Shape, axis: int) -> Shape:
    kept(y, (axis,))
    if y != g:
        raise GraphError("wanted two of one shape")
    return y


def _softmax(a: Array, *masking: Array, axis: int) -> Any:
    counts = masking[0] == 0 if masking else np.True_
    largest = a.max(axis, keepdims=True, where=counts, initial=-NEVER)
    grown = np.where(counts, np.exp(np.minimum(a - largest, 0)), a.dtype.type(0))
    return grown / np.maximum(grown.sum(axis, keepdims=True), np.finfo(a.dtype).tiny)


def _softmax_kernel(out: Array, a: Array, *masking: Array, axis: int) -> list[Call]:
    row = np.empty(kept(a.shape, (axis,)), out.dtype)
    shifted: list[Call] = [(np.maximum.reduce, (a, axis, None, row, True)), (np.subtract, (a, row, out))]
    floor = filled(out.shape, LEAST, out.dtype)
    safe: list[Call] = []
    if masking:
        penalty, floor = masking
        shifted = [
            (np.add, (a, penalty, out)),
            (np.maximum.reduce, (out, axis, None, row, True)),
            (np.maximum, (row, np.array(-NEVER / 10, out.dtype), row)),
            (np.subtract, (out, row, out)),
        ]
        safe = [(np.maximum, (row, np.finfo(out.dtype).tiny, row))]
    grown: list[Call] = [(np.maximum, (out, floor, out)), (np.exp, (out, out)), *sum_kernel(row, out, (axis,)), *safe]
    return [*shifted, *grown, (np.reciprocal, (row, row)), (np.multiply, (out, row, out))]


def _slope(y: Array, g: Array, axis: int) -> Any:
    return y * (g - (y * g).sum(axis, keepdims=True))


def _slope_kernel(out: Array, y: Array, g: Array, axis: int) -> list[Call]:
    row = np.empty(kept(y.shape, (axis,)), out.dtype)
    weighted: list[Call] = [(np.multiply, (y, g, out)), *sum_kernel(row, out, (axis,))]
    return [*weighted, (np.subtract, (g, row, out)), (np.multiply, (out, y, out))]


def _softmax_gradient(node: Node, g: Node) -> list[Node | None]:
    return [apply("softmax_slope", node, g, axis=node.attributes["axis"]), *[None] * (len(node.inputs) - 1)]


def _slope_gradient(node: Node, u: Node) -> list[Node]:
    """Of z = y (g - s), where s is the sum of y g: by y it is u (g - s) - g sum(u y), by g the slope once more."""
    y, g = node.inputs
    axis = node.attributes["axis"]
    s, t = (total(y * other, axis, keepdims=True) for other in (g, u))
    return [u * (g - s) - g * t, apply("softmax_slope", y, u, axis=axis)]


register(Op("softmax", _softmax_shape, _softmax, _softmax_gradient, _softmax_kernel, blocks=(1, 2)))
register(Op("softmax_slope", _slope_shape, _slope, _slope_gradient, _slope_kernel))
