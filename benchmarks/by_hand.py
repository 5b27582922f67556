"""Adam, losses and a tanh network in NumPy by hand, for speed: batch-last, biases folded in, nothing allocated in a step."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np


class Adam:
    """Adam on one flat vector of weights and one of gradients, in place; both means are kept divided by their 1 - beta."""

    def __init__(self, flat: Any, slope: Any) -> None:
        self.flat, self.slope, self.clock = flat, slope, 0
        self.m, self.v, self.tmp = np.zeros_like(flat), np.zeros_like(flat), np.empty_like(flat)
        self.numbers = [np.array(number, np.float32) for number in (0.9, 0.999)]

    def step(self, rate: float) -> None:
        """One update."""
        m, v, g, tmp, (keep1, keep2) = self.m, self.v, self.slope, self.tmp, self.numbers
        self.clock += 1
        unit = ((1 - 0.999**self.clock) / 0.001) ** 0.5
        np.multiply(m, keep1, m)
        np.add(m, g, m)
        np.multiply(v, keep2, v)
        np.multiply(g, g, tmp)
        np.add(v, tmp, v)
        np.sqrt(v, tmp)
        np.add(tmp, np.float32(1e-8 * unit), tmp)
        np.divide(m, tmp, tmp)
        np.multiply(tmp, np.float32(rate * unit * 0.1 / (1 - 0.9**self.clock)), tmp)
        np.subtract(self.flat, tmp, self.flat)


class CrossEntropy:
    """Softmax cross-entropy of logits (classes, n): the value in `loss`, the gradient in `slope`."""

    def __init__(self, classes: int, n: int) -> None:
        f4 = np.float32
        self.slope, self.row, self.ones = np.empty((classes, n), f4), np.empty((1, n), f4), np.ones(classes, f4)
        self.many, self.scale, self.n, self.loss = np.ones(n, f4), np.array(1 / n, f4), n, 0.0

    def step(self, z: Any, targets: Any) -> Any:
        """The gradient; overwrites the logits. The targets of a sample sum to one."""
        e, row = self.slope, self.row
        np.maximum.reduce(z, 0, out=row, keepdims=True)
        np.subtract(z, row, z)
        np.exp(z, e)
        self.ones.dot(e, row[0])
        np.divide(e, row, e)
        np.log(row, row)
        self.loss = (row.ravel().dot(self.many) - z.ravel().dot(targets.ravel())) / self.n
        np.subtract(e, targets, e)
        np.multiply(e, self.scale, e)
        return e


class SquaredError:
    """Mean squared error of outputs (1, n): the value in `loss`, the gradient in `slope`."""

    def __init__(self, n: int) -> None:
        self.slope, self.scale, self.n, self.loss = np.empty((1, n), np.float32), np.array(2 / n, np.float32), n, 0.0

    def step(self, outputs: Any, targets: Any) -> Any:
        """The gradient."""
        np.subtract(outputs, targets, self.slope)
        error = self.slope.ravel()
        self.loss = error.dot(error) / self.n
        np.multiply(self.slope, self.scale, self.slope)
        return self.slope


class HandWritten:
    """Forward, backward and update of one fixed network; squared error for one output, softmax cross-entropy for more."""

    def __init__(self, sizes: tuple[int, ...], batch: int, optimizer: str) -> None:
        rng = np.random.default_rng(0)
        f4 = np.float32
        pairs = list(pairwise(sizes))
        self.flat = np.concatenate([rng.normal(0, (2 / (a + b)) ** 0.5, b * (a + 1)) for a, b in pairs]).astype(f4)
        self.slope = np.zeros_like(self.flat)
        self.weights, self.slopes, self.backs, place = [], [], [], 0
        for a, b in pairs:
            stretch = slice(place, place := place + b * (a + 1))
            self.weights.append(self.flat[stretch].reshape(b, a + 1))
            self.slopes.append(self.slope[stretch].reshape(b, a + 1))
            self.backs.append(self.weights[-1][:, :-1].T)
        self.inputs = [np.ones((size + 1, batch), f4) for size in sizes[:-1]]
        self.turned = [buffer.T for buffer in self.inputs]
        self.hidden = [buffer[:-1] for buffer in self.inputs]
        self.outputs = np.empty((sizes[-1], batch), f4)
        self.deltas = [np.empty((size, batch), f4) for size in sizes[1:-1]]
        self.bends = [np.empty((size, batch), f4) for size in sizes[1:-1]]
        self.one, self.tmp = f4(1), np.empty_like(self.flat)
        self.update = Adam(self.flat, self.slope).step if optimizer == "adam" else self._sgd
        self.error = SquaredError(batch) if sizes[-1] == 1 else CrossEntropy(sizes[-1], batch)

    def step(self, x: Any, targets: Any, rate: float) -> None:
        """One update; `error.loss` is the value before it."""
        self.hidden[0][...] = x
        last = len(self.weights) - 1
        for place, weights in enumerate(self.weights):
            out = self.outputs if place == last else self.hidden[place + 1]
            weights.dot(self.inputs[place], out)
            if place < last:
                np.tanh(out, out)
        delta = self.error.step(self.outputs, targets)
        for place in range(last, -1, -1):
            delta.dot(self.turned[place], self.slopes[place])
            if place:
                below, bend, hidden = self.deltas[place - 1], self.bends[place - 1], self.hidden[place]
                self.backs[place].dot(delta, below)
                np.multiply(hidden, hidden, bend)
                np.subtract(self.one, bend, bend)
                np.multiply(below, bend, below)
                delta = below
        self.update(rate)

    def _sgd(self, rate: float) -> None:
        np.multiply(self.slope, np.float32(rate), self.tmp)
        np.subtract(self.flat, self.tmp, self.flat)
