"""The real digits: what images are compared with, as one distribution and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from engine import datasets
from engine.graph import Array
from engine.metrics import distances

SIDE, KINDS = 8, 10
FAIR = 1 / KINDS / 4
"""A digit is covered when at least a quarter of its fair share of the images is nearest to real ones of it."""
SOME = 500
"""Of so many real digits the distance to the nearest other is measured, which is enough for a median."""


@dataclass(frozen=True)
class RealDigits:
    """`images` (64, n) from -1, no ink, to 1; `labels` (n,); `apart`: the median distance from one to its nearest other."""

    images: Array
    labels: Array
    apart: float

    def nearest(self, images: Array) -> tuple[float, Array]:
        """How far images (64, m) are from the nearest real one, the median in units of `apart`, and which those are (m,)."""
        gaps = distances(images.astype(np.float32), self.images)
        return float(np.median(gaps.min(axis=1))) / self.apart, gaps.argmin(axis=1)

    def shares(self, chosen: Any) -> Array:
        """How much of the real digits that are `chosen` each of the ten is (10,)."""
        labels = self.labels[chosen]
        return np.asarray(np.bincount(labels, minlength=KINDS) / labels.size)

    def gaussian(self, rng: np.random.Generator, n: int) -> Array:
        """Images (64, n) from the Gaussian with the mean and the covariance of the real ones."""
        return rng.multivariate_normal(self.images.mean(axis=1), np.cov(self.images), n).T


@cache
def real_digits() -> RealDigits:
    """The 1,797 digits of UCI."""
    data = datasets.digits()
    images = 2 * data.inputs - 1
    gaps = distances(images[:, :SOME], images)
    np.fill_diagonal(gaps, np.inf)
    return RealDigits(images, data.labels, float(np.median(gaps.min(axis=1))))


def covered(shares: Array) -> float:
    """How many of the ten digits have a quarter of their fair share or more."""
    return float((shares >= FAIR).sum())
