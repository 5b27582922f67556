"""What a data set is: inputs, labels, and the names of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array
from engine.probabilities import one_hot


@dataclass(frozen=True, eq=False)
class Dataset:
    """`inputs` (d, n) float32, `labels` (n,) int64 from 0, with names where the data has them.

    Raises ValueError when inputs and labels differ in number.
    """

    inputs: Array
    labels: Array
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.labels.shape != self.inputs.shape[1:]:
            raise ValueError(f"data set: got inputs {self.inputs.shape} and labels {self.labels.shape}, wanted (d, n) and (n,)")

    @property
    def size(self) -> int:
        """How many samples."""
        return int(self.labels.size)

    @property
    def one_hot(self) -> Array:
        """The labels as targets (classes, n): one 1 a column, a row for each named class, or up to the largest label."""
        return one_hot(self.labels, len(self.class_names) or int(self.labels.max(initial=-1)) + 1)

    def take(self, places: Array) -> Dataset:
        """The samples at these places, in their order."""
        return Dataset(self.inputs[:, places], self.labels[places], self.feature_names, self.class_names)

    def features(self, *names: str) -> Dataset:
        """Only these features. Raises ValueError naming the known ones."""
        for name in names:
            if name not in self.feature_names:
                raise ValueError(f"feature {name!r}: unknown, wanted one of {', '.join(self.feature_names)}")
        places = [self.feature_names.index(name) for name in names]
        return Dataset(self.inputs[places], self.labels, names, self.class_names)


def at_least_one(**sizes: int) -> None:
    """Raises ValueError naming the first size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name}: got {size}, wanted at least 1")


def made(inputs: Array, labels: Array) -> Dataset:
    """A data set of generated points, in the engine's types."""
    return Dataset(np.ascontiguousarray(inputs, np.float32), np.asarray(labels, np.int64), ("x", "y"), ("A", "B"))
