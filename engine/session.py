"""A session: the values of a graph's variables, the plans that change them, and the interpreter they are checked against."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.graph import TABLE, Array, Graph, GraphError, Node, topological_order
from engine.passes import PASSES
from engine.pieces import whole
from engine.plan import Plan, planning
from engine.updates import Assign, Update
from engine.values import Values


class Session:
    """The variables of a graph as they stand now.

    All trainable ones are views of one flat vector `values`, shape (p,) or in a sweep (k, p), so that an optimizer is a handful
    of calls however many layers there are. Variables made after the session are unknown to it.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._values = Values(graph)
        self.values: Array = self._values.flat

    def plan(
        self,
        outputs: Sequence[Node],
        updates: Sequence[Update | Assign] = (),
        averaged: Update | None = None,
        passes: Collection[str] = PASSES,
    ) -> Plan:
        """Compiles outputs and updates; with `averaged`, an update that keeps an average of its weights, outputs are by that.

        `passes` leaves some of the graph's passes out, to see what each one is good for.
        """
        return whole(self.planning(outputs, updates, averaged, passes))

    def planning(
        self,
        outputs: Sequence[Node],
        updates: Sequence[Update | Assign] = (),
        averaged: Update | None = None,
        passes: Collection[str] = PASSES,
    ) -> Generator[None, None, Plan]:
        """The same in pieces of some milliseconds, for a run that prepares: `plan = yield from session.planning(...)`."""
        instead = {} if averaged is None else self._values.averages(averaged)
        return planning(self._values, outputs, updates, instead, passes)

    def run(self, fetches: Sequence[Node], feeds: Mapping[str, Any] | None = None) -> list[Array]:
        """The plain interpreter: every node once, in order, each into a new array. Slow, and right by inspection."""
        computed = self.trace(fetches, feeds)
        return [np.array(computed[node]) for node in fetches]

    def trace(self, fetches: Sequence[Node], feeds: Mapping[str, Any] | None = None) -> dict[Node, Array]:
        """Every node the fetches stand on, in order, and its value. GraphError names a missing, unknown or misshapen feed."""
        for name in feeds or {}:
            if name not in self.graph.placeholders:
                wanted = ", ".join(self.graph.placeholders) or "none"
                raise GraphError(f"feed {name!r}: got a name this graph does not have, wanted {wanted}")
        computed: dict[Node, Array] = {}
        for node in topological_order(fetches):
            if node.inputs:
                arrays = (computed[source] for source in node.inputs)
                computed[node] = TABLE[node.op].compute(*arrays, **node.attributes)
            else:
                computed[node] = self._leaf(node, feeds or {})
        return computed

    def _leaf(self, node: Node, feeds: Mapping[str, Any]) -> Array:
        if node.op == "constant":
            value: Array = node.attributes["value"]
            return value
        if node.op == "variable":
            return self.value(node)
        if node.name not in feeds:
            raise GraphError(f"placeholder {node.title!r}: got no feed, wanted an array of shape {node.shape}")
        fed = np.asarray(feeds[node.name], self.graph.dtype)
        if fed.shape != node.shape:
            raise GraphError(f"placeholder {node.title!r}: got shape {fed.shape}, wanted {node.shape}")
        return fed

    def value(self, node: Node) -> Array:
        """A copy of a variable's value. Raises GraphError when the session does not have it."""
        return self._values.of(node).copy()

    def assign(self, node: Node, value: Any) -> None:
        """Sets a variable to an array of its shape, or to one number. Raises GraphError naming it when neither is given."""
        target = self._values.of(node)
        if np.shape(value) not in ((), target.shape):
            raise GraphError(f"variable {node.title!r}: got shape {np.shape(value)}, wanted {target.shape}")
        target[...] = value

    def first_not_finite(
        self, fetches: Sequence[Node], feeds: Mapping[str, Any] | None = None, copy: int | None = None
    ) -> str | None:
        """The name of the first quantity that holds NaN or infinity, or that is computed from one that does: where a run broke.

        A step on the way that has no name is told as the first named one after it. None when all is finite. In a sweep, `copy`
        looks at one copy alone.
        """
        broken = ""
        for node, value in self.trace(fetches, feeds).items():
            seen = value[copy] if copy is not None and value.shape[:1] == (self.graph.sweep,) else value
            finite = bool(np.isfinite(seen).all())
            broken = broken or ("" if finite else node.op)
            if broken and node.name and (node.inputs or not finite):  # a sound placeholder is no place where it broke
                return node.name
        return broken or None
