"""Normalization: batch statistics and running ones, the spread of a batch, and the largest singular value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import (
    Graph,
    GraphError,
    Node,
    Session,
    batch_norm,
    gradients,
    layer_norm,
    minibatch_std,
    ops,
    rms_norm,
    spectral_norm,
)
from engine.gradcheck import gradient_error
from engine.networks.normalization import KEEP

RNG = np.random.default_rng(0)


def test_in_training_each_unit_has_mean_zero_and_spread_one() -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (3, 50))
    made, _ = batch_norm(graph, "norm", 3)(inputs, True)
    (values,) = Session(graph).plan([made])(inputs=RNG.normal(5, 3, (3, 50)))
    np.testing.assert_allclose(values.mean(1), 0, atol=1e-12)
    np.testing.assert_allclose(values.std(1), 1, rtol=1e-5)


def test_running_statistics_approach_those_of_the_data_and_are_used_in_evaluation() -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (2, 200))
    layer = batch_norm(graph, "norm", 2)
    made, assigns = layer(inputs, True)
    session = Session(graph)
    train, evaluate = session.plan([made], assigns), session.plan([layer(inputs, False)[0]])
    centre, spread = np.array([[4.0], [-1.0]]), np.array([[0.5], [3.0]])
    for _ in range(100):
        train.step(inputs=centre + spread * RNG.normal(size=(2, 200)))
    mean, variance = (session.value(graph.variables[f"norm/running {name}"]) for name in ("mean", "variance"))
    np.testing.assert_allclose(mean, centre, atol=0.1)
    np.testing.assert_allclose(variance, spread**2, rtol=0.1)
    (seen,) = evaluate(inputs=np.tile(centre + spread, (1, 200)))
    np.testing.assert_allclose(seen, 1, atol=0.1)


def test_one_step_moves_running_statistics_by_a_tenth_of_the_way() -> None:
    graph = Graph(np.float64)
    batch = RNG.normal(2, 1, (1, 8))
    _, assigns = batch_norm(graph, "norm", 1)(graph.constant(batch), True)
    session = Session(graph)
    session.plan([], assigns).step()
    mean, variance = (session.value(graph.variables[f"norm/running {name}"]).item() for name in ("mean", "variance"))
    assert mean == pytest.approx((1 - KEEP) * batch.mean())
    assert variance == pytest.approx(KEEP + (1 - KEEP) * batch.var(ddof=1))


def test_the_gradient_flows_through_the_statistics_of_the_batch() -> None:
    assert gradient_error(lambda a: batch_norm(a.graph, "norm", 3)(a, True)[0], [RNG.normal(size=(3, 5))]) < 1e-7


def test_a_batch_of_equal_samples_shows_in_its_spread_and_a_varied_one_too() -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (2, 6))
    plan = Session(graph).plan([minibatch_std(inputs)])
    varied = RNG.normal(size=(2, 6))
    (seen,) = plan(inputs=varied)
    np.testing.assert_array_equal(seen[:2], varied)
    np.testing.assert_allclose(seen[2], varied.std(axis=1).mean(), rtol=1e-6)
    (alike,) = plan(inputs=np.ones((2, 6)))
    np.testing.assert_allclose(alike[2], 0, atol=2e-4)


def test_layer_norm_gives_each_sample_mean_zero_and_spread_one_and_refuses_another_size() -> None:
    graph = Graph(np.float64)
    layer = layer_norm(graph, "norm", 6)
    (values,) = Session(graph).plan([layer(graph.constant(RNG.normal(5, 3, (6, 4))))])()
    np.testing.assert_allclose(values.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(values.std(0), 1, rtol=1e-5)
    with pytest.raises(GraphError, match=r"norm: got x \(5, 4\), wanted 6 units along axis -2"):
        layer(graph.placeholder("x", (5, 4)))


def test_rms_norm_gives_each_sample_a_mean_square_of_one_and_keeps_its_direction() -> None:
    graph = Graph(np.float64)
    given = RNG.normal(5, 3, (6, 4))
    made = rms_norm(graph, "norm", 6)(graph.constant(given))
    (values,) = Session(graph).plan([made])()
    np.testing.assert_allclose((values**2).mean(0), 1, rtol=1e-5)
    assert np.ptp(values / given, axis=0).max() < 1e-12
    with pytest.raises(GraphError, match=r"other: got x \(5, 4\), wanted 6 units along axis -2"):
        rms_norm(graph, "other", 6)(graph.placeholder("x", (5, 4)))


@pytest.mark.parametrize("make", [layer_norm, rms_norm])
def test_a_norm_along_another_axis_is_that_of_the_units_wherever_they_stand(make: Callable[..., Callable[[Node], Node]]) -> None:
    graph = Graph(np.float64)
    given = RNG.normal(size=(6, 3, 4))
    of_tokens = make(graph, "tokens", 6, axis=-3)(graph.constant(given))
    of_columns = make(graph, "columns", 6)(graph.constant(given.reshape(6, 12)))
    made, flat = Session(graph).plan([of_tokens, of_columns])()
    np.testing.assert_allclose(made, flat.reshape(6, 3, 4), rtol=1e-12)


def test_the_spread_of_a_batch_has_the_gradient_that_differences_measure() -> None:
    assert gradient_error(minibatch_std, [RNG.normal(size=(2, 5))]) < 1e-7


@pytest.mark.parametrize("shape", [(4, 6), (6, 4)])
def test_the_largest_singular_value_comes_near_one(shape: tuple[int, int]) -> None:
    graph = Graph(np.float64)
    weights = graph.variable("weights", 3 * RNG.normal(size=shape))
    scaled, assign = spectral_norm(graph, "spectral", weights, RNG)
    plan = Session(graph).plan([scaled], [assign])
    for _ in range(100):
        (made,) = plan()
    assert np.linalg.svd(made, compute_uv=False)[0] == pytest.approx(1, rel=1e-3)


def test_the_gradient_of_a_spectral_norm_holds_the_singular_vectors_still() -> None:
    graph = Graph(np.float64)
    weights = graph.variable("weights", RNG.normal(size=(3, 4)))
    scaled, assign = spectral_norm(graph, "spectral", weights, RNG)
    upstream = RNG.normal(size=(3, 4))
    (slope,) = gradients(ops.total(scaled * graph.constant(upstream)), [weights])
    plan = Session(graph).plan([slope], [assign])
    for _ in range(200):
        (by_rule,) = plan()
    w = np.asarray(weights.attributes["initial"])
    u, s, v = np.linalg.svd(w)
    along = (upstream * w).sum() / s[0] ** 2
    np.testing.assert_allclose(by_rule, upstream / s[0] - along * np.outer(u[:, 0], v[0]), atol=1e-6)


def test_batch_norm_works_on_every_copy_of_a_sweep_alone() -> None:
    graph = Graph(np.float64, sweep=2)
    inputs: Node = graph.placeholder("inputs", (2, 3, 20))
    made, assigns = batch_norm(graph, "norm", 3)(inputs, True)
    session = Session(graph)
    (values,) = session.plan([made], assigns)(inputs=RNG.normal(size=(2, 3, 20)) * np.array([1, 100])[:, None, None])
    np.testing.assert_allclose(values.std(axis=-1), 1, rtol=1e-4)
    assert session.value(graph.variables["norm/running variance"]).shape == (2, 3, 1)
