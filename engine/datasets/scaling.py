"""Feature scaling, fitted on training data and applied to any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array


@dataclass(frozen=True, eq=False)
class Standardizer:
    """Shifts each feature by `centre` and divides it by `spread`, both (d, 1); a constant feature is only shifted."""

    centre: Array
    spread: Array

    @classmethod
    def fit(cls, inputs: Array) -> Standardizer:
        """To mean 0 and spread 1 of inputs (d, n); give it the training data alone. Raises ValueError without samples."""
        return cls(*moments(inputs))

    @classmethod
    def to_unit_range(cls, inputs: Array) -> Standardizer:
        """To 0 for the least and 1 for the largest of inputs (d, n). Raises ValueError without samples."""
        least, largest = _extremes(inputs)
        return cls(least, np.where(largest > least, largest - least, 1.0))

    def __call__(self, inputs: Array) -> Array:
        """Scaled inputs (d, n), float32."""
        return ((inputs - self.centre) / self.spread).astype(np.float32)

    def undo(self, scaled: Array) -> Array:
        """The inputs again."""
        return scaled * self.spread + self.centre


def moments(inputs: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (d, 1) of inputs (d, n) in float64; of a constant feature its value, and 1.

    Whether it is constant is asked of the numbers themselves, since their mean may be off by a rounding. They are brought to a
    size near 1 by powers of two, which round nothing, so that no square is too large or too small to be written.
    """
    least, largest = _extremes(inputs)
    exponents = np.frexp(np.maximum(np.abs(least), np.abs(largest)))[1]
    sized = np.ldexp(inputs.astype(np.float64), -exponents)
    centred = sized - sized.mean(axis=1, keepdims=True)
    finer = np.frexp(np.abs(centred).max(axis=1, keepdims=True))[1]
    spread = np.ldexp(np.ldexp(centred, -finer).std(axis=1, keepdims=True), exponents + finer)
    varied = least != largest
    centre = np.ldexp(sized.mean(axis=1, keepdims=True), exponents)
    return np.where(varied, centre, least), np.where(varied & (spread != 0), spread, 1.0)


def _extremes(inputs: Array) -> tuple[Array, Array]:
    if inputs.ndim != 2 or inputs.shape[1] < 1:
        raise ValueError(f"inputs: got shape {inputs.shape}, wanted (features, samples) with at least one sample")
    least, largest = (function(axis=1, keepdims=True).astype(np.float64) for function in (inputs.min, inputs.max))
    return least, largest
