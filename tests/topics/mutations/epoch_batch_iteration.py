"""Topic 23 without what it shows: batches dealt with replacement, or the last left out; one order for all networks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from app.topics.epoch_batch_iteration import clock, shuffling
from engine.graph import Array
from tests.topics.mutations import Mutation


def _with_replacement(patch: pytest.MonkeyPatch) -> None:
    def drawn(rng: np.random.Generator, n: int, size: int, _drop_last: bool = True) -> Iterator[Array]:
        while True:
            yield rng.integers(0, n, size)

    patch.setattr(clock, "batches", drawn)


def _all_sorted(patch: pytest.MonkeyPatch) -> None:
    deal = shuffling.orders
    patch.setattr(shuffling, "orders", lambda *of: shuffling.Orders(*(deal(*of).sorted for _ in range(3))))


def _all_shuffled(patch: pytest.MonkeyPatch) -> None:
    deal = shuffling.orders
    patch.setattr(shuffling, "orders", lambda *of: shuffling.Orders(*(deal(*of).once for _ in range(3))))


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clock, "LEARNING_RATE", 0.0)


MUTATIONS = [
    Mutation("clock", "the last batch is dropped", ("iterations", "last", "fewest"), {"drop_last": True}),
    Mutation("clock", "batches are drawn with replacement", ("iterations", "off the formula", "most"), patch=_with_replacement),
    Mutation("clock", "the weights stay where they are", ("fallen",), patch=_weights_that_stay),
    Mutation("clock", "every batch is the whole set", ("rises",), {"batch_size": 250}),
    Mutation("shuffling", "all three networks get the digits sorted", ("always", "once"), patch=_all_sorted),
    Mutation("shuffling", "all three networks get the digits shuffled", ("sorted", "late"), patch=_all_shuffled),
]
