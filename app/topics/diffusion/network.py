"""What the networks of both demos are given in training, and how they are asked in sampling."""

from __future__ import annotations

import numpy as np

from app.topics.diffusion.process import Teller, noised
from engine import Array, Layer, Session, Update

BATCH_SIZE = 256


def dealt(rng: np.random.Generator, training: Array, signal: Array, levels: Array) -> dict[str, Array]:
    """A batch: `noise` (2, 256), and `inputs` (2 + 8, 256), training points (2, m) mixed with it, each at a level drawn anew.

    `levels` (8, levels + 1) is what a network is told of each.
    """
    places, level = rng.integers(0, training.shape[1], BATCH_SIZE), rng.integers(1, levels.shape[1], BATCH_SIZE)
    noise = rng.standard_normal((2, BATCH_SIZE), np.float32)
    return {"inputs": np.concatenate([noised(training[:, places], signal[level], noise), levels[:, level]]), "noise": noise}


def teller(session: Session, network: Layer, averaged: Update, levels: Array, n: int) -> Teller:
    """A network, by the average of its weights, as a function from `n` points and their level to the noise in them."""
    one_level = session.graph.placeholder("one level", (2 + len(levels), n))
    plan = session.plan([network(one_level)], averaged=averaged)

    def tell(points: Array, level: int) -> Array:
        told: Array = plan(**{"one level": np.concatenate([points, levels[:, [level] * n]])})[0]
        return told

    return tell
