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
