"""Sequences: that each asks what its name says, and nothing can be answered without memory."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets import adding, first_symbol, parity, recall

SEED = 0


def test_recall_asks_for_the_toss_of_some_steps_before() -> None:
    tosses, answers = recall(np.random.default_rng(SEED), 50, steps=12, delay=4)
    assert (tosses.shape, answers.shape, tosses.dtype.name) == ((1, 12, 50), (1, 12, 50), "float32")
    assert set(np.unique(tosses)) == {-1, 1}
    np.testing.assert_array_equal(answers[:, 4:], tosses[:, :-4] > 0)
    assert not answers[:, :4].any()


def test_the_last_parity_changes_with_every_bit() -> None:
    bits, answers = parity(np.random.default_rng(SEED), 50, steps=9)
    np.testing.assert_array_equal(answers[0], bits[0].cumsum(axis=0) % 2)
    assert set(np.unique(answers)) == {0, 1}


def test_the_first_symbol_is_among_distractors_that_are_none_of_its_kind() -> None:
    inputs, labels = first_symbol(np.random.default_rng(SEED), 60, steps=10, symbols=4)
    assert inputs.shape == (8, 10, 60)
    np.testing.assert_array_equal(inputs.sum(axis=0), 1)
    np.testing.assert_array_equal(inputs[:, 0].argmax(axis=0), labels)
    assert not inputs[:4, 1:].any()
    assert set(labels) == {0, 1, 2, 3}


def test_the_sum_is_of_two_marked_numbers_one_in_each_half() -> None:
    inputs, sums = adding(np.random.default_rng(SEED), 40, steps=11)
    numbers, marks = inputs
    np.testing.assert_array_equal(marks[:5].sum(axis=0), 1)
    np.testing.assert_array_equal(marks[5:].sum(axis=0), 1)
    np.testing.assert_allclose(sums[0], (numbers * marks).sum(axis=0), rtol=1e-6)


@pytest.mark.parametrize("make", [recall, parity, first_symbol, adding])
def test_the_same_seed_gives_the_same_and_no_samples_are_refused(make: object) -> None:
    assert callable(make)
    for first, again in zip(make(np.random.default_rng(3), 5), make(np.random.default_rng(3), 5), strict=True):
        np.testing.assert_array_equal(first, again)
    with pytest.raises(ValueError, match="n: got 0"):
        make(np.random.default_rng(SEED), 0)


def test_a_delay_longer_than_the_sequence_is_refused() -> None:
    with pytest.raises(ValueError, match="delay: got 5, wanted 0 to 4"):
        recall(np.random.default_rng(SEED), 3, steps=5, delay=5)
