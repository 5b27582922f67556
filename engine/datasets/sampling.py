"""How samples are dealt out: a split into train and test, and the batches of an epoch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.datasets.table import Dataset
from engine.graph import Array


def split(rng: np.random.Generator, data: Dataset, train: int) -> tuple[Dataset, Dataset]:
    """`train` samples drawn without replacement, and the rest. Raises ValueError when either would be empty."""
    if not 0 < train < data.size:
        raise ValueError(f"train: got {train}, wanted 1 to {data.size - 1}")
    order = rng.permutation(data.size)
    return data.take(order[:train]), data.take(order[train:])


def batches(rng: np.random.Generator, n: int, batch_size: int, drop_last: bool = True) -> Iterator[Array]:
    """Places (batch_size,) without end: every epoch a new shuffle; the last batch of an epoch is shorter unless dropped.

    Raises ValueError for a batch larger than the data.
    """
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size: got {batch_size}, wanted 1 to {n}")
    stop = n - n % batch_size if drop_last else n

    def dealt() -> Iterator[Array]:
        while True:
            order = rng.permutation(n)
            for start in range(0, stop, batch_size):
                yield order[start : start + batch_size]

    return dealt()


def k_fold(rng: np.random.Generator, n: int, folds: int) -> Iterator[tuple[Array, Array]]:
    """For each of `folds` parts of a shuffle the places to train on and those, the part itself, to validate on.

    Every place is validated on once; parts differ by at most one in size. Raises ValueError for less than 2 folds or more than n.
    """
    if not 2 <= folds <= n:
        raise ValueError(f"folds: got {folds}, wanted 2 to {n}")
    parts = np.array_split(rng.permutation(n), folds)
    return ((np.concatenate(parts[:left_out] + parts[left_out + 1 :]), part) for left_out, part in enumerate(parts))
