"""Trees and ensembles on numbers at the edge: neighbours on the number line, huge and denormal ones, a single class."""

from __future__ import annotations

from itertools import islice

import numpy as np
import numpy.typing as npt
import pytest

from engine.learners.ensembles import adaboost, average, bagging, gradient_boosting
from engine.learners.trees import UNLIMITED, Limits, Tree, grow


def parted(inputs: npt.NDArray[np.generic], targets: npt.NDArray[np.float64], limits: Limits = UNLIMITED) -> Tree:
    """A tree without a warning that got all its samples right by one split."""
    with np.errstate(divide="raise", invalid="raise"):
        tree = grow(inputs, targets, limits)
    assert tree.depth == 1
    assert tree.leaves.size == 2
    np.testing.assert_allclose(tree(inputs), targets, rtol=1e-12)
    return tree


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limits", [Limits(), Limits(max_depth=1)])
@pytest.mark.parametrize("low", [1.0, 1.0000001192092896, 0.1, 3.3, -1.0, 0.0, 1e-45, 1e38, -3e38])
def test_two_neighbours_on_the_number_line_get_a_leaf_each(low: float, limits: Limits, dtype: type) -> None:
    first = dtype(low)
    parted(np.array([[first, np.nextafter(first, dtype(np.inf))]], dtype), np.array([[0.0, 1.0]]), limits)


@pytest.mark.parametrize("pair", [(-1.7e308, 1.7e308), (5e-324, 1e-323), (-5e-324, 0.0), (1e300, np.inf), (-np.inf, np.inf)])
def test_a_threshold_between_any_two_numbers_parts_them(pair: tuple[float, float]) -> None:
    parted(np.array([pair]), np.array([[0.0, 1.0]]))


def test_whole_numbers_and_truth_values_are_inputs_like_others() -> None:
    for dtype in (np.int64, np.uint8, np.bool_):
        parted(np.array([[0, 0, 1, 1]], dtype), np.array([[0.0, 0.0, 1.0, 1.0]]))


def test_a_sample_of_float32_goes_where_the_same_number_in_float64_goes() -> None:
    inputs = np.random.default_rng(0).normal(size=(3, 200)).astype(np.float32)
    targets = np.random.default_rng(1).normal(size=(1, 200))
    tree = grow(inputs, targets)
    np.testing.assert_array_equal(tree(inputs), tree(inputs.astype(np.float64)))
    np.testing.assert_allclose(tree(inputs), targets)


@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-30, 1e30, 1e200, 1e300])
def test_targets_of_any_size_are_told_apart(size: float) -> None:
    tree = grow(np.arange(4.0)[None], np.array([[0.0, 1.0, 5.0, 6.0]]) * size)
    np.testing.assert_allclose(tree(np.arange(4.0)[None]), np.array([[0.0, 1.0, 5.0, 6.0]]) * size, rtol=1e-10)


def test_targets_that_are_close_beside_their_size_are_told_apart() -> None:
    parted(np.array([[0.0, 1.0]]), np.array([[2000.0, 2000.001]]))


@pytest.mark.parametrize("size", [1e-308, 1e-160, 1.0, 1e160, 1e300])
def test_weights_count_by_their_ratio_whatever_their_size(size: float) -> None:
    inputs, targets = np.arange(6.0)[None], np.array([[0.0, 0, 1, 0, 1, 1]])
    weights = np.array([1.0, 2, 3, 4, 5, 6])
    one, other = (grow(inputs, targets, Limits(max_depth=1), w) for w in (weights, weights * size))
    np.testing.assert_allclose(other.threshold, one.threshold)
    np.testing.assert_allclose(other.values, one.values)


def test_numbers_that_are_none_are_refused() -> None:
    inputs, targets = np.zeros((1, 2)), np.zeros((1, 2))
    with pytest.raises(ValueError, match="inputs that are NaN"):
        grow(np.array([[np.nan, 0.0]]), targets)
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="targets that are not finite"):
            grow(inputs, np.array([[wrong, 0.0]]))
    for weight in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="each above 0 and finite"):
            grow(inputs, targets, weights=np.array([weight, 1.0]))


def test_boosting_weighs_a_sample_down_to_next_to_nothing_without_a_leaf_of_nan() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(2, 60)).astype(np.float32)
    labels = (inputs[0] > 0).astype(int)
    labels[0] = 1 - labels[0]
    for each in islice(adaboost(inputs, labels, Limits(max_depth=3)), 60):
        assert np.isfinite(each.stump.values).all()
        assert np.isfinite([each.error, each.vote]).all()
        assert each.next_weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_logistic_boosting_of_one_class_is_refused_when_it_is_made(label: float) -> None:
    with pytest.raises(ValueError, match="wanted 0 and 1, both of them"):
        gradient_boosting(np.zeros((1, 4)), np.full((1, 4), label), loss="logistic")


@pytest.mark.parametrize("rate", [0.0, -0.1, np.inf, np.nan])
def test_boosting_by_no_step_is_refused_when_it_is_made(rate: float) -> None:
    with pytest.raises(ValueError, match=f"learning_rate: got {rate}"):
        gradient_boosting(np.zeros((1, 4)), np.zeros((1, 4)), rate)


def test_an_ensemble_of_nothing_is_refused_when_it_is_made() -> None:
    empty = np.zeros((1, 0))
    with pytest.raises(ValueError, match=r"wanted \(d, n\)"):
        bagging(np.random.default_rng(0), empty, empty)
    with pytest.raises(ValueError, match=r"wanted \(d, n\)"):
        adaboost(empty, np.zeros(0, int))
    with pytest.raises(ValueError, match=r"wanted \(d, n\)"):
        gradient_boosting(empty, empty)
    with pytest.raises(ValueError, match="average: got no trees"):
        average([], np.zeros((1, 2)))
