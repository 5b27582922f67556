"""Feature scaling, fitted on training data and applied to any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array


@dataclass(frozen=True, eq=False)
class Standardizer:
    """Shifts and scales each feature to mean 0 and spread 1 of the data it was fitted on; a constant feature is only shifted."""

    centre: Array
    spread: Array

    @classmethod
    def fit(cls, inputs: Array) -> Standardizer:
        """Means and spreads of inputs (d, n); give it the training data alone."""
        spread = inputs.std(axis=1, keepdims=True, dtype=np.float64)
        return cls(inputs.mean(axis=1, keepdims=True, dtype=np.float64), np.where(spread > 0, spread, 1.0))

    def __call__(self, inputs: Array) -> Array:
        """Scaled inputs (d, n), float32."""
        return ((inputs - self.centre) / self.spread).astype(np.float32)

    def undo(self, scaled: Array) -> Array:
        """The inputs again."""
        return scaled * self.spread + self.centre
