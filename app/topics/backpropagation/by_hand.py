"""One forward and one backward pass in plain numbers, a moment at a time: the chain rule as it is written on paper."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from app.topics.backpropagation.tiny import LAYERS, SIZES, by_layer
from engine.graph import Array

Edge = tuple[int, int, int]
"""(layer, unit, source), as in the network diagram."""

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
"""The activation's derivative, said by its value: nothing of the forward pass has to be computed again."""


class ByHand:
    """`nodes`: activations of each layer; `deltas`: the loss's derivative by each node's sum; `slopes`: by each weight."""

    def __init__(self, values: Array, inputs: list[float], target: int, activation: str) -> None:
        self.weights = [each.tolist() for each in by_layer(values.copy())]
        self._target, self._activation = target, activation
        self.nodes = [np.full(size, np.nan) for size in SIZES]
        self.nodes[0][:] = inputs
        self.deltas = [np.full(size, np.nan) for size in SIZES]
        self._slopes = np.full(values.size, np.nan)
        self.slopes = by_layer(self._slopes)
        self.loss = math.nan

    @property
    def gradient(self) -> Array:
        """All 23 slopes, NaN for what is not known yet: a copy."""
        return self._slopes.copy()

    def forward(self) -> Iterator[list[Edge]]:
        """Node by node; yields the edges that lead to the node just computed. The loss at the end."""
        sums = []
        for layer, rows in enumerate(self.weights):
            inputs = [*self.nodes[layer].tolist(), 1.0]
            for unit, row in enumerate(rows):
                total = sum(weight * value for weight, value in zip(row, inputs, strict=True))
                if layer < len(self.weights) - 1:
                    self.nodes[layer + 1][unit] = ACTIVATIONS[self._activation](total)
                else:
                    sums.append(total)
                yield [(layer, unit, source) for source in range(len(row))]
        highest = max(sums)
        powers = [math.exp(total - highest) for total in sums]
        self.nodes[-1][:] = [power / sum(powers) for power in powers]
        self.loss = highest + math.log(sum(powers)) - sums[self._target]
        yield []

    def backward(self) -> Iterator[list[Edge]]:
        """From the loss to the first layer; yields the edges a delta came back on, or the one whose slope is new."""
        for layer in reversed(range(len(self.weights))):
            inputs = [*self.nodes[layer].tolist(), 1.0]
            for unit in range(SIZES[layer + 1]):
                delta = self.deltas[layer + 1][unit] = self._delta(layer + 1, unit)
                back = range(SIZES[layer + 2]) if layer + 2 < len(SIZES) else ()
                yield [(layer + 1, later, unit) for later in back]
                for source, value in enumerate(inputs):
                    self.slopes[layer][unit, source] = delta * value
                    yield [(layer, unit, source)]

    def _delta(self, layer: int, unit: int) -> float:
        """At the outputs probability minus target; before, what comes back over the weights, times the activation's slope."""
        here = float(self.nodes[layer][unit])
        if layer == len(LAYERS) - 1:
            return here - (unit == self._target)
        back: float = sum(
            row[unit] * float(delta) for row, delta in zip(self.weights[layer], self.deltas[layer + 1], strict=True)
        )
        return back * SLOPES[self._activation](here)
