"""How good a sampler's points are, and how well the noise is told: what a snapshot of the first demo draws and measures."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.diffusion.process import Teller, noised
from app.topics.diffusion.shapes import JUDGED, Drawn
from engine.graph import Array
from engine.metrics import distances, two_sample_accuracy

SHOWN, PANELS, PITCH = 120, 6, 7.6
"""Points of a panel of the chain, its panels, and how far apart they stand; the two rows stand as far apart."""
ASKED = 2000
"""Noised points on which losses are compared, as many at each level."""


class Judge:
    """Unseen points and a Gaussian fitted to the training points, to compare samples with."""

    def __init__(self, points: Drawn, rng: np.random.Generator) -> None:
        training = points.training.astype(np.float64)
        gaussian = rng.multivariate_normal(training.mean(axis=1), np.cov(training), JUDGED).T
        self._unseen = points.unseen
        self._gap = gap(points.others, points.unseen)
        self.gaussian = {"gaussian apart": self.apart(gaussian), "gaussian near": self.near(gaussian)}

    def apart(self, samples: Array) -> float:
        """The share of samples and unseen points that five nearest neighbours tell apart: one half is as good as real."""
        return two_sample_accuracy(samples, self._unseen)

    def near(self, samples: Array) -> float:
        """The median distance to the nearest unseen point, in units of that of real points."""
        return gap(samples, self._unseen) / self._gap


def gap(points: Array, others: Array) -> float:
    """The median distance from one of the points (2, n) to the nearest of others (2, m)."""
    return float(np.median(distances(points.astype(np.float64), others.astype(np.float64)).min(axis=1)))


class Questions:
    """Noised points whose noise is known, as many at each level: what a network and the exact answer are both asked."""

    def __init__(self, clean: Array, signal: Array, rng: np.random.Generator) -> None:
        levels = len(signal) - 1
        self.levels = np.repeat(np.arange(1, levels + 1), ASKED // levels)
        self.noise = rng.standard_normal((2, self.levels.size), np.float32)
        self.points = noised(clean[:, rng.integers(0, clean.shape[1], self.levels.size)], signal[self.levels], self.noise)

    def losses(self, told: Array) -> Array:
        """The mean squared error of noise told (2, n), level by level, (levels,)."""
        errors = np.square(told - self.noise).mean(axis=0)
        return np.asarray(errors.reshape(self.levels.max(), -1).mean(axis=1))

    def answered(self, tell: Teller) -> Generator[None, None, Array]:
        """The losses (levels,) of a teller that is asked one level after another, in pieces of ten levels."""
        told = []
        for level in range(1, self.levels.max() + 1):
            told += [tell(self.points[:, self.levels == level], level)]
            if level % 10 == 0:
                yield
        return self.losses(np.concatenate(told, axis=1))


def panels(stands: list[int]) -> list[int]:
    """Places in the chain, from noise to samples, that its panels show: nearer to each other where shapes appear."""
    shares = 1 - np.linspace(1, 0, PANELS) ** 1.5
    return sorted({int(place) for place in (shares * (len(stands) - 1)).round()})


def beside(states: list[Array], row: int) -> Array:
    """The first points of each state (2, n) in a panel of its own, left to right, in the lower row (0) or the upper (1)."""
    return np.concatenate([s[:, :SHOWN] + np.array([[PITCH * place], [PITCH * row]]) for place, s in enumerate(states)], axis=1)
