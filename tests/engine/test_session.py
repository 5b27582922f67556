"""Sessions: values, sweeps of copies that train as if alone, errors that name the node, and where a run broke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, losses, mlp, ops, optimizers

RNG = np.random.default_rng(1)
BATCH = {"inputs": RNG.normal(size=(2, 6)), "targets": losses.one_hot(np.array([0, 1, 2, 0, 1, 2]), 3)}
RATES = (0.01, 0.1, 1.0, 3.0)


def network(sweep: int | None = None, dtype: Any = np.float64) -> tuple[Graph, Node, Session]:
    graph = Graph(dtype, sweep)
    inputs, targets = graph.placeholder("inputs", (2, 6)), graph.placeholder("targets", (3, 6))
    net = mlp(graph, (2, 5, 3), np.random.default_rng(0))
    loss = losses.softmax_cross_entropy(net(inputs), targets)
    return graph, loss, Session(graph)


def trained(make: Callable[..., Any], options: dict[str, Any], rates: Any, sweep: int | None = None) -> tuple[Any, Any]:
    """Losses before the twentieth step, and the weights after it, at a rate or in a sweep of rates."""
    graph, loss, session = network(sweep)
    plan = session.plan([loss], [make(loss, graph.placeholder("learning_rate", np.shape(rates)), **options)])
    for _ in range(20):
        (value,) = plan(**BATCH, learning_rate=rates)
    return value, session.values


@pytest.mark.parametrize(
    ("make", "options"),
    [
        *((make, {}) for make in optimizers.OPTIMIZERS.values()),
        (optimizers.adam, {"weight_decay": 0.1}),
        (optimizers.sgd, {"clip_norm": 0.02}),
        (optimizers.adam, {"clip_norm": 0.02}),
    ],
)
def test_a_sweep_of_rates_equals_as_many_single_runs(make: Callable[..., Any], options: dict[str, Any]) -> None:
    together, weights = trained(make, options, np.array(RATES)[:, None], sweep=len(RATES))
    for place, rate in enumerate(RATES):
        alone, own = trained(make, options, rate)
        np.testing.assert_allclose(together[place], alone, rtol=1e-7)
        np.testing.assert_allclose(weights[place], own, rtol=1e-6, atol=1e-8)


def test_all_trainable_values_are_one_flat_vector() -> None:
    graph, _, session = network()
    whole = np.concatenate([session.value(node).ravel() for node in graph.trainable()])
    np.testing.assert_array_equal(session.values, whole)


def test_two_sessions_of_one_graph_do_not_touch_each_other() -> None:
    graph, loss, session = network()
    other, before = Session(graph), session.values.copy()
    other.plan([loss], [optimizers.sgd(loss, 1.0)]).step(**BATCH)
    np.testing.assert_array_equal(session.values, before)
    assert (other.values != before).any()


@pytest.mark.parametrize("way", ["run", "plan"])
def test_a_missing_feed_is_named_with_its_shape(way: str) -> None:
    _, loss, session = network()
    step = session.plan([loss]) if way == "plan" else lambda **feeds: session.run([loss], feeds)
    with pytest.raises(GraphError, match=r"placeholder 'inputs': got no feed, wanted .*\(2, 6\)"):
        step(targets=BATCH["targets"])


@pytest.mark.parametrize("way", ["run", "plan"])
def test_a_feed_of_a_name_unknown_is_named(way: str) -> None:
    _, loss, session = network()
    step = session.plan([loss]) if way == "plan" else lambda **feeds: session.run([loss], feeds)
    with pytest.raises(GraphError, match=r"'labels': got a name this graph does not have, wanted inputs.*targets"):
        step(**BATCH, labels=1)


@pytest.mark.parametrize("way", ["run", "plan"])
def test_a_feed_of_the_wrong_shape_is_named_with_both_shapes(way: str) -> None:
    _, loss, session = network()
    step = session.plan([loss]) if way == "plan" else lambda **feeds: session.run([loss], feeds)
    with pytest.raises(GraphError, match=r"placeholder 'inputs': got shape \(2, 5\), wanted \(2, 6\)"):
        step(inputs=np.zeros((2, 5)), targets=BATCH["targets"])


def test_a_feed_that_a_plan_does_not_read_is_passed_over() -> None:
    graph, loss, session = network()
    graph.placeholder("learning_rate")
    session.plan([loss]).step(**BATCH, learning_rate=0.1)


@pytest.mark.parametrize("trainable", [True, False])
def test_a_variable_made_after_the_session_is_named(trainable: bool) -> None:
    graph, _, session = network()
    late = graph.variable("late", 1.0, trainable=trainable)
    with pytest.raises(GraphError, match="'late': was made after the session"):
        session.value(late)
    with pytest.raises(GraphError, match="'late': was made after the session"):
        session.plan([late])


def test_an_array_of_another_shape_is_not_stretched_over_a_variable() -> None:
    graph, _, session = network()
    weights = graph.variables["layer 1/weights"]
    with pytest.raises(GraphError, match=r"'layer 1/weights': got shape \(1, 3\), wanted \(5, 3\)"):
        session.assign(weights, np.ones((1, 3)))
    session.assign(weights, 0.5)
    assert set(session.value(weights).ravel()) == {0.5}


def test_a_run_that_breaks_names_the_first_quantity_that_is_not_finite() -> None:
    graph, loss, session = network(dtype=np.float32)
    huge = graph.variables["layer 1/weights"]
    session.assign(huge, np.full(huge.shape, 3e38))
    with np.errstate(all="ignore"):
        assert session.first_not_finite([loss], BATCH) == "layer 1/pre-activations"


def test_a_quantity_without_a_name_is_told_as_the_first_named_one_after_it() -> None:
    graph = Graph()
    named = ops.tanh(ops.log(graph.placeholder("x"))).named("squashed")
    session = Session(graph)
    with np.errstate(all="ignore"):
        assert session.first_not_finite([named], {"x": -1.0}) == "squashed"
        assert session.first_not_finite([named.inputs[0]], {"x": -1.0}) == "log"
        assert session.first_not_finite([named], {"x": 1.0}) is None
