"""The real wines: what is forged, and how far apart two sets of real ones would be, which is as near as a forger can be asked."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.datasets import Standardizer, wine
from engine.graph import Array
from engine.metrics import distances

FIRST = ("alcohol", "flavanoids")
DRAWN = slice(0, len(FIRST))
"""Where the two that are drawn stand among the features."""
PAIRS = 1000


@cache
def wines(features: str) -> tuple[Array, Standardizer]:
    """The 178 wines (d, n), standardized, and the way back to their units; d is 2 or, for "thirteen", 13, the two first."""
    data = wine()
    others = tuple(name for name in data.feature_names if name not in FIRST)
    raw = data.features(*FIRST, *(others if features == "thirteen" else ())).inputs
    scale = Standardizer.fit(raw)
    return scale(raw), scale


@cache
def as_near_as_real(features: str) -> float:
    """The energy distance that 95 of 100 pairs of sets of real wines stay below, each set as large as the forger's.

    Sets are drawn from the real wines with replacement, always the same 1,000 pairs: how often each wine was drawn weighs it.
    """
    real = wines(features)[0].astype(np.float64)
    gaps, n = distances(real, real), real.shape[1]
    a, b = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), (2, PAIRS)).astype(np.float64)
    within = ((a @ gaps * a).sum(axis=1) + (b @ gaps * b).sum(axis=1)) / (n * (n - 1))
    return float(np.quantile(2 * (a @ gaps * b).sum(axis=1) / n**2 - within, 0.95))
