"""One-hot targets and probabilities on plain arrays: exact far from 0, without overflow, and NaN where they were given NaN."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.datasets import Dataset, digits, moons
from engine.probabilities import log_softmax, log_sum, sigmoid, softmax, softplus

FLOATS = [np.float32, np.float64]


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_sigmoid_is_as_exact_far_below_zero_as_its_exponential(dtype: npt.DTypeLike) -> None:
    z = np.array([-80, -40, -20, -1, 0, 1], dtype)
    with np.errstate(all="raise"):
        made = sigmoid(z)
    assert made.dtype == dtype
    np.testing.assert_allclose(made, 1 / (1 + np.exp(-z.astype(np.float64))), rtol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", FLOATS)
def test_softmax_is_the_exponential_over_the_sum_of_them(dtype: npt.DTypeLike) -> None:
    logits = np.array([[0, 1000, -40], [np.log(3), 0, 0]], dtype)
    made = softmax(logits)
    assert made.dtype == dtype
    np.testing.assert_allclose(made[:, 0], [0.25, 0.75], rtol=2 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(made[:, 1], [1, 0])
    np.testing.assert_allclose(made[0, 2], np.exp(-40), rtol=2 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(softmax(logits[:, 0]), made[:, 0])


def test_a_log_of_probabilities_is_finite_where_the_probability_is_too_small_to_be_written() -> None:
    np.testing.assert_array_equal(log_softmax(np.array([[1000.0], [0.0]])), [[0], [-1000]])


@pytest.mark.parametrize("function", [sigmoid, softmax, softplus, log_softmax])
def test_what_is_not_a_number_has_no_probability(function: type) -> None:
    made = function(np.array([[np.nan, 0.0], [1.0, 0.0]]))
    assert np.isnan(made[0, 0])
    assert np.isfinite(made[:, 1]).all()


def test_nothing_overflows() -> None:
    with np.errstate(all="raise", under="ignore"):
        huge = np.array([-1e4, 0.0, 1e4])
        np.testing.assert_array_equal(sigmoid(huge), [0, 0.5, 1])
        np.testing.assert_allclose(softplus(huge), [0, np.log(2), 1e4])
        np.testing.assert_array_equal(softmax(huge), [0, 0, 1])
        assert log_sum(huge) == 1e4


def test_a_data_set_tells_its_labels_as_one_hot_targets() -> None:
    made = Dataset(np.zeros((1, 3), np.float32), np.array([0, 2, 0])).one_hot
    assert made.dtype == np.float32
    np.testing.assert_array_equal(made, [[1, 0, 1], [0, 0, 0], [0, 1, 0]])


def test_a_part_of_the_data_keeps_a_row_for_each_class() -> None:
    data = digits()
    assert data.take(np.flatnonzero(data.labels == 3)).one_hot.sum(axis=1).tolist() == [
        0,
        0,
        0,
        (data.labels == 3).sum(),
        *[0] * 6,
    ]
    assert moons(np.random.default_rng(0), 1).one_hot.tolist() == [[1], [0]]
    assert Dataset(np.zeros((2, 0)), np.zeros(0, int)).one_hot.shape == (0, 0)
