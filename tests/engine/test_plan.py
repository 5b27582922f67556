"""A plan computes what the plain interpreter computes, on graphs nobody wrote, and keeps its buffers apart."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Assign, Graph, GraphError, Node, Session, gradients, losses, mlp, ops, optimizers

STEPS = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: ops.tanh(a),
    lambda a, b: ops.sigmoid(b),
    lambda a, b: ops.relu(a),
    ops.maximum,
    lambda a, b: ops.matmul(a, ops.transpose(b)) if a.shape == (3, 3) else a,
    lambda a, b: ops.transpose(a) if a.shape == (3, 3) else b,
    lambda a, b: ops.with_ones(ops.rows(a, 0, 2)),
    lambda a, b: ops.rows(ops.with_ones(ops.tanh(a)), 1, 4),
    lambda a, b: ops.affine(ops.transpose(ops.with_ones(a)), b),
    lambda a, b: ops.broadcast_to(ops.total(a, -1, keepdims=True), (3, 3)),
    lambda a, b: ops.broadcast_to(ops.mean(b, -2, keepdims=True), (3, 3)),
    lambda a, b: ops.reshape(ops.reshape(a, (9, 1)), (3, 3)),
    lambda a, b: ops.concatenate([ops.rows(a, 1, 3), ops.rows(b, 0, 1)]),
    lambda a, b: a * 1.0,
    lambda a, b: ops.softplus(a) / (ops.square(b) + 1.0),
)

recipes = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25)


def grown(graph: Graph, recipe: list[tuple[int, int, int]]) -> list[Node]:
    nodes = [graph.placeholder("x", (3, 3)), graph.variable("w", np.eye(3) * 0.5 + 0.1), graph.constant(np.full((3, 3), 0.3))]
    for step, first, second in recipe:
        nodes.append(STEPS[step](nodes[first % len(nodes)], nodes[second % len(nodes)]))
    return nodes


@settings(max_examples=150, deadline=None)
@given(recipes, st.integers(0, 2**32 - 1))
def test_a_plan_equals_the_interpreter_on_random_graphs(recipe: list[tuple[int, int, int]], seed: int) -> None:
    graph = Graph(np.float64)
    nodes = grown(graph, recipe)
    loss = ops.total(nodes[-1] * nodes[-1] + nodes[1])
    outputs = [loss, nodes[-1], nodes[len(nodes) // 2], *gradients(loss, [nodes[1]])]
    session = Session(graph)
    plan = session.plan(outputs)
    rng = np.random.default_rng(seed)
    for _ in range(2):
        x = rng.normal(size=(3, 3))
        for planned, plain in zip(plan(x=x), session.run(outputs, {"x": x}), strict=True):
            np.testing.assert_allclose(planned, plain, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(plain).max(initial=0)))


@settings(max_examples=60, deadline=None)
@given(recipes, st.integers(0, 2**32 - 1))
def test_an_update_reads_all_old_values_before_it_writes(recipe: list[tuple[int, int, int]], seed: int) -> None:
    graph = Graph(np.float64)
    nodes = grown(graph, recipe)
    loss = ops.mean(ops.tanh(nodes[-1] * nodes[1]))
    (slope,) = gradients(loss, [nodes[1]])
    session = Session(graph)
    x = np.random.default_rng(seed).normal(size=(3, 3))
    old = session.value(nodes[1])
    value, by_interpreter = session.run([loss, slope], {"x": x})
    plan = session.plan([loss], [optimizers.sgd(loss, 0.1)])
    np.testing.assert_allclose(plan(x=x)[0], value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(session.value(nodes[1]), old - 0.1 * by_interpreter, rtol=1e-9, atol=1e-12)


def network(sweep: int | None = None, **more: Any) -> tuple[Graph, Node, Session]:
    graph = Graph(sweep=sweep)
    inputs, targets = graph.placeholder("inputs", (2, 6)), graph.placeholder("targets", (3, 6))
    net = mlp(graph, (2, 5, 3), np.random.default_rng(0), **more)
    loss = losses.softmax_cross_entropy(net(inputs), targets)
    return graph, loss, Session(graph)


BATCH = {"inputs": np.random.default_rng(1).normal(size=(2, 6)), "targets": losses.one_hot(np.array([0, 1, 2, 0, 1, 2]), 3)}


def test_a_sweep_trains_each_copy_as_if_it_were_alone() -> None:
    rates = [0.01, 0.1, 1.0]
    graph, loss, session = network(sweep=3)
    plan = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate", (3, 1)))])
    for _ in range(20):
        together = plan(**BATCH, learning_rate=np.array(rates)[:, None])[0]
    for place, rate in enumerate(rates):
        graph, loss, session = network()
        alone = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
        for _ in range(20):
            (value,) = alone(**BATCH, learning_rate=rate)
        np.testing.assert_allclose(together[place], value, rtol=2e-3)


def test_outputs_are_copies_that_later_steps_leave_alone() -> None:
    _, loss, session = network()
    plan = session.plan([loss], [optimizers.sgd(loss, 1.0)])
    first = plan(**BATCH)[0]
    kept = float(first)
    plan.step()
    assert float(first) == kept
    assert float(plan.outputs[0]) < kept


def test_ten_thousand_steps_allocate_nothing_that_stays() -> None:
    graph, loss, session = network()
    plan = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    plan.step(**BATCH, learning_rate=0.1)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10_000):
        plan.step(learning_rate=0.1)
    grown_by = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown_by < 2_000


def test_buffers_are_used_again_once_read() -> None:
    graph = Graph()
    node = graph.placeholder("x", (10, 10))
    for _ in range(30):
        node = ops.tanh(node)
    assert Session(graph).plan([node]).bytes <= 4 * 100 * 4


def test_folding_sharing_and_dead_code_leave_only_what_is_needed() -> None:
    graph = Graph()
    x = graph.placeholder("x", (2, 2))
    ops.exp(x)  # dead: nobody fetches it
    folded = ops.square(graph.constant(np.full((2, 2), 3.0)))
    plan = Session(graph).plan([ops.tanh(x) * folded + ops.tanh(x) * folded])
    assert len(plan.calls) == 3  # one tanh, one product, one sum
    assert plan.removed["folded"] == 1
    assert plan(x=np.full((2, 2), 0.5))[0] == pytest.approx(np.full((2, 2), 18 * np.tanh(0.5)))


def test_zero_times_infinity_is_not_folded_away() -> None:
    graph = Graph()
    x = graph.placeholder("x", (1, 1))
    with np.errstate(invalid="ignore"):
        assert np.isnan(Session(graph).plan([x * 0.0])(x=[[np.inf]])[0]).all()


def test_a_missing_an_unknown_and_a_misshapen_feed_are_named() -> None:
    _, loss, session = network()
    plan = session.plan([loss])
    with pytest.raises(GraphError, match=r"placeholder 'inputs': got no feed, wanted inputs \(2, 6\), targets \(3, 6\)"):
        plan.step()
    with pytest.raises(GraphError, match="'labels': got a name this graph does not have"):
        plan.step(labels=1)
    with pytest.raises(GraphError, match=r"'inputs': got shape \(2, 5\), wanted \(2, 6\)"):
        plan.step(inputs=np.zeros((2, 5)))


def test_a_running_value_is_assigned_after_everything_else() -> None:
    graph = Graph()
    x, seen = graph.placeholder("x"), graph.variable("seen", 0.0, trainable=False)
    session = Session(graph)
    plan = session.plan([seen + x], [Assign(seen, seen + x)])
    assert [float(plan(x=1.0)[0]) for _ in range(3)] == [1.0, 2.0, 3.0]


def test_a_run_that_breaks_names_the_first_quantity_that_is_not_finite() -> None:
    _, loss, session = network()
    huge = dict(session.graph.variables)["layer 1/weights"]
    session.assign(huge, np.full(huge.shape, 3e38))
    with np.errstate(all="ignore"):
        assert session.first_not_finite([loss], BATCH) == "layer 1/pre-activations"
