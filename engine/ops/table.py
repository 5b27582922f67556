"""How an entry gets into the table, and the rules that many entries share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from engine.graph import TABLE, Array, Call, GraphError, Op, Shape


def register(op: Op) -> None:
    """Puts an entry into the table. Raises GraphError when the name is taken."""
    if op.name in TABLE:
        raise GraphError(f"operation {op.name!r}: the name is taken")
    TABLE[op.name] = op


def same(shape: Shape) -> Shape:
    """The shape rule of whatever works number by number."""
    return shape


@lru_cache(1024)
def broadcast(first: Shape, second: Shape) -> Shape:
    """NumPy's rule for two shapes, which come again from layer to layer."""
    if first == second or not second:
        return first
    try:
        return np.broadcast_shapes(first, second)
    except ValueError:
        raise GraphError("wanted shapes that broadcast to one") from None


def ufunc_kernel(ufunc: Callable[..., Any]) -> Callable[..., list[Call]]:
    """The kernel of a NumPy ufunc: one call. `out` is given by place, which NumPy parses fastest."""

    def kernel(out: Array, *arrays: Array) -> list[Call]:
        return [(ufunc, (*arrays, out))]

    return kernel


def resized(shape: Shape, axis: int, size: int) -> Shape:
    """The shape with another size along one axis, counted from the end. Raises GraphError when it has no such axis."""
    if not -len(shape) <= axis < 0:
        raise GraphError(f"wanted an axis from {-len(shape)} to -1, got {axis}")
    place = len(shape) + axis
    return (*shape[:place], size, *shape[place + 1 :])


def sum_kernel(out: Array, a: Array, axes: Sequence[int]) -> list[Call]:
    """The sum of `a` over `axes`, counted from the end, into `out`, which may have left them out.

    Axes that are neighbours are summed by a product with ones: its call costs a third of a reduction's at the sizes of a small
    network, and over axes in the middle its numbers take a fifth of the time.
    """
    first, last = min(axes) + a.ndim, max(axes) + a.ndim
    straight = a.flags.c_contiguous or (a.ndim == 2 and len(axes) == 1)
    if not straight or not out.flags.c_contiguous or last - first + 1 != len(axes):
        return [(np.add.reduce, (a, tuple(axes), None, out, out.ndim == a.ndim))]
    before, size, after = (prod(part) for part in (a.shape[:first], a.shape[first : last + 1], a.shape[last + 1 :]))
    ones = np.ones(size, a.dtype)
    if after == 1 and before == 1:
        return [(a.reshape(size).dot, (ones, out.reshape(())))]
    if after == 1:
        return [(a.reshape(before, size).dot, (ones, out.reshape(before)))]
    if before == 1:
        return [(ones.dot, (a.reshape(size, after), out.reshape(after)))]
    return [(np.matmul, (ones[None], a.reshape(before, size, after), out.reshape(before, 1, after)))]


_FILLED: WeakValueDictionary[tuple[Shape, float, str], Array] = WeakValueDictionary()


def filled(shape: Shape, value: float, dtype: np.dtype[Any]) -> Array:
    """An array of one number, which kernels share and never write: NumPy takes the larger of two arrays in a third of the time
    that it takes for an array and one number.
    """
    key = (shape, value, dtype.str)
    array = _FILLED.get(key)
    if array is None:
        _FILLED[key] = array = np.full(shape, value, dtype)
        array.flags.writeable = False
    return array
