"""Initializers: the spread that each promises, orthogonality, and refusals."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from engine import GraphError, initializers
from engine.networks.initializers import INITIALIZERS, Initializer

UNITS, FAN_IN = 300, 500


@pytest.mark.parametrize(
    ("start", "spread"),
    [
        (initializers.normal(0.03), 0.03),
        (initializers.xavier, sqrt(2 / (UNITS + FAN_IN))),
        (initializers.he, sqrt(2 / FAN_IN)),
        (initializers.lecun, sqrt(1 / FAN_IN)),
    ],
)
def test_weights_have_the_spread_of_their_paper(start: Initializer, spread: float) -> None:
    weights = start(np.random.default_rng(0), UNITS, FAN_IN)
    assert weights.shape == (UNITS, FAN_IN)
    assert weights.std() == pytest.approx(spread, rel=0.01)
    assert abs(weights.mean()) < 5 * spread / sqrt(weights.size)


@pytest.mark.parametrize(("units", "fan_in"), [(5, 8), (8, 5), (6, 6)])
def test_an_orthogonal_start_keeps_lengths_along_its_shorter_side(units: int, fan_in: int) -> None:
    weights = initializers.orthogonal(np.random.default_rng(0), units, fan_in)
    product = weights @ weights.T if units <= fan_in else weights.T @ weights
    np.testing.assert_allclose(product, np.eye(min(units, fan_in)), atol=1e-12)


def test_orthogonal_starts_favour_no_direction() -> None:
    rng = np.random.default_rng(0)
    corners = [initializers.orthogonal(rng, 3, 3)[0, 0] for _ in range(2000)]
    assert abs(np.mean(corners)) < 0.05
    assert np.var(corners) == pytest.approx(1 / 3, rel=0.1)


def test_he_keeps_the_second_moment_through_fifty_relu_layers() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(256, 64))
    for _ in range(50):
        hidden = np.maximum(initializers.he(rng, 256, 256) @ hidden, 0)
    assert 0.1 < (hidden**2).mean() < 10


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_seed_gives_the_same_weights(name: str) -> None:
    first, second = (INITIALIZERS[name](np.random.default_rng(3), 4, 5) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_an_unknown_initializer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(GraphError, match=r"got 'glorot', wanted one of xavier, he"):
        initializers.initializer("glorot")


def test_a_function_serves_as_its_own_initializer() -> None:
    assert initializers.initializer(initializers.he) is initializers.he


@pytest.mark.parametrize(("activation", "start"), [("relu", "he"), ("gelu", "he"), ("tanh", "xavier"), ("sigmoid", "xavier")])
def test_the_relu_family_starts_with_he_and_the_rest_with_xavier(activation: str, start: str) -> None:
    assert initializers.suited_to(activation) is INITIALIZERS[start]
