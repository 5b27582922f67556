"""Points in the plane: shapes, types, determinism, and that each set is the shape its name says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import datasets
from engine.datasets import Dataset

PLANE: dict[str, Callable[..., Dataset]] = {
    name: getattr(datasets, name) for name in ("moons", "circles", "spirals", "blobs", "xor")
}
every = pytest.mark.parametrize("make", PLANE.values(), ids=PLANE)


@every
def test_inputs_are_columns_of_two_with_a_label_each(make: Callable[..., Dataset]) -> None:
    data = make(np.random.default_rng(0), 101)
    assert (data.inputs.shape, data.labels.shape, data.size) == ((2, 101), (101,), 101)
    assert [data.inputs.dtype.name, data.labels.dtype.name] == ["float32", "int64"]
    assert set(data.labels) == {0, 1}
    assert abs(data.labels.mean() - 0.5) < 0.02


@every
def test_the_same_seed_gives_the_same_points_and_another_gives_others(make: Callable[..., Dataset]) -> None:
    first, again, other = (make(np.random.default_rng(seed), 50).inputs for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@every
def test_noise_spreads_points_and_changes_nothing_else(make: Callable[..., Dataset]) -> None:
    still, noisy = (make(np.random.default_rng(0), 4000, noise=noise) for noise in (0.0, 0.2))
    assert (noisy.inputs - still.inputs).std() == pytest.approx(0.2, rel=0.05)
    np.testing.assert_array_equal(still.labels, noisy.labels)


@every
def test_no_points_and_negative_noise_are_refused(make: Callable[..., Dataset]) -> None:
    with pytest.raises(ValueError, match="n: got 0"):
        make(np.random.default_rng(0), 0)
    with pytest.raises(ValueError, match="noise: got -1"):
        make(np.random.default_rng(0), 5, noise=-1)


def test_circles_lie_one_in_the_other() -> None:
    data = datasets.circles(np.random.default_rng(0), 200, noise=0.0)
    np.testing.assert_allclose(np.linalg.norm(data.inputs, axis=0), np.where(data.labels == 0, 1.0, 0.5), rtol=1e-6)


def test_the_class_of_xor_is_whether_the_signs_differ() -> None:
    data = datasets.xor(np.random.default_rng(0), 200, noise=0.05)
    np.testing.assert_array_equal(data.labels, np.sign(data.inputs[0]) != np.sign(data.inputs[1]))


def test_one_spiral_is_the_other_turned_by_half() -> None:
    data = datasets.spirals(np.random.default_rng(0), 400, noise=0.0)
    radius = np.linalg.norm(data.inputs, axis=0)
    phase = np.arctan2(data.inputs[1], data.inputs[0]) - 4 * np.pi * radius - np.pi * data.labels
    np.testing.assert_allclose(np.cos(phase), 1, atol=1e-5)


def test_a_ring_has_its_clouds_at_radius_two_and_a_share_of_samples_at_each() -> None:
    samples, centres = datasets.ring_of_gaussians(np.random.default_rng(0), 8000, modes=8, noise=0.05)
    assert (samples.shape, centres.shape) == ((2, 8000), (2, 8))
    np.testing.assert_allclose(np.linalg.norm(centres, axis=0), datasets.RING_RADIUS, rtol=1e-6)
    nearest = np.linalg.norm(samples[:, :, None] - centres[:, None], axis=0).argmin(axis=1)
    np.testing.assert_allclose(np.bincount(nearest) / 8000, 1 / 8, atol=0.02)
