"""What all three demos share: handwritten digits to be reconstructed, and PCA, the best that straight lines can do with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import datasets
from engine.datasets import Dataset
from engine.graph import Array
from engine.metrics import distances

SIDE, PIXELS, KINDS = 8, 64, 10
TRAIN = 1297
"""Of the 1,797 digits; the other 500 are for testing."""
BATCH_SIZE = 128
LEARNING_RATE = 0.005
NEIGHBOURS, TESTED = 5, 400


def dealt(rng: np.random.Generator) -> tuple[Dataset, Dataset]:
    """Digits (64, n) with ink from 0 to 1, split at random into those to learn from and those to test on."""
    return datasets.split(rng, datasets.digits(), TRAIN)


@dataclass(frozen=True, eq=False)
class Pca:
    """Principal component analysis (Pearson, 1901; Hotelling, 1933): `mean` (64, 1), `axes` (64, 64), the steepest first."""

    mean: Array
    axes: Array

    @classmethod
    def of(cls, inputs: Array) -> Pca:
        """Fitted to inputs (64, n)."""
        mean = inputs.mean(axis=1, keepdims=True)
        return cls(mean, np.linalg.svd((inputs - mean).astype(np.float64), full_matrices=False)[0])

    def code(self, inputs: Array, size: int) -> Array:
        """The first coordinates (size, n) of inputs (64, n)."""
        return np.asarray(self.axes[:, :size].T @ (inputs - self.mean))

    def decode(self, code: Array) -> Array:
        """Images (64, n) from coordinates (size, n)."""
        return np.asarray(self.mean + self.axes[:, : code.shape[0]] @ code)

    def error(self, inputs: Array, size: int) -> float:
        """The mean squared error per pixel with so many coordinates."""
        return squared(inputs, self.decode(self.code(inputs, size)))


def squared(images: Array, others: Array) -> float:
    """The mean squared difference per pixel."""
    return float(np.mean((images - others) ** 2))


def kinds_of(images: Array, known: Dataset) -> Array:
    """Which digit each sample (d, n) is by the vote of its five nearest among those known, (n,)."""
    near = distances(images, known.inputs).argpartition(NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = (known.labels[near][:, :, None] == np.arange(KINDS)).sum(axis=1)
    return np.asarray(votes.argmax(axis=1))


def recognized(known: Dataset, asked: Dataset) -> float:
    """How often that vote names the right digit, by the first few of those asked."""
    return float(np.mean(kinds_of(asked.inputs[:, :TESTED], known) == asked.labels[:TESTED]))


def nearest(images: Array, known: Dataset) -> Array:
    """For each image (64, n) the known one that is nearest to it, (64, n)."""
    return known.inputs[:, distances(images, known.inputs).argmin(axis=1)]


def one_of_each(labels: Array) -> Array:
    """The place of the first 0, the first 1 and so on, (10,)."""
    return np.array([np.flatnonzero(labels == kind)[0] for kind in range(KINDS)])


def pictures(*rows: Array) -> Array:
    """Rows of images, columns of pixels (64, n) each, as `ImageGrid` takes them."""
    return np.concatenate(rows, axis=1).T.reshape(-1, SIDE, SIDE)
