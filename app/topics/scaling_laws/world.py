"""A world whose scaling laws can be worked out: features that matter less and less, and linear models that see the first few.

Feature k = 1, 2, ... has variance k^-(1 + decay), and the answer is the sum of all of them, of which there are infinitely many.
A model of size N has a weight for each of the first N. What it cannot see leaves a loss that falls as N^-decay; what one pass
over D samples has not taught it falls as D^-(decay / (1 + decay)): Lin et al. (2024), who proved it for features mixed at random.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine import Array

SIZES = np.round(2 ** np.arange(1, 8.01, 0.5)).astype(int)
"""Of the models, half a doubling apart: 2 to 256 weights."""
WIDEST = int(SIZES[-1])
BATCH, RUNS = 32, 8
"""Samples per step; and independent runs whose losses are averaged."""
_SUMMED = 10_000


def variances(decay: float) -> Array:
    """Of the features that the largest model sees, (WIDEST,)."""
    found: Array = np.arange(1, WIDEST + 1) ** -(1 + decay)
    return found


def unseen(decay: float) -> Array:
    """The variance of all features beyond each size, (sizes,): 10,000 of them summed, the rest integrated."""
    every = np.arange(1, _SUMMED + 1) ** -(1 + decay)
    beyond = every[::-1].cumsum()[::-1] + (_SUMMED + 0.5) ** -decay / decay
    found: Array = beyond[SIZES]
    return found


class Models:
    """Linear models of all sizes, in several runs, trained side by side on the same samples by stochastic gradient descent."""

    def __init__(self, decay: float) -> None:
        self._variances, self._unseen = variances(decay), unseen(decay)
        self._spreads = np.sqrt(self._variances).astype(np.float32)
        self._noise = np.float32(np.sqrt(self._unseen[-1]))  # independent Gaussian features sum to one
        self._rate = np.float32(1 / (self._variances.sum() + self._unseen[-1]))  # one over the trace: stable for every size
        self._sees = (np.arange(WIDEST)[:, None] < SIZES).astype(np.float32)
        self.weights = np.zeros((RUNS, WIDEST, len(SIZES)), np.float32)

    def batches(self, rng: np.random.Generator, distinct: int) -> Iterator[tuple[Array, Array]]:
        """Features (RUNS, BATCH, WIDEST) and answers (RUNS, BATCH, 1) for ever: the same again after `distinct` batches."""
        start = rng.bit_generator.state
        while True:
            rng.bit_generator.state = start
            for _ in range(distinct):
                features = rng.standard_normal((RUNS, BATCH, WIDEST), np.float32) * self._spreads
                beyond = self._noise * rng.standard_normal((RUNS, BATCH, 1), np.float32)
                yield features, features.sum(axis=2, keepdims=True) + beyond

    def step(self, features: Array, answers: Array) -> None:
        """One step of each model down the gradient of its half mean squared error on the batch."""
        errors = features @ self.weights - answers
        slopes = features.transpose(0, 2, 1) @ errors
        self.weights -= self._rate / BATCH * slopes * self._sees

    def losses(self) -> Array:
        """The expected squared error on new samples, exactly, mean of the runs: (sizes,)."""
        wrong = np.square(self.weights.astype(float) - 1).mean(axis=0) * self._sees
        found: Array = self._variances @ wrong + self._unseen
        return found

    def learned(self) -> Array:
        """Each feature's weight in the largest model, 1 when it has been learned: mean of the runs, (WIDEST,)."""
        found: Array = self.weights[:, :, -1].mean(axis=0)
        return found
