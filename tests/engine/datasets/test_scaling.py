"""Scaling of what is constant, alone, tiny or huge: a feature without spread is only shifted, however its mean is rounded."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine import Graph, Session, batch_norm, layer_norm, minibatch_std
from engine.datasets import Standardizer
from engine.learners.linear_models import PrincipalComponents

FLOATS = [np.float32, np.float64]
SCALERS = [Standardizer.fit, Standardizer.to_unit_range]
CONSTANTS = (14.62, 3.3, 0.1, 1_000_000.1, -7.7, 0.0, 1e-30, 1e30)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("n", [1, 2, 10, 77, 150, 1000])
@pytest.mark.parametrize("scaler", SCALERS)
def test_a_constant_feature_becomes_zero_and_what_is_new_is_only_shifted(scaler: type, n: int, dtype: npt.DTypeLike) -> None:
    for value in CONSTANTS:
        data = np.full((1, n), value, dtype)
        scale = scaler(data)
        np.testing.assert_array_equal(scale(data), 0)
        assert scale.spread.item() == 1
        new = data[:, :1] + 1
        assert scale(new).item() == pytest.approx(float(new.item()) - float(data[0, 0]), rel=1e-6)


@pytest.mark.parametrize("scaler", SCALERS)
def test_no_constant_of_two_decimals_is_blown_up(scaler: type) -> None:
    for value in np.round(np.random.default_rng(0).uniform(0, 100, 100), 2):
        assert all(scaler(np.full((1, n), value)).spread.item() == 1 for n in (30, 150))


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-30, 1.0, 1e30, 1e160, 1e300])
@pytest.mark.parametrize("offset", [0.0, 5.0])
def test_a_feature_of_any_size_is_brought_to_spread_one(size: float, offset: float) -> None:
    data = (np.array([[0.0, 1.0, 2.0, 3.0]]) + offset) * size
    with np.errstate(all="raise"):
        np.testing.assert_allclose(Standardizer.fit(data)(data), [np.array([-3, -1, 1, 3]) / np.sqrt(5)], rtol=1e-6)
        np.testing.assert_allclose(Standardizer.to_unit_range(data)(data), [np.arange(4) / 3], rtol=1e-6, atol=1e-7)


def test_a_spread_that_is_small_beside_the_mean_is_a_spread() -> None:
    data = np.array([[1e6 - 0.25, 1e6 + 0.25] * 5], np.float32)
    np.testing.assert_allclose(Standardizer.fit(data)(data), [[-1, 1] * 5])


def test_whole_numbers_are_scaled_like_others() -> None:
    data = np.array([[0, 1, 2], [7, 7, 7]])
    np.testing.assert_allclose(Standardizer.fit(data)(data), [np.array([-1, 0, 1]) * np.sqrt(1.5), [0, 0, 0]])


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("shape", [(3, 0), (3,)])
def test_nothing_to_fit_is_refused(scaler: type, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"wanted \(features, samples\) with at least one sample"):
        scaler(np.zeros(shape))


@pytest.mark.parametrize("value", [2.0, 0.1, 3.3, 1_000_000.1])
@pytest.mark.parametrize("dtype", FLOATS)
def test_constant_data_vary_along_no_principal_component(value: float, dtype: npt.DTypeLike) -> None:
    found = PrincipalComponents.fit(np.full((3, 7), value, dtype), 2)
    np.testing.assert_array_equal(found.explained, [0, 0])
    np.testing.assert_array_equal(found(np.full((3, 7), value, dtype)), np.zeros((2, 7)))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("n", [1, 3, 33, 64])
@pytest.mark.parametrize("value", [3.3, 1_000_000.1, -12345.678, 1e-20])
def test_batch_and_layer_norm_make_zero_of_what_is_constant(value: float, n: int, dtype: npt.DTypeLike) -> None:
    graph = Graph(dtype)
    inputs = graph.constant(np.full((n, n), value))
    over_batch, _ = batch_norm(graph, "batch", n)(inputs, True)
    over_units = layer_norm(graph, "layer", n)(inputs)
    spread = minibatch_std(inputs)
    made = Session(graph).plan([over_batch, over_units, spread])()
    np.testing.assert_allclose(made[0], 0, atol=1e-5)
    np.testing.assert_allclose(made[1], 0, atol=1e-5)
    np.testing.assert_allclose(made[2][-1], 1e-4, rtol=1e-3)
