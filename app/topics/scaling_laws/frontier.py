"""What losses by size and samples say of budgets: the best size for each, and the power laws through the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.topics.scaling_laws.world import SIZES
from engine import Array

BUDGETS = 2.0 ** np.arange(9, 19.1, 0.5)
"""Compute: the size of a model times the samples that it is trained on."""
_NEIGHBOURS, _BESIDE = 3, 2


class Best(NamedTuple):
    """The size with the lowest loss for a budget, and that loss."""

    size: float
    loss: float


NONE = Best(np.nan, np.nan)


class PowerLaw(NamedTuple):
    """y = exp(height) x^exponent, and the share of the variance of log y that it explains."""

    exponent: float
    height: float
    explained: float

    def at(self, x: Array) -> Array:
        """The law's y at each x, (n,)."""
        found: Array = np.exp(self.height) * x**self.exponent
        return found


def valley(seen: Sequence[int], losses: Array, budget: float) -> Array:
    """The loss of each size when it has used up the budget, (sizes,); NaN where that has not been trained.

    `losses` (sizes, n) at each count of samples `seen` (n,); between two counts along a power law.
    """
    wanted, known = np.log(budget / SIZES), np.log(seen)
    met = [np.interp(at, known, row, left=np.nan, right=np.nan) for at, row in zip(wanted, np.log(losses), strict=True)]
    found: Array = np.exp(met)
    return found


def best(losses: Array) -> Best:
    """The lowest point of a valley, by a parabola through logarithms; NONE unless two sizes lie on each side of the lowest.

    After the second approach of Hoffmann et al. (2022).
    """
    there = np.flatnonzero(np.isfinite(losses))
    if len(there) == 0 or not _BESIDE <= (place := int(losses[there].argmin())) < len(there) - _BESIDE:
        return NONE
    near = there[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
    parabola = np.polynomial.Polynomial.fit(np.log(SIZES[near]), np.log(losses[near]), 2).convert()
    slope, bend = float(parabola.coef[1]), float(parabola.coef[2])
    if bend <= 0:
        return NONE
    lowest = -slope / (2 * bend)
    return Best(float(np.exp(lowest)), float(np.exp(parabola(lowest))))


def power_law(x: Array, y: Array) -> PowerLaw:
    """The straight line through the logarithms of x and y (n,), by least squares."""
    across, up = np.log(x), np.log(y)
    height, exponent = np.polynomial.Polynomial.fit(across, up, 1).convert().coef
    left = up - (height + exponent * across)
    return PowerLaw(float(exponent), float(height), float(1 - left.var() / up.var()))
