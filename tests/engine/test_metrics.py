"""Metrics: values by hand, and forgeries that must or must not be told from the real."""

from __future__ import annotations

import numpy as np
import pytest

from engine import metrics
from engine.datasets import ring_of_gaussians


def test_accuracy_is_the_share_of_samples_whose_largest_output_is_right() -> None:
    outputs = np.array([[3.0, 0.0, 1.0, 0.0], [1.0, 2.0, 0.0, 1.0]])
    assert metrics.accuracy(outputs, np.array([0, 1, 1, 1])) == 0.75


def test_of_one_output_the_sign_decides() -> None:
    assert metrics.accuracy(np.array([[2.0, -1.0, -3.0, 0.5]]), np.array([1, 0, 1, 1])) == 0.75


def test_distances_are_euclidean() -> None:
    a, b = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[3.0], [4.0]])
    np.testing.assert_allclose(metrics.distances(a, b), [[5.0], [np.sqrt(13)]])


def test_the_energy_distance_is_near_zero_for_one_distribution_and_grows_with_a_shift() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 500)), rng.normal(size=(2, 500))
    shifts = [metrics.energy_distance(a, b + shift) for shift in (0.0, 0.5, 2.0)]
    assert abs(shifts[0]) < 0.02
    assert shifts[0] < shifts[1] < shifts[2]


def test_the_energy_distance_of_equal_distributions_is_zero_on_average() -> None:
    rng = np.random.default_rng(0)
    seen = [metrics.energy_distance(rng.normal(size=(2, 40)), rng.normal(size=(2, 40))) for _ in range(200)]
    assert abs(np.mean(seen)) < 3 * np.std(seen) / np.sqrt(len(seen))


def test_neighbours_cannot_tell_one_distribution_apart_and_can_tell_two() -> None:
    rng = np.random.default_rng(0)
    real, copied, shifted = rng.normal(size=(2, 400)), rng.normal(size=(2, 400)), rng.normal(size=(2, 400)) + 10
    assert metrics.two_sample_accuracy(real, copied) == pytest.approx(0.5, abs=0.07)
    assert metrics.two_sample_accuracy(real, shifted) == 1


def test_modes_are_covered_when_enough_samples_lie_near_them() -> None:
    samples, centres = ring_of_gaussians(np.random.default_rng(0), 800)
    assert metrics.modes_covered(samples, centres, 0.25) == (8, 1.0)
    collapsed = samples[:, np.linalg.norm(samples - centres[:, :1], axis=0) < 0.25]
    assert metrics.modes_covered(collapsed, centres, 0.25) == (1, 1.0)
    covered, near = metrics.modes_covered(np.zeros((2, 10)), centres, 0.25)
    assert (covered, near) == (0, 0.0)


def test_the_area_under_the_curve_counts_pairs_in_order_and_half_the_ties() -> None:
    positives, negatives = np.array([3.0, 1.0, 2.0]), np.array([2.0, 0.0])
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert metrics.area_under_curve(positives, negatives) == pytest.approx(np.mean(pairs))
    assert metrics.area_under_curve(positives, positives) == 0.5


@pytest.mark.parametrize("outputs", [np.full((3, 6), np.nan), np.full((1, 6), np.nan), np.array([[0, 0, 0, 0, 0, np.inf]])])
def test_a_network_that_has_left_the_finite_numbers_has_no_accuracy(outputs: np.ndarray) -> None:
    assert np.isnan(metrics.accuracy(outputs, np.array([0, 0, 0, 1, 1, 1])))
    one = np.zeros((3, 6))
    one[2, 5] = np.nan
    assert np.isnan(metrics.accuracy(one, np.zeros(6, int)))


def test_no_measure_takes_nan_for_a_number() -> None:
    sound, broken = np.random.default_rng(0).normal(size=(2, 2, 20))
    broken = broken.copy()
    broken[0, 3] = np.nan
    assert np.isnan(metrics.area_under_curve(broken[0], sound[0]))
    assert np.isnan(metrics.area_under_curve(sound[0], broken[0]))
    assert np.isnan(metrics.energy_distance(broken, sound))
    assert np.isnan(metrics.two_sample_accuracy(broken, sound))
    assert np.isnan(metrics.modes_covered(broken, sound[:, :3], 1.0)).all()


def test_of_no_samples_there_is_no_accuracy_and_no_area() -> None:
    assert np.isnan(metrics.accuracy(np.zeros((3, 0)), np.zeros(0, int)))
    assert np.isnan(metrics.area_under_curve(np.zeros(0), np.ones(3)))


def test_measures_say_what_they_cannot_take() -> None:
    with pytest.raises(ValueError, match=r"got outputs \(3, 4\) and labels \(5,\)"):
        metrics.accuracy(np.zeros((3, 4)), np.zeros(5, int))
    with pytest.raises(ValueError, match="got 1 and 4 samples, wanted at least 2 of each"):
        metrics.energy_distance(np.zeros((2, 1)), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="neighbours: got 8, wanted 1 to 7"):
        metrics.two_sample_accuracy(np.zeros((2, 4)), np.zeros((2, 4)), 8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_norm_is_exact_at_any_size_that_can_be_written(dtype: type) -> None:
    tiny, huge = float(np.finfo(dtype).tiny), float(np.finfo(dtype).max)
    for size in (tiny, 1e-30, 1e-19, 1.0, 1e19, 1e30, huge / 8):
        a = np.array([[3, 4], [0, 12]], dtype) * dtype(size / 4)
        with np.errstate(all="raise"):
            whole, each = metrics.norm(a), metrics.norm(a, axis=-1)
        assert whole.dtype == each.dtype == dtype
        assert float(whole) == pytest.approx(13 / 4 * float(dtype(size)), rel=1e-6)
        np.testing.assert_allclose(each[:, 0], np.array([5, 12]) / 4 * size, rtol=1e-6)


def test_a_norm_of_nothing_is_zero_and_of_what_is_not_finite_is_not() -> None:
    assert metrics.norm(np.zeros(0)) == metrics.norm(np.zeros((2, 3))) == 0
    assert np.isnan(metrics.norm(np.array([1.0, np.nan])))
    assert metrics.norm(np.array([1.0, -np.inf])) == np.inf
