"""What optimizers are written with: many arrays as one flat vector, and single numbers computed in double precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.shapes import reshape, rows
from engine.ops.table import register


def flat(parts: Sequence[Node]) -> Node:
    """All numbers of `parts` as one vector (p,), in a sweep (k, p), one part after the other. Plans make it without a copy."""
    return apply("flat", *parts, lead=len(parts[0].graph.leads[-1]))


def number(function: Callable[[float], float], a: Node) -> Node:
    """A function of one number, computed by Python in double precision: where 1 - 0.999 is not to lose four of seven digits.

    No gradient flows through it.
    """
    return apply("number", a, function=function)


def _flat_shape(*shapes: Shape, lead: int) -> Shape:
    if len({shape[:lead] for shape in shapes}) != 1 or any(len(shape) < lead for shape in shapes):
        raise GraphError(f"wanted parts that share their first {lead} axes")
    return (*shapes[0][:lead], sum(prod(shape[lead:]) for shape in shapes))


def _flat(*arrays: Array, lead: int) -> Any:
    return np.concatenate([array.reshape(*array.shape[:lead], -1) for array in arrays], axis=-1)


def _stretches(node: Node) -> list[tuple[int, int]]:
    stops = list(accumulate(prod(part.shape[node.attributes["lead"] :]) for part in node.inputs))
    return list(zip([0, *stops[:-1]], stops, strict=True))


def _places(node: Node, whole: Array) -> list[Array]:
    pairs = zip(_stretches(node), node.inputs, strict=True)
    return [whole[..., start:stop].reshape(part.shape) for (start, stop), part in pairs]


def _flat_gradient(node: Node, g: Node) -> list[Node]:
    upright = reshape(g, (*g.shape, 1))
    pairs = zip(_stretches(node), node.inputs, strict=True)
    return [reshape(rows(upright, start, stop), part.shape) for (start, stop), part in pairs]


def _single(shape: Shape, **_: Any) -> Shape:
    if shape:
        raise GraphError("wanted a single number, of shape ()")
    return shape


def _number(a: Array, function: Callable[[float], float]) -> Any:
    return np.array(function(float(a)), a.dtype)


def _number_kernel(out: Array, a: Array, function: Callable[[float], float]) -> list[Call]:
    def number() -> None:
        out[()] = function(a.item())

    return [(number, ())]


register(Op("flat", _flat_shape, _flat, _flat_gradient, places=_places))
register(Op("number", _single, _number, lambda node, g: (None,), _number_kernel, blocks=(0,), numberwise=True))
