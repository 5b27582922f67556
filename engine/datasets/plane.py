"""Points in the plane, made from a generator: two classes that a straight line cannot part, and shapes for a forger to copy."""

from __future__ import annotations

from math import pi

import numpy as np

from engine.datasets.table import Dataset, at_least_one, made
from engine.graph import Array

RING_RADIUS = 2.0


def moons(rng: np.random.Generator, n: int, noise: float = 0.1) -> Dataset:
    """Two interleaved half circles of radius 1, with Gaussian noise of spread `noise`."""
    labels = _halves(n)
    angles = pi * rng.random(n)
    x = np.where(labels == 0, np.cos(angles), 1 - np.cos(angles))
    y = np.where(labels == 0, np.sin(angles), 0.5 - np.sin(angles))
    return made(_noisy(rng, np.stack([x - 0.5, y - 0.25]), noise), labels)


def circles(rng: np.random.Generator, n: int, noise: float = 0.08, inner: float = 0.5) -> Dataset:
    """A circle of radius `inner` within one of radius 1."""
    labels = _halves(n)
    angles, radius = 2 * pi * rng.random(n), np.where(labels == 0, 1.0, inner)
    return made(_noisy(rng, radius * np.stack([np.cos(angles), np.sin(angles)]), noise), labels)


def spirals(rng: np.random.Generator, n: int, turns: float = 2.0, noise: float = 0.03) -> Dataset:
    """Two spirals that wind around each other `turns` times, radius up to 1."""
    labels = _halves(n)
    along = np.sqrt(rng.random(n))
    angles = 2 * pi * turns * along + pi * labels
    return made(_noisy(rng, along * np.stack([np.cos(angles), np.sin(angles)]), noise), labels)


def blobs(rng: np.random.Generator, n: int, noise: float = 0.3) -> Dataset:
    """Two round clouds, at (-1, 0) and (1, 0)."""
    labels = _halves(n)
    return made(_noisy(rng, np.stack([2.0 * labels - 1, np.zeros(n)]), noise), labels)


def xor(rng: np.random.Generator, n: int, noise: float = 0.15) -> Dataset:
    """Four clouds at the corners (-1, -1) to (1, 1); the class is whether the two signs differ."""
    at_least_one(n=n)
    corners = np.arange(n) % 4
    signs = np.stack([corners % 2, corners // 2]) * 2.0 - 1
    return made(_noisy(rng, signs, noise), (signs[0] != signs[1]).astype(int))


def ring_of_gaussians(rng: np.random.Generator, n: int, modes: int = 8, noise: float = 0.05) -> tuple[Array, Array]:
    """Samples (2, n) of small clouds evenly on a circle of radius 2, and the clouds' centres (2, modes).

    The test bed of mode collapse (Metz, Poole, Pfau and Sohl-Dickstein, 2017).
    """
    at_least_one(n=n, modes=modes)
    angles = 2 * pi * np.arange(modes) / modes
    centres = RING_RADIUS * np.stack([np.cos(angles), np.sin(angles)])
    samples = _noisy(rng, centres[:, rng.integers(0, modes, n)], noise)
    return samples.astype(np.float32), centres.astype(np.float32)


def _halves(n: int) -> Array:
    at_least_one(n=n)
    return np.arange(n) % 2


def _noisy(rng: np.random.Generator, points: Array, noise: float) -> Array:
    if not noise >= 0:
        raise ValueError(f"noise: got {noise}, wanted at least 0")
    return points + rng.normal(0.0, 1.0, points.shape) * noise
