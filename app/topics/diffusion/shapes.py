"""The shapes that points are drawn from, and points of one for training and for judging."""

from __future__ import annotations

from math import pi
from typing import NamedTuple

import numpy as np

from engine.datasets import moons, ring_of_gaussians, spirals
from engine.graph import Array

JUDGED = 400
"""Points of each set that samples are compared with."""
SHAPES = {"moons": "two moons", "spiral": "two spirals", "ring": "eight clouds", "smiley": "a drawn face"}


class Drawn(NamedTuple):
    """Points (2, n) of one shape, float32, in units of the training points' spread, around their mean."""

    training: Array
    unseen: Array
    others: Array
    """As many again as `unseen`: how near real points are to real points."""


def drawn(rng: np.random.Generator, shape: str, n: int) -> Drawn:
    """`n` training points of a shape, and two sets that no network sees."""
    training, unseen, others = (points_of(rng, shape, count) for count in (n, JUDGED, JUDGED))
    centre, spread = training.mean(axis=1, keepdims=True), training.std()
    return Drawn(*(((each - centre) / spread).astype(np.float32) for each in (training, unseen, others)))


def points_of(rng: np.random.Generator, shape: str, n: int) -> Array:
    """`n` points (2, n) of a shape, as its data set has them."""
    if shape == "moons":
        return moons(rng, n, 0.08).inputs
    if shape == "spiral":
        return spirals(rng, n, 1.0, 0.03).inputs
    return ring_of_gaussians(rng, n, 8, 0.05)[0] if shape == "ring" else face(rng, n)


def face(rng: np.random.Generator, n: int) -> Array:
    """A circle, a mouth and two eyes, drawn with a pen 0.03 wide: six points of ten on the circle, two on the mouth."""
    part, turn = rng.integers(0, 10, n), 2 * pi * rng.random(n)
    smile = pi * 1.15 + 0.35 * turn
    side = np.where(part == 8, -0.35, 0.35)
    circle, mouth = np.stack([np.cos(turn), np.sin(turn)]), 0.6 * np.stack([np.cos(smile), np.sin(smile)])
    eyes = np.stack([side + 0.09 * np.cos(turn), 0.35 + 0.14 * np.sin(turn)])
    drawing = np.where(part < 6, circle, np.where(part < 8, mouth, eyes))
    return np.asarray(drawing + 0.03 * rng.normal(size=(2, n)))
