"""Curvature of a loss along and across directions: Hessian-vector products, and sharpness by power iteration.

The Hessian is written out only on request: the gradient of (gradient . v) is the product with v (Pearlmutter, 1994).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.gradients import gradients
from engine.graph import Array, GraphError, Node
from engine.metrics import norm
from engine.ops import add, total
from engine.session import Session


class Curvature:
    """The Hessian of a loss over some variables, as a product with a flat vector (p,).

    Plans once; each call reads the session's values of that moment. Raises GraphError for a loss that is no scalar.
    """

    def __init__(self, session: Session, loss: Node, variables: Sequence[Node]) -> None:
        graph = loss.graph
        tag = graph.count
        self._names = [f"direction {tag}/{node.name}" for node in variables]
        self._shapes = [node.shape for node in variables]
        directions = [graph.placeholder(name, shape) for name, shape in zip(self._names, self._shapes, strict=True)]
        slopes = gradients(loss, variables)
        along = [total(slope * direction) for slope, direction in zip(slopes, directions, strict=True)]
        whole = along[0]
        for one in along[1:]:
            whole = add(whole, one)
        self._plan = session.plan(gradients(whole, variables))
        self.size = sum(int(np.prod(shape)) for shape in self._shapes)

    def product(self, direction: Array, feeds: Mapping[str, Any]) -> Array:
        """H v for a flat v, shape (p,)."""
        stops = np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]
        parts = zip(self._names, np.split(direction, stops), self._shapes, strict=True)
        products = self._plan(**feeds, **{name: part.reshape(shape) for name, part, shape in parts})
        return np.concatenate([part.ravel() for part in products])

    def hessian(self, feeds: Mapping[str, Any]) -> Array:
        """H itself, (p, p), a product for each column: for small networks."""
        return np.stack([self.product(unit, feeds) for unit in np.eye(self.size)], axis=1)

    def sharpness(self, feeds: Mapping[str, Any], start: Array, iterations: int = 20) -> tuple[float, Array]:
        """The largest eigenvalue in size, with its sign, and its eigenvector, by power iteration from `start` (p,).

        Starting from the last answer, a few iterations are enough while the weights move slowly. Raises GraphError for no
        iterations, and for a start of another size, of length 0 or not finite.
        """
        if iterations < 1:
            raise GraphError(f"sharpness: got {iterations} iterations, wanted at least 1")
        if start.shape != (self.size,) or not np.isfinite(start).all() or not start.any():
            raise GraphError(f"sharpness: got a start {start.shape}, wanted ({self.size},) finite numbers that are not all 0")
        vector, value = start / norm(start), 0.0
        for _ in range(iterations):
            product = self.product(vector, feeds)
            value = float(vector @ product)
            length = norm(product)
            if not np.isfinite(length) or length == 0:
                break
            vector = product / length
        return value, vector
