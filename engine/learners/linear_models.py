"""Two linear learners older than any graph: the perceptron's rule, and principal components.

Arrays are batch-last: inputs (d, n), labels (n,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.datasets.scaling import moments
from engine.graph import Array


@dataclass(eq=False)
class Perceptron:
    """Says class 1 where weights . x + bias > 0. `weights` (d,), `bias`; both begin at 0 (Rosenblatt, 1958)."""

    weights: Array
    bias: float = 0.0

    @classmethod
    def start(cls, features: int) -> Perceptron:
        """One that knows nothing of so many features."""
        return cls(np.zeros(features))

    def __call__(self, inputs: Array) -> Array:
        """Classes (n,), 0 or 1."""
        return (self.weights @ inputs + self.bias > 0).astype(int)

    def see(self, sample: Array, label: int, learning_rate: float = 1.0) -> bool:
        """Looks at one sample (d,); when wrong, moves towards it or away from it. True when it was wrong."""
        wrong = int(label) - int(self.weights @ sample + self.bias > 0)
        self.weights = self.weights + learning_rate * wrong * sample
        self.bias += learning_rate * wrong
        return wrong != 0

    def epoch(self, inputs: Array, labels: Array, learning_rate: float = 1.0) -> int:
        """Sees every sample once, in order; how many were wrong.

        On classes that a line can part the total of errors ever made is finite (Novikoff, 1962); on others it never ends.
        """
        return sum(self.see(sample, label, learning_rate) for sample, label in zip(inputs.T, labels, strict=True))


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """The directions in which data vary most: `centre` (d, 1), `directions` (k, d) orthonormal, `variances` (k,) along them.

    `total`: the variance of all features together (Pearson, 1901; Hotelling, 1933).
    """

    centre: Array
    directions: Array
    variances: Array
    total: float

    @classmethod
    def fit(cls, inputs: Array, components: int) -> PrincipalComponents:
        """The first `components` of inputs (d, n); each direction's largest weight is positive, so that signs are settled.

        Raises ValueError for more components than features or samples.
        """
        most = min(inputs.shape)
        if not 1 <= components <= most or inputs.shape[1] < 2:
            raise ValueError(f"components: got {components} of inputs {inputs.shape}, wanted 1 to {most} and two samples")
        centre, _ = moments(inputs)
        directions, lengths, _ = np.linalg.svd(inputs - centre, full_matrices=False)
        variances = np.square(lengths) / (inputs.shape[1] - 1)
        kept = directions.T[:components]
        largest = np.abs(kept).argmax(axis=1)
        kept = kept * np.sign(kept[np.arange(components), largest])[:, None]
        return cls(centre, kept, variances[:components], float(variances.sum()))

    @property
    def explained(self) -> Array:
        """The share (k,) of all variance that lies along each direction; 0 where nothing varies."""
        return self.variances / self.total if self.total else np.zeros_like(self.variances)

    def __call__(self, inputs: Array) -> Array:
        """Coordinates (k, n) along the directions."""
        coordinates: Array = self.directions @ (inputs - self.centre)
        return coordinates

    def undo(self, coordinates: Array) -> Array:
        """The nearest inputs (d, n) that these coordinates (k, n) can say."""
        inputs: Array = self.directions.T @ coordinates + self.centre
        return inputs
