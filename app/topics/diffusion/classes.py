"""Two overlapping classes whose densities are known: what a guided sampler can be compared with, at any noise level.

Each moon is a mixture of sixty equal Gaussians along its arc, so the class of a point, the noise in it and the tilted
distribution p(x) p(c | x)^(1 + w) follow from sums over them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.topics.diffusion.process import Teller
from engine.datasets import moons
from engine.graph import Array

CENTRES = 60
"""Gaussians of a class."""
Both = Callable[[Array, int], tuple[Array, Array]]
"""A function from points (2, n) and their noise level to the noise (2, n) told for a class, and told without one."""


class TwoMoons:
    """Both classes, equally frequent, in units of their spread, around their mean. `noise`: the spread of each Gaussian."""

    def __init__(self, rng: np.random.Generator, noise: float) -> None:
        arcs = moons(rng, 2 * CENTRES, 0.0)
        centres = np.stack([arcs.inputs[:, arcs.labels == label].T for label in (0, 1)])
        centres = centres - centres.mean(axis=(0, 1))
        scale = np.sqrt(np.square(centres).mean() + noise**2)
        self._centres, self._variance = (centres / scale).astype(np.float32), float(noise / scale) ** 2

    def drawn(self, rng: np.random.Generator, labels: Array) -> Array:
        """A point of each class (n,), as (2, n)."""
        around = self._centres[labels, rng.integers(0, CENTRES, labels.size)]
        return np.asarray((around + np.sqrt(self._variance) * rng.standard_normal(around.shape)).T, np.float32)

    def belonging(self, points: Array, labels: Array) -> Array:
        """p(c | x): how likely each point (2, n) is to be of its class (n,)."""
        return self._taken_apart(points, 1.0)[1][labels, np.arange(labels.size)]

    def best(self, signal: Array, labels: Array) -> Both:
        """The exact answers for points of which each is to become one of its class (n,)."""
        each = np.arange(labels.size)

        def tell(points: Array, level: int) -> tuple[Array, Array]:
            share = signal[level]
            means, chances = self._taken_apart(points, share)
            of_class, of_both = means[labels, each].T, (chances[:, :, None] * means).sum(axis=0).T
            gain = np.sqrt(1 - share) / (share * self._variance + 1 - share)
            return gain * (points - np.sqrt(share) * of_class), gain * (points - np.sqrt(share) * of_both)

        return tell

    def _taken_apart(self, points: Array, share: float) -> tuple[Array, Array]:
        """Of noised points (2, n), by class, the mean centre they came from (2, n, 2) and the chance of the class (2, n)."""
        centres, variance = np.sqrt(share) * self._centres, share * self._variance + 1 - share
        near = (points.T.astype(np.float32) @ centres.transpose(0, 2, 1) - np.square(centres).sum(axis=2)[:, None] / 2) / variance
        nearest = near.max(axis=2, keepdims=True)
        weights = np.exp(near - nearest)
        total = weights.sum(axis=2, keepdims=True)
        evidence = nearest[..., 0] + np.log(total[..., 0])
        chances = np.exp(evidence - evidence.max(axis=0))
        return weights @ self._centres / total, chances / chances.sum(axis=0)


def guided(tell: Both, weight: float) -> Teller:
    """Classifier-free guidance (Ho and Salimans, 2022): the noise told without a class plus 1 + w times the difference."""

    def told(points: Array, level: int) -> Array:
        of_class, of_both = tell(points, level)
        return of_both + (1 + weight) * (of_class - of_both)

    return told


def area(points: Array, weights: Array | None = None) -> float:
    """How large a cloud of points (2, n) is: the product of the spreads along its two axes, points weighing as said."""
    return float(np.sqrt(np.linalg.det(np.cov(points.astype(np.float64), aweights=weights))))
