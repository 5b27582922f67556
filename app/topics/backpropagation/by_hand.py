"""One forward and one backward pass in plain numbers, a moment at a time: the chain rule as it is written on paper."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from app.topics.backpropagation.tiny import LAYERS, SIZES, by_layer
from engine.graph import Array

Edge = tuple[int, int, int]
"""(layer, unit, source), as in the network diagram."""
Node = tuple[int, int]
"""(layer, unit)."""

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "relu": lambda z: max(z, 0.0),
}
SLOPES: dict[str, Callable[[float], float]] = {
    "tanh": lambda a: 1 - a * a,
    "sigmoid": lambda a: a * (1 - a),
    "relu": lambda a: float(a > 0),
}
"""The activation's derivative, in terms of its value: nothing of the forward pass has to be recomputed."""


class ByHand:
    """`nodes`: activations of each layer; `sums`: what they are of; `deltas`: the loss by each sum; `slopes`: by each weight."""

    def __init__(self, values: Array, inputs: list[float], target: int, activation: str) -> None:
        self.weights = [each.tolist() for each in by_layer(values.copy())]
        self.target, self.activation = target, activation
        self.nodes, self.sums, self.deltas = ([np.full(size, np.nan) for size in SIZES] for _ in range(3))
        self.nodes[0][:] = inputs
        self._slopes = np.full(values.size, np.nan)
        self.slopes = by_layer(self._slopes)
        self.loss = math.nan

    @property
    def gradient(self) -> Array:
        """All 23 slopes, NaN for what is not known yet: a copy."""
        return self._slopes.copy()

    def fed(self, layer: int) -> list[float]:
        """What the weights of a layer are multiplied by: the activations before it, and 1 for the bias."""
        return [*self.nodes[layer].tolist(), 1.0]

    def products(self, layer: int, unit: int) -> list[float]:
        """What each edge brings to a node."""
        return [weight * value for weight, value in zip(self.weights[layer][unit], self.fed(layer), strict=True)]

    def forward(self) -> Iterator[Edge | None]:
        """Yields each edge when its product is added; the last of a node with the node's activation. None with the loss."""
        for layer, rows in enumerate(self.weights):
            for unit in range(len(rows)):
                total = 0.0
                for source, product in enumerate(self.products(layer, unit)):
                    self.sums[layer + 1][unit] = total = total + product
                    if source == SIZES[layer] and layer < len(self.weights) - 1:
                        self.nodes[layer + 1][unit] = ACTIVATIONS[self.activation](total)
                    yield layer, unit, source
        highest = float(self.sums[-1].max())
        powers = [math.exp(total - highest) for total in self.sums[-1]]
        self.nodes[-1][:] = [power / sum(powers) for power in powers]
        self.loss = highest + math.log(sum(powers)) - float(self.sums[-1][self.target])
        yield None

    def backward(self) -> Iterator[Node | Edge]:
        """From the loss to the first layer; yields each node when its delta is known, and each edge when its slope is."""
        for layer in reversed(range(len(self.weights))):
            for unit in range(SIZES[layer + 1]):
                delta = self.deltas[layer + 1][unit] = self._delta(layer + 1, unit)
                yield layer + 1, unit
                for source, value in enumerate(self.fed(layer)):
                    self.slopes[layer][unit, source] = delta * value
                    yield layer, unit, source

    def _delta(self, layer: int, unit: int) -> float:
        """At the outputs probability minus target; before, what comes back over the weights, times the activation's slope."""
        here = float(self.nodes[layer][unit])
        if layer == len(LAYERS) - 1:
            return here - (unit == self.target)
        back: float = sum(
            row[unit] * float(delta) for row, delta in zip(self.weights[layer], self.deltas[layer + 1], strict=True)
        )
        return back * SLOPES[self.activation](here)
