"""Arrays with named axes: their order changed, and the product of two summed over one of them, as attention is written.

A letter stands for an axis; axes in front of those that have letters, a sweep's copies, stay there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.shapes import total_to
from engine.ops.table import broadcast, register


def permute(a: Node, spec: str) -> Node:
    """The same numbers with their axes in another order, `permute(a, "dnk->ndk")`: a view."""
    return apply("permute", a, spec=spec)


def contract(a: Node, b: Node, spec: str) -> Node:
    """The product of two arrays summed over an axis that they share, as `np.einsum` writes it (Einstein, 1916).

    Of queries and keys by head, feature, sample and step `contract(keys, queries, "hdnk,hdnq->khnq")` makes a score for each
    pair. One letter is in both and not in the result, one in each of them alone; any others are in all three. The axes may come
    in any order: it is one matrix product for each place along the axes of all three, on turned views.
    """
    return apply("contract", a, b, spec=spec)


class _Axes(NamedTuple):
    """A contraction's letters: those of both operands and of the result, in order, and what each is for."""

    a: str
    b: str
    out: str
    batch: str
    mine: str
    theirs: str
    summed: str

    @property
    def matrices(self) -> tuple[str, str, str]:
        """The order of axes in which operands and result are stacks of matrices."""
        batch = self.batch
        return batch + self.mine + self.summed, batch + self.summed + self.theirs, batch + self.mine + self.theirs


@lru_cache(1024)
def _parsed(spec: str) -> _Axes:
    operands, _, out = spec.partition("->")
    a, _, b = operands.partition(",")
    both = set(a) & set(b)
    batch, mine, theirs = ("".join(letter for letter in out if letter in of) for of in (both, set(a) - both, set(b) - both))
    summed = "".join(letter for letter in a if letter in both and letter not in out)
    axes = _Axes(a, b, out, batch, mine, theirs, summed)
    sound = len(mine) == len(theirs) == len(summed) == 1 and (a + b + out).isalpha()
    if not sound or any(sorted(names) != sorted(order) for names, order in zip(axes, axes.matrices, strict=False)):
        wanted = 'as in "hdnk,hdnq->khnq": one letter summed, one kept of each side, any others in all three'
        raise GraphError(f"wanted a spec {wanted}, got {spec!r}")
    return axes


@lru_cache(1024)
def _order(names: str, order: str, axes: int) -> tuple[int, ...]:
    """How to transpose an array of so many axes, the last of which are `names`, so that these come in `order`."""
    front = axes - len(names)
    return (*range(front), *(front + names.index(letter) for letter in order))


def _permuted_spec(spec: str) -> tuple[str, str]:
    names, _, order = spec.partition("->")
    if not names.isalpha() or len(set(names)) != len(names) or sorted(names) != sorted(order):
        raise GraphError(f'wanted a spec as in "dnk->ndk", each letter once on either side, got {spec!r}')
    return names, order


def _permuted_shape(shape: Shape, spec: str) -> Shape:
    names, order = _permuted_spec(spec)
    if len(shape) < len(names):
        raise GraphError(f"wanted axes {names}, got {len(shape)} of them")
    return tuple(shape[place] for place in _order(names, order, len(shape)))


def _permute(a: Array, spec: str) -> Any:
    return a.transpose(_order(*_permuted_spec(spec), a.ndim))


def _permute_gradient(node: Node, g: Node) -> list[Node]:
    names, order = _permuted_spec(node.attributes["spec"])
    return [permute(g, f"{order}->{names}")]


def _contracted_shape(a: Shape, b: Shape, spec: str) -> Shape:
    axes = _parsed(spec)
    sizes: dict[str, int] = {}
    for names, shape in ((axes.a, a), (axes.b, b)):
        if len(shape) < len(names):
            raise GraphError(f"wanted axes {names}, got {len(shape)} of them")
        for letter, size in zip(names, shape[len(shape) - len(names) :], strict=True):
            if sizes.setdefault(letter, size) != size:
                raise GraphError(f"wanted axis {letter!r} of {spec!r} to have one size, got {sizes[letter]} and {size}")
    front = broadcast(a[: len(a) - len(axes.a)], b[: len(b) - len(axes.b)])
    return (*front, *(sizes[letter] for letter in axes.out))


def _contract_kernel(out: Array, a: Array, b: Array, spec: str) -> list[Call]:
    axes = _parsed(spec)
    named: Sequence[tuple[Array, str, str]] = list(zip((a, b, out), axes[:3], axes.matrices, strict=True))
    return [(np.matmul, tuple(array.transpose(_order(names, order, array.ndim)) for array, names, order in named))]


def _contract(a: Array, b: Array, spec: str) -> Any:
    axes = _parsed(spec)
    return np.einsum(f"...{axes.a},...{axes.b}->...{axes.out}", a, b)


def _contract_gradient(node: Node, g: Node) -> list[Node]:
    """Contractions again."""
    a, b = node.inputs
    axes = _parsed(node.attributes["spec"])
    return [
        total_to(contract(g, b, f"{axes.out},{axes.b}->{axes.a}"), a.shape),
        total_to(contract(a, g, f"{axes.a},{axes.out}->{axes.b}"), b.shape),
    ]


register(Op("permute", _permuted_shape, _permute, _permute_gradient, view=True))
register(Op("contract", _contracted_shape, _contract, _contract_gradient, _contract_kernel))
