"""The network of digits that this page rounds: its data, what it answers with any weights, and the outlier put into it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine import Array
from engine.datasets import Dataset, digits, split

SIZES = (64, 64, 64, 10)
TRAINED, BATCH_SIZE, STEPS = 1200, 64, 800
LEARNING_RATE, FALL = 0.003, 0.9
Layers = list[Array]


def data(rng: np.random.Generator) -> tuple[Dataset, Dataset]:
    """1200 digits to train on and 597 unseen ones, pixels from 0 to 1."""
    train, test = split(rng, digits(), TRAINED)
    return train, test


def falling(rate: float, done: int, steps: int) -> float:
    """A rate that falls to a tenth, evenly."""
    return rate * (1 - FALL * done / steps)


def activations(layers: Layers, inputs: Array, ranges: Sequence[float] = (), bits: int = 0) -> Layers:
    """What each layer makes of inputs (64, n), ReLU after all but the last, which gives the logits (10, n).

    With `ranges`, the largest activation of each hidden layer, these are rounded to `bits` bits, all on one grid from 0 to there.
    """
    made, hidden = [], inputs
    for place, weights in enumerate(layers):
        hidden = weights[:, :-1] @ hidden + weights[:, -1:]
        if place < len(layers) - 1:
            hidden = np.maximum(hidden, 0)
            if ranges:
                step = max(ranges[place], 1e-12) / (2**bits - 1)
                hidden = np.minimum(np.rint(hidden / step) * step, ranges[place])
        made.append(hidden)
    return made


def ranges_of(layers: Layers, inputs: Array) -> list[float]:
    """The largest activation of each hidden layer on the training data: what a grid for activations is made from."""
    return [float(each.max()) for each in activations(layers, inputs)[:-1]]


def with_outlier(layers: Layers, times: float, inputs: Array) -> Layers:
    """The same function with one first unit so many times as large: its weights and bias times that, what reads it divided by it.

    Of all units it is the one that the next layer hears most of: its spread over inputs (64, n) times its largest weight there.
    """
    made = [each.copy() for each in layers]
    heard = activations(layers[:2], inputs)[0].std(axis=1) * np.abs(layers[1][:, :-1]).max(axis=0)
    unit = int(heard.argmax())
    made[0][unit] *= times
    made[1][:, unit] /= times
    return made
