"""Who learns the new task from the same base: all weights, the last layer, or a low-rank addition to weights that stay."""

from __future__ import annotations

import numpy as np

from app.topics.lora.tasks import Layers
from engine import Array, Graph, Node, Session, ops

ALPHA = 2.0
"""W + (alpha / rank) B A, as in Hu et al. (2021)."""


def through(layers: list[Node], inputs: Node) -> Node:
    """Logits (10, n) of a ReLU network with these weights."""
    hidden = inputs
    for place, weights in enumerate(layers):
        summed = ops.affine(weights, hidden)
        hidden = ops.relu(summed) if place < len(layers) - 1 else summed
    return hidden


class Tuned:
    """A copy of the base of which the layers from `first` on are trained."""

    def __init__(self, graph: Graph, name: str, base: Layers, first: int) -> None:
        self._base = base
        self._fixed: list[Node] = [graph.constant(each) for each in base[:first]]
        self.variables = [
            graph.variable(f"{name} layer {place}/weights", each) for place, each in enumerate(base[first:], first + 1)
        ]

    def __call__(self, inputs: Node) -> Node:
        """Logits (10, n)."""
        return through([*self._fixed, *self.variables], inputs)

    def layers(self, session: Session) -> Layers:
        """Its weights now."""
        return [*self._base[: len(self._fixed)], *(session.value(each) for each in self.variables)]


class Adapted:
    """A base that stays, and in each layer an addition of a low rank, B A; A begins at random and B at zero."""

    def __init__(self, graph: Graph, name: str, base: Layers, rank: int, rng: np.random.Generator) -> None:
        self.base, self._scale = base, ALPHA / rank
        self._frozen = [graph.constant(each) for each in base]
        self._down, self._up = [], []
        self.variables: list[Node] = []
        for place, (units, wide) in enumerate((each.shape for each in base), 1):
            inside = min(rank, units)
            down = graph.variable(f"{name} layer {place}/A", rng.normal(0, wide**-0.5, (inside, wide)))
            up = graph.variable(f"{name} layer {place}/B", np.zeros((units, inside)))
            self._down.append(down)
            self._up.append(up)
            self.variables += [down, up]

    def __call__(self, inputs: Node) -> Node:
        """Logits (10, n), the addition computed beside the base and never added to its weights."""
        hidden = inputs
        for place, (weights, down, up) in enumerate(zip(self._frozen, self._down, self._up, strict=True)):
            summed = ops.affine(weights, hidden) + ops.matmul(up, ops.affine(down, hidden)) * self._scale
            hidden = ops.relu(summed) if place < len(self._frozen) - 1 else summed
        return hidden

    def additions(self, session: Session) -> Layers:
        """(alpha / rank) B A of each layer, of the shape of its weights."""
        pairs = zip(self._up, self._down, strict=True)
        return [self._scale * (session.value(up) @ session.value(down)) for up, down in pairs]

    def merged(self, session: Session) -> Layers:
        """The weights of one plain network that computes the same."""
        return added(self.base, self.additions(session))


def added(base: Layers, additions: Layers) -> Layers:
    """The base with something added to each layer."""
    return [each + more for each, more in zip(base, additions, strict=True)]


def cut(update: Array, rank: int) -> Array:
    """The nearest matrix of that rank, by the singular value decomposition (Eckart and Young, 1936)."""
    left, sizes, right = np.linalg.svd(update, full_matrices=False)
    return np.asarray((left[:, :rank] * sizes[:rank]) @ right[:rank], update.dtype)


def singular_values(update: Array, number: int) -> Array:
    """The largest `number` of them over the first; zeros for an update of zero."""
    sizes = np.linalg.svd(update, compute_uv=False)[:number]
    return np.asarray(sizes / max(sizes[0], 1e-12))
