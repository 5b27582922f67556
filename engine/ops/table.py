"""How an entry gets into the table, and the rules that many entries share."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

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
