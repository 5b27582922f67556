"""What the networks of all demos are given in training, and how they are asked in sampling."""

from __future__ import annotations

import numpy as np

from app.topics.diffusion.process import Teller, noised
from engine import Array, Layer, Session, Update

BATCH_SIZE = 256


def dealt(
    rng: np.random.Generator, training: Array, signal: Array, levels: Array, marks: Array | None = None
) -> dict[str, Array]:
    """A batch: `noise` (2, 256), and `inputs` (2 + 8 + k, 256), training points (2, m) mixed with it, each at a level drawn anew.

    `levels` (8, levels + 1) is what a network is told of each, `marks` (k, m) what it is told of each point besides.
    """
    places, level = rng.integers(0, training.shape[1], BATCH_SIZE), rng.integers(1, levels.shape[1], BATCH_SIZE)
    noise = rng.standard_normal((2, BATCH_SIZE), np.float32)
    told = [noised(training[:, places], signal[level], noise), levels[:, level]] + ([] if marks is None else [marks[:, places]])
    return {"inputs": np.concatenate(told), "noise": noise}


def teller(session: Session, network: Layer, averaged: Update, levels: Array, n: int, *, marks: Array | None = None) -> Teller:
    """A network, by the average of its weights, as a function from `n` points and their level to the noise in them.

    `marks` (k, n): what it is told of each point besides.
    """
    besides = np.empty((0, n), np.float32) if marks is None else marks
    one_level = session.graph.placeholder("one level", (2 + len(levels) + len(besides), n))
    plan = session.plan([network(one_level)], averaged=averaged)

    def tell(points: Array, level: int) -> Array:
        told: Array = plan(**{"one level": np.concatenate([points, levels[:, [level] * n], besides])})[0]
        return told

    return tell
