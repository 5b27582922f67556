"""The values of a graph's variables: where each lives, and what optimizers remember of them.

Between `engine.plan`, whose calls read and write these arrays, and `engine.session`, which hands them to its plans.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graph import Array, Graph, GraphError, Node
from engine.updates import Update


class Values:
    """All trainable variables side by side in one vector `flat`, shape (p,) or in a sweep (k, p); the others in `states`."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        lead = () if graph.sweep is None else (graph.sweep,)
        self._spans: dict[Node, slice] = {}
        place = 0
        for node in graph.trainable():
            size = int(np.prod(node.shape[len(lead) :], dtype=int))
            self._spans[node] = slice(place, place + size)
            place += size
        self.flat: Array = np.zeros((*lead, place), graph.dtype)
        self.states: dict[Node, Array] = {}
        self._slots: dict[Update, dict[str, Array]] = {}
        for node in graph.variables.values():
            self._begin(node)

    def _begin(self, node: Node) -> None:
        if node.attributes["trainable"]:
            self.view(node, self.flat)[...] = node.attributes["initial"]
        else:
            self.states[node] = node.attributes["initial"].copy()

    def of(self, node: Node, flat: Array | None = None) -> Array:
        """Where a variable lives; a trainable one in `flat`, by default the values' own. Raises GraphError for an unknown one."""
        return self.states[node] if node in self.states else self.view(node, self.flat if flat is None else flat)

    def view(self, node: Node, flat: Array, start: int = 0) -> Array:
        """A variable's place in a flat vector that begins at `start` of the values' own, as a view in the variable's shape."""
        if node not in self._spans:
            raise GraphError(f"variable {node.title!r}: was made after the session, wanted one of those it began with")
        span = self._spans[node]
        return flat[..., span.start - start : span.stop - start].reshape(node.shape)

    def span(self, variables: Sequence[Node]) -> slice:
        """The stretch of the flat vector that these variables fill. Raises GraphError when others lie between them."""
        spans = [self._spans[node] for node in variables]
        for before, after, node in zip(spans, spans[1:], variables[1:], strict=False):
            if before.stop != after.start:
                raise GraphError(f"variable {node.title!r}: an update wants variables that were created one after the other")
        return slice(spans[0].start, spans[-1].stop)

    def slots(self, update: Update, flat: Array) -> dict[str, Array]:
        """An update's own memory, made at first use and kept for every plan that runs it."""
        if update not in self._slots:
            where = self.span(update.variables)
            self._slots[update] = made = {}
            for name, kind in update.slots.items():
                if kind == "values":
                    made[name] = flat.copy()
                    made[f"{name} here"] = made[name][..., where]
                elif kind == "clock":
                    made[name] = np.zeros((), np.int64)
                else:
                    made[name] = np.zeros_like(flat[..., where])
        return self._slots[update]
