"""What is taken away before a plan is made: constants are folded, equal expressions shared, dead code left out.

The visitor's graph stays as it was written; the passes write a smaller one beside it, with a fresh node for each whose
inputs have changed, and say which stands for which. `x * 0` is not folded: x may be infinite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.graph import TABLE, Graph, Node, ordering
from engine.pieces import each, whole

FOLD_AT_MOST = 1 << 16
"""Larger constants are not folded: repeating one number a million times saves no time worth the memory."""


PASSES = ("identity", "folded", "shared")
"""What is looked for at each node, in this order. What is dead is left out at the end."""


def simplified(outputs: Sequence[Node], passes: Collection[str] = PASSES) -> Simplified:
    """The outputs and what they stand on, made smaller; `passes` leaves some out, to see what each one does."""
    return whole(simplifying(outputs, passes))


def simplifying(outputs: Sequence[Node], passes: Collection[str] = PASSES) -> Generator[None, None, Simplified]:
    """The same in pieces."""
    small = Simplified(outputs[0].graph.dtype if outputs else np.float32, passes)
    yield from small.simplify(outputs)
    return small


class Simplified:
    """The smaller graph: `stand_in[node]` for each original node, and `removed`, how many nodes each pass took away.

    `fates` are the original nodes that a pass took, in order.
    """

    def __init__(self, dtype: npt.DTypeLike, passes: Collection[str]) -> None:
        self.fates: list[tuple[str, Node]] = []
        self._passes = passes
        self.stand_in: dict[Node, Node] = {}
        self.removed: Counter[str] = Counter()
        self.order: list[Node] = []
        self._scratch = Graph(dtype)
        self._known: dict[Any, Node] = {}
        self._constants: set[Node] = set()

    def simplify(self, outputs: Sequence[Node]) -> Generator[None, None, None]:
        """Takes the outputs through the passes, in pieces."""
        yield from each(self._take, (yield from ordering(outputs)))
        self.order = yield from ordering([self.stand_in[node] for node in outputs])
        self.removed.update(fate for fate, _ in self.fates)
        self.removed["dead"] = len(set(self.stand_in.values())) - len(self.order)

    def stands_for(self, among: Iterable[Node] | None = None) -> dict[Node, Node]:
        """The nodes that are left, in order, each with the first of the original nodes that it stands for; of those `among`."""
        first: dict[Node, Node] = {}
        for original in self.stand_in if among is None else among:
            if original in self.stand_in:
                first.setdefault(self.stand_in[original], original)
        return {node: first[node] for node in self.order if node in first}

    def _take(self, node: Node) -> None:
        self.stand_in[node] = self._simplified(node)

    def _simplified(self, node: Node) -> Node:
        if node.op == "constant":
            return self._constant(node, node)
        if not node.inputs:
            return node
        inputs = tuple([self.stand_in[source] for source in node.inputs])
        same = _identity(node, inputs) if "identity" in self._passes else None
        if same is not None:
            self.fates.append(("identity", node))
            return same
        if "folded" in self._passes and self._constants.issuperset(inputs) and prod(node.shape) <= FOLD_AT_MOST:
            self.fates.append(("folded", node))
            return self._constant(node, self._folded(node, inputs))
        kept = inputs == node.inputs
        fresh = node if kept else Node(self._scratch, node.op, inputs, node.shape, node.name, **node.attributes)
        return self._shared(node, fresh, (node.op, inputs, tuple(node.attributes.items())))

    def _folded(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        value = TABLE[node.op].compute(*(source.attributes["value"] for source in inputs), **node.attributes)
        array = np.array(value, dtype=self._scratch.dtype)
        return Node(self._scratch, "constant", (), node.shape, node.name, value=array)

    def _constant(self, node: Node, fresh: Node) -> Node:
        shared = self._shared(node, fresh, ("constant", fresh.shape, fresh.attributes["value"].tobytes()))
        self._constants.add(shared)
        return shared

    def _shared(self, node: Node, fresh: Node, key: Any) -> Node:
        """The node that `key` says all of, if there is one already; `node` is the original."""
        if "shared" not in self._passes:
            return fresh
        if key in self._known:
            self.fates.append(("shared", node))
            return self._known[key]
        self._known[key] = fresh
        return fresh


def _identity(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """The input a node merely repeats: a gradient's detour, a factor of one."""
    op = TABLE[node.op]
    if op.neutral is not None:
        for one, other in (inputs, inputs[::-1]):
            if one.op == "constant" and other.shape == node.shape and (one.attributes["value"] == op.neutral).all():
                return other
    return inputs[0] if op.repeats else None
