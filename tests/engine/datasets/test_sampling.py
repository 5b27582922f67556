"""How samples are dealt out: splits that share nothing, batches that leave nothing out."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from engine.datasets import Dataset, batches, k_fold, split

DATA = Dataset(np.arange(40, dtype=np.float32).reshape(2, 20), np.arange(20))


def test_a_split_is_disjoint_and_whole() -> None:
    train, test = split(np.random.default_rng(0), DATA, 15)
    assert (train.size, test.size) == (15, 5)
    assert sorted([*train.labels, *test.labels]) == list(range(20))
    for part in (train, test):
        np.testing.assert_array_equal(part.inputs, DATA.inputs[:, part.labels])  # labels and inputs stay together


def test_the_same_seed_gives_the_same_split() -> None:
    first, again = (split(np.random.default_rng(5), DATA, 15)[0].labels for _ in range(2))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("train", [0, 20, 21])
def test_a_split_that_leaves_a_part_empty_is_refused(train: int) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 19"):
        split(np.random.default_rng(0), DATA, train)


def test_the_batches_of_an_epoch_cover_every_sample_once() -> None:
    dealt = batches(np.random.default_rng(0), 20, 6, drop_last=False)
    for _ in range(3):
        epoch = list(islice(dealt, 4))
        assert [places.size for places in epoch] == [6, 6, 6, 2]
        assert sorted(np.concatenate(epoch)) == list(range(20))


def test_dropping_the_last_keeps_all_batches_of_one_size_without_repeats() -> None:
    epoch = list(islice(batches(np.random.default_rng(0), 20, 6), 3))
    assert [places.size for places in epoch] == [6, 6, 6]
    assert len(set(np.concatenate(epoch))) == 18


def test_every_epoch_is_shuffled_anew() -> None:
    dealt = batches(np.random.default_rng(0), 20, 20)
    assert (next(dealt) != next(dealt)).any()


@pytest.mark.parametrize("batch_size", [0, 21])
def test_a_batch_larger_than_the_data_is_refused(batch_size: int) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 20"):
        next(batches(np.random.default_rng(0), 20, batch_size))


@pytest.mark.parametrize(("n", "folds"), [(20, 10), (23, 5), (4, 4)])
def test_every_place_is_validated_on_once_and_trained_on_otherwise(n: int, folds: int) -> None:
    parts = list(k_fold(np.random.default_rng(0), n, folds))
    assert len(parts) == folds
    assert sorted(np.concatenate([validation for _, validation in parts])) == list(range(n))
    for train, validation in parts:
        assert sorted([*train, *validation]) == list(range(n))
        assert validation.size in (n // folds, n // folds + 1)


@pytest.mark.parametrize("folds", [1, 21])
def test_folds_that_leave_nothing_are_refused(folds: int) -> None:
    with pytest.raises(ValueError, match="wanted 2 to 20"):
        next(k_fold(np.random.default_rng(0), 20, folds))
