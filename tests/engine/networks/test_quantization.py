"""Weights on a grid: what is rounded to where, what gradient passes, and what rescaling leaves as it is."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Array, Graph, GraphError, Session, gradients, ops
from engine.networks.quantization import Per, equalized, quantized, steps_of, straight_through

WEIGHTS = np.array([[0.9, -0.2, 0.31, 5.0], [0.03, 0.0, -0.09, 7.0]])


def test_weights_go_to_the_nearest_place_of_a_grid_with_the_largest_at_its_end() -> None:
    np.testing.assert_allclose(quantized(WEIGHTS, 3), [[0.9, -0.3, 0.3, 5.0], [0.0, 0.0, 0.0, 7.0]], atol=1e-12)


def test_a_scale_per_channel_keeps_small_units() -> None:
    np.testing.assert_allclose(quantized(WEIGHTS, 3, "channel"), [[0.9, -0.3, 0.3, 5.0], [0.03, 0.0, -0.09, 7.0]], atol=1e-12)


def test_two_bits_leave_three_values() -> None:
    assert steps_of(2) == 1
    assert sorted(set(quantized(WEIGHTS, 2)[:, :-1].ravel() + 0.0)) == [0, 0.9]


def test_a_layer_of_zeros_stays_zero() -> None:
    assert not quantized(np.zeros((2, 3)), 4, "channel").any()


def test_one_bit_is_refused_in_words() -> None:
    with pytest.raises(GraphError, match="bits: got 1, wanted at least 2"):
        quantized(WEIGHTS, 1)


@pytest.mark.parametrize("per", ["tensor", "channel"])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_the_node_rounds_as_the_array_does(bits: int, per: Per) -> None:
    graph = Graph(np.float64)
    weights = graph.variable("weights", np.random.default_rng(0).normal(size=(5, 7)))
    session = Session(graph)
    made = session.plan([straight_through(weights, bits, per)])()[0]
    np.testing.assert_allclose(made, quantized(session.value(weights), bits, per), rtol=1e-12)


@pytest.mark.parametrize("through", [True, False])
def test_the_gradient_passes_rounding_as_if_it_were_not_there_or_not_at_all(through: bool) -> None:
    graph = Graph(np.float64)
    weights = graph.variable("weights", WEIGHTS)
    upstream = np.random.default_rng(1).normal(size=WEIGHTS.shape)
    (slope,) = gradients(ops.total(straight_through(weights, 3, through=through) * upstream), [weights])
    (got,) = Session(graph).plan([slope])()
    np.testing.assert_allclose(got[:, -1], upstream[:, -1])
    np.testing.assert_allclose(got[:, :-1], upstream[:, :-1] if through else 0)


def test_equalizing_evens_out_a_unit_whose_weights_are_far_larger_and_changes_no_output() -> None:
    rng = np.random.default_rng(2)
    layers = [rng.normal(size=shape) for shape in ((6, 5), (4, 7), (3, 5))]
    layers[0][2] *= 100
    layers[1][:, 2] /= 100
    made = equalized(layers)
    inputs = rng.normal(size=(4, 20))
    np.testing.assert_allclose(_outputs(made, inputs), _outputs(layers, inputs), atol=1e-9)
    assert np.ptp(np.log(np.abs(made[0][:, :-1]).max(axis=1))) < np.ptp(np.log(np.abs(layers[0][:, :-1]).max(axis=1))) / 2


def test_a_unit_that_nothing_reads_is_left_as_it_is() -> None:
    layers = [np.ones((2, 3)), np.array([[1.0, 0.0, 0.0]])]
    np.testing.assert_array_equal(equalized(layers)[0][1], layers[0][1])


def _outputs(layers: list[Array], inputs: Array) -> Array:
    for place, weights in enumerate(layers):
        inputs = weights[:, :-1] @ inputs + weights[:, -1:]
        inputs = np.maximum(inputs, 0) if place < len(layers) - 1 else inputs
    return inputs
