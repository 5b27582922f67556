"""Columns of a table looked up by number: the operation under an embedding."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.table import register, resized


def gather(table: Node, numbers: Node, axis: int = -1) -> Node:
    """Column k of the table (features, entries) for each number k of (n,), whole numbers as the graph's type: (features, n).

    With `axis`, the places to look up are along that axis of a table of any shape, and the answer has n of them there.

    In a sweep the table may be one for each copy; the numbers are the same for all.
    A number outside 0 .. entries - 1 raises GraphError when the graph is run. The gradient adds up what each column is given.
    """
    return apply("gather", table, numbers, title=table.title, axis=axis)


def _gathered_shape(table: Shape, numbers: Shape, axis: int, **_: str) -> Shape:
    if len(table) < 2 or len(numbers) != 1:
        raise GraphError("wanted a table (features, entries) and numbers (n,)")
    return resized(table, axis, *numbers)


def _scattered_shape(columns: Shape, numbers: Shape, entries: int, axis: int, **_: str) -> Shape:
    whole = resized(columns, axis, entries)
    if len(columns) < 2 or columns[axis:][:1] != numbers:
        raise GraphError("wanted a column (features, n) for each number (n,)")
    return whole


def _whole(numbers: Array, entries: int, title: str) -> Any:
    places = numbers.astype(np.intp)
    if places.size and not (places.min() >= 0 and places.max() < entries):
        wrong = places[(places < 0) | (places >= entries)][0]
        raise GraphError(f"gather from {title!r}: got number {wrong}, wanted 0 to {entries - 1}")
    return places


def _gather(table: Array, numbers: Array, title: str, axis: int) -> Any:
    return table.take(_whole(numbers, table.shape[axis], title), axis)


def _gather_kernel(out: Array, table: Array, numbers: Array, title: str, axis: int) -> list[Call]:
    entries = table.shape[axis]

    def gather() -> None:
        table.take(_whole(numbers, entries, title), axis, out, "clip")

    return [(gather, ())]


def _scatter(columns: Array, numbers: Array, title: str, entries: int, axis: int) -> Any:
    chosen = np.zeros((numbers.size, entries), columns.dtype)
    chosen[np.arange(numbers.size), _whole(numbers, entries, title)] = 1
    return (columns.swapaxes(axis, -1) @ chosen).swapaxes(axis, -1)


def _scatter_kernel(out: Array, columns: Array, numbers: Array, *, title: str, entries: int, axis: int) -> list[Call]:
    """A product with rows of a single one: at the sizes of a small vocabulary faster than adding number by number."""
    chosen, samples = np.zeros((numbers.size, entries), out.dtype), np.arange(numbers.size)

    def choose() -> None:
        chosen.fill(0)
        chosen[samples, _whole(numbers, entries, title)] = 1

    return [(choose, ()), (np.matmul, (columns.swapaxes(axis, -1), chosen, out.swapaxes(axis, -1)))]


def _gather_gradient(node: Node, g: Node) -> list[Node | None]:
    table, numbers = node.inputs
    title, axis = node.attributes["title"], node.attributes["axis"]
    return [apply("scatter", g, numbers, title=title, entries=table.shape[axis], axis=axis), None]


def _scatter_gradient(node: Node, g: Node) -> list[Node | None]:
    return [apply("gather", g, node.inputs[1], title=node.attributes["title"], axis=node.attributes["axis"]), None]


register(Op("gather", _gathered_shape, _gather, _gather_gradient, _gather_kernel, blocks=(1,)))
register(Op("scatter", _scattered_shape, _scatter, _scatter_gradient, _scatter_kernel, blocks=(1,)))
