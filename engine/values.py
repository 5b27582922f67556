"""The values of a graph's variables, and of what optimizers remember: where each lives.

Between `engine.builder`, whose calls read and write these arrays, and `engine.session`, which hands them to its plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.graph import Array, Graph, GraphError, Node
from engine.updates import Update


class Values:
    """All trainable variables side by side in one vector `flat`, shape (p,) or in a sweep (k, p); the others, and the
    memory of optimizers, in `states`.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._spans: dict[Node, slice] = {}
        place = 0
        for node in graph.trainable():
            size = prod(graph.own(node.shape))
            self._spans[node] = slice(place, place + size)
            place += size
        self.flat: Array = np.zeros((*graph.leads[-1], place), graph.dtype)
        others = (node for node in graph.variables.values() if node not in self._spans)
        self.states = {node: node.attributes["initial"].copy() for node in others}
        for node in self._spans:
            self.view(node, self.flat)[...] = node.attributes["initial"]

    def of(self, node: Node) -> Array:
        """Where a variable lives, or a vector of them, or an optimizer's memory, which begins at its first use.

        Raises GraphError for a variable made after the session.
        """
        if "parts" in node.attributes:
            return self.flat[..., self.span(node.attributes["parts"])]
        if "begin" in node.attributes and node not in self.states:
            begin = node.attributes["begin"]
            self.states[node] = np.zeros(node.shape, self.flat.dtype) if begin is None else self.of(begin).copy()
        return self.states[node] if node in self.states else self.view(node, self.flat)

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

    def averages(self, update: Update) -> dict[Node, Array]:
        """Where the moving average of each variable lives. Raises GraphError when the update keeps none."""
        if "average" not in update.memory:
            raise GraphError("averaged: got an update without an average of weights, wanted one of `weight_average`")
        average, start = self.of(update.memory["average"]), self.span(update.variables).start
        return {node: self.view(node, average, start) for node in update.variables}
