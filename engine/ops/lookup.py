"""Columns of a table looked up by number: the operation under an embedding."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.table import register


def gather(table: Node, numbers: Node) -> Node:
    """Column k of the table (features, entries) for each number k of (n,), whole numbers as the graph's type: (features, n).

    In a sweep the table may be one for each copy; the numbers are the same for all.
    A number outside 0 .. entries - 1 raises GraphError when the graph is run. The gradient adds up what each column is given.
    """
    return apply("gather", table, numbers, title=table.title)


def _gathered_shape(table: Shape, numbers: Shape, **_: str) -> Shape:
    if len(table) < 2 or len(numbers) != 1:
        raise GraphError("wanted a table (features, entries) and numbers (n,)")
    return (*table[:-1], *numbers)


def _scattered_shape(columns: Shape, numbers: Shape, entries: int, **_: str) -> Shape:
    if len(columns) < 2 or columns[-1:] != numbers:
        raise GraphError("wanted a column (features, n) for each number (n,)")
    return (*columns[:-1], entries)


def _whole(numbers: Array, entries: int, title: str) -> Any:
    places = numbers.astype(np.intp)
    if places.size and not (places.min() >= 0 and places.max() < entries):
        wrong = places[(places < 0) | (places >= entries)][0]
        raise GraphError(f"gather from {title!r}: got number {wrong}, wanted 0 to {entries - 1}")
    return places


def _gather(table: Array, numbers: Array, title: str) -> Any:
    return table[..., _whole(numbers, table.shape[-1], title)]


def _gather_kernel(out: Array, table: Array, numbers: Array, title: str) -> list[Call]:
    entries = table.shape[-1]

    def gather() -> None:
        table.take(_whole(numbers, entries, title), -1, out, "clip")

    return [(gather, ())]


def _scatter(columns: Array, numbers: Array, title: str, entries: int) -> Any:
    chosen = np.zeros((numbers.size, entries), columns.dtype)
    chosen[np.arange(numbers.size), _whole(numbers, entries, title)] = 1
    return columns @ chosen


def _scatter_kernel(out: Array, columns: Array, numbers: Array, title: str, entries: int) -> list[Call]:
    """A product with rows of a single one: at the sizes of a small vocabulary faster than adding number by number."""
    chosen, samples = np.zeros((numbers.size, entries), out.dtype), np.arange(numbers.size)

    def choose() -> None:
        chosen.fill(0)
        chosen[samples, _whole(numbers, entries, title)] = 1

    return [(choose, ()), (np.matmul, (columns, chosen, out))]


def _gather_gradient(node: Node, g: Node) -> list[Node | None]:
    table, numbers = node.inputs
    return [apply("scatter", g, numbers, title=node.attributes["title"], entries=table.shape[-1]), None]


def _scatter_gradient(node: Node, g: Node) -> list[Node | None]:
    return [apply("gather", g, node.inputs[1], title=node.attributes["title"]), None]


register(Op("gather", _gathered_shape, _gather, _gather_gradient, _gather_kernel, blocks=(1,)))
register(Op("scatter", _scattered_shape, _scatter, _scatter_gradient, _scatter_kernel, blocks=(1,)))
