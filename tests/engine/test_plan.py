"""A plan computes what the plain interpreter computes, on graphs nobody wrote, and keeps its buffers apart."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Assign,
    Dropout,
    Graph,
    GraphError,
    Node,
    Session,
    Update,
    batch_norm,
    convolution,
    gradients,
    losses,
    mlp,
    ops,
    optimizers,
    recurrent,
)
from engine.plan import HOT


def turned(a: Node, b: Node) -> Node:
    return ops.matmul(ops.transpose(a), b)


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
    lambda a, b: ops.rows(ops.concatenate([ops.tanh(a), b, a]), 2, 5),
    lambda a, b: ops.concatenate([ops.rows(ops.sigmoid(a), place, place + 1) for place in (2, 0, 1)]) * b,
    lambda a, b: ops.rows(ops.with_ones(ops.concatenate([ops.relu(a), ops.tanh(b), ops.relu(a)])), 5, 8),
    lambda a, b: a * 1.0,
    lambda a, b: ops.softplus(a) / (ops.square(b) + 1.0),
    lambda a, b: ops.inner(a, b) * a,
    lambda a, b: ops.tanh(sum((turned(a, each) for each in (a, b * 2.0, a - b)), start=turned(a, b))),
)

recipes = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25)


def grown(graph: Graph, recipe: list[tuple[int, int, int]], *more: Node) -> list[Node]:
    nodes = [graph.placeholder("x", (3, 3)), graph.variable("w", np.eye(3) * 0.5 + 0.1), graph.constant(np.full((3, 3), 0.3))]
    nodes += more
    for step, first, second in recipe:
        nodes.append(STEPS[step](nodes[first % len(nodes)], nodes[second % len(nodes)]))
    return nodes


@pytest.mark.parametrize("beside", [ops.with_ones, lambda a: ops.concatenate([a, a * 2.0])], ids=["with_ones", "concatenate"])
def test_what_is_fed_is_not_written_over_by_what_is_computed_before_it_is_read(beside: Callable[[Node], Node]) -> None:
    graph = Graph(np.float64)
    w, x = graph.variable("w", np.eye(3)), graph.placeholder("x", (3, 3))
    product = ops.total(ops.square(beside(ops.tanh(w)))) * ops.total(beside(x))
    session = Session(graph)
    fed = np.arange(9.0).reshape(3, 3)
    np.testing.assert_allclose(session.plan([product])(x=fed), session.run([product], {"x": fed}))


@settings(max_examples=150)
@given(recipes, st.integers(0, 2**32 - 1))
def test_a_plan_equals_the_interpreter_on_random_graphs(recipe: list[tuple[int, int, int]], seed: int) -> None:
    graph = Graph(np.float64)
    nodes = grown(graph, recipe)
    loss = ops.total(nodes[-1] * nodes[-1] + nodes[1])
    outputs = [loss, nodes[-1], nodes[len(nodes) // 2], *gradients(loss, [nodes[1]])]
    session = Session(graph)
    with patch("engine.plan.HOT", 2):
        plan = session.plan(outputs)
    rng = np.random.default_rng(seed)
    for _ in range(3):  # the third is run by the generated function
        x = rng.normal(size=(3, 3))
        for planned, plain in zip(plan(x=x), session.run(outputs, {"x": x}), strict=True):
            np.testing.assert_allclose(planned, plain, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(plain).max(initial=0)))


@settings(max_examples=60)
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


@settings(max_examples=150)
@given(recipes, st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_what_is_set_becomes_what_the_interpreter_makes_of_the_old_values(
    recipe: list[tuple[int, int, int]], which: int, seed: int
) -> None:
    graph, rng = Graph(np.float64), np.random.default_rng(seed)
    states = [graph.variable(name, rng.normal(size=(3, 3)), trainable=False) for name in ("first", "second", "third")]
    nodes = grown(graph, recipe, *states)
    loss, any_node = ops.mean(ops.tanh(nodes[-1] * nodes[1])), nodes[which % len(nodes)]
    new = [states[0] * 0.5 + any_node, any_node, ops.tanh(ops.transpose(states[2])) - states[2]]
    updates: list[Update | Assign] = [optimizers.adam(loss, 0.1), *(Assign(*pair) for pair in zip(states, new, strict=True))]
    session = Session(graph)
    sets = {target: value for update in updates for target, value in update.sets.items()}
    plan = session.plan([any_node, nodes[-1]], updates)
    for _ in range(3):
        x = rng.normal(size=(3, 3))
        wanted = session.run([any_node, nodes[-1], *sets.values()], {"x": x})
        got = [*plan(x=x), *map(session.value, sets)]
        for ours, plain in zip(got, wanted, strict=True):
            np.testing.assert_allclose(ours, plain, rtol=1e-8, atol=1e-8 * max(1.0, np.abs(plain).max(initial=0)))


def test_adam_reads_and_writes_its_vectors_in_place_in_eleven_calls() -> None:
    _, loss, session = network()
    update = optimizers.adam(loss, 0.1)
    plan = session.plan([loss], [update])
    vector = (session.values.size,)
    calls = [arguments for _, arguments in plan.calls if getattr(arguments[-1] if arguments else None, "shape", ()) == vector]
    assert len(calls) == 11
    assert len({array.ctypes.data for arguments in calls for array in arguments if array.shape == vector}) == 4  # w, m, v, g
    assert np.shares_memory(calls[-1][-1], session.values)


def test_two_updates_of_one_plan_may_not_set_the_same_variable() -> None:
    _, loss, session = network()
    with pytest.raises(GraphError, match="'layer 1/weights': is set by two updates of one plan, wanted one"):
        session.plan([loss], [optimizers.sgd(loss, 0.1), optimizers.momentum(loss, 0.1)])


def network(activation: str = "tanh") -> tuple[Graph, Node, Session]:
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, 6)), graph.placeholder("targets", (3, 6))
    net = mlp(graph, (2, 5, 3), np.random.default_rng(0), activation)
    loss = losses.softmax_cross_entropy(net(inputs), targets)
    return graph, loss, Session(graph)


BATCH = {"inputs": np.random.default_rng(1).normal(size=(2, 6)), "targets": losses.one_hot(np.array([0, 1, 2, 0, 1, 2]), 3)}


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
    plan.feed(BATCH)
    assert grown_by(lambda: plan.step(learning_rate=0.1)) < 2_000


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_ten_thousand_steps_with_any_optimizer_hold_no_more_than_one(name: str) -> None:
    _, loss, session = network()
    plan = session.plan([loss], [optimizers.OPTIMIZERS[name](loss, 0.001)])
    plan.feed(BATCH)
    assert grown_by(plan.step) < 1_000


def test_ten_thousand_steps_of_layers_that_work_in_arrays_of_their_own_hold_no_more_than_one() -> None:
    graph, rng = Graph(), np.random.default_rng(0)
    words = recurrent.embedding(graph, "words", 5, 16, rng)(graph.placeholder("symbols", (4,)))
    pooled = convolution.maximum_pool(ops.reshape(words, (1, 4, 4, 4)))
    normal, assigns = batch_norm(graph, "norm", 4)(ops.reshape(pooled, (4, 4)), True)
    dropout = Dropout(0.5)
    loss = ops.mean(ops.square(dropout(normal)))
    plan = Session(graph).plan([loss], [optimizers.adam(loss, 0.001, clip_norm=0.1), *assigns])
    plan.feed({"symbols": np.array([0, 1, 4, 1])})
    assert grown_by(lambda: plan.step(**dropout.draw(rng))) < 1_000


def grown_by(step: Callable[[], None]) -> int:
    """The bytes that ten thousand steps of a hot plan leave behind."""
    for _ in range(HOT):
        step()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10_000):
        step()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown


def test_no_call_of_a_step_makes_an_array_of_the_size_of_a_layer() -> None:
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (20, 2000)), graph.placeholder("targets", (10, 2000))
    net = mlp(graph, (20, 30, 10), np.random.default_rng(0), "relu")
    loss = losses.softmax_cross_entropy(net(inputs), targets)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, 0.001)])
    plan.step(inputs=np.ones((20, 2000)), targets=np.full((10, 2000), 0.1))
    tracemalloc.start()
    plan.step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000  # NumPy's own working space for a broadcast, at most 33 KB; the smallest layer has 80 KB


def test_buffers_are_used_again_once_read() -> None:
    graph = Graph()
    node = graph.placeholder("x", (10, 10))
    for _ in range(30):
        node = ops.tanh(node)
    assert Session(graph).plan([node]).bytes <= 4 * 100 * 4


def test_a_tall_product_with_a_turned_factor_multiplies_by_a_copy_of_it() -> None:
    graph = Graph(np.float64)
    a, b, c = (graph.placeholder(name, shape) for name, shape in (("a", (64, 5)), ("b", (7, 5)), ("c", (7, 5))))
    outputs = [ops.matmul(a, ops.transpose(b)), ops.matmul(a, ops.transpose(c)), ops.matmul(b, ops.transpose(c))]
    session = Session(graph)
    plan = session.plan(outputs)
    copies = [arguments[0] for function, arguments in plan.calls if function is np.copyto]
    assert len(copies) == 2
    assert copies[0] is copies[1], "the copy's buffer serves both"
    feeds = {node.name: np.random.default_rng(0).normal(size=node.shape) for node in (a, b, c)}
    for planned, plain in zip(plan(**feeds), session.run(outputs, feeds), strict=True):
        np.testing.assert_allclose(planned, plain, rtol=1e-12, atol=1e-12)


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


def test_outputs_are_values_of_before_the_updates() -> None:
    graph, loss, session = network()
    weights = graph.variables["layer 1/weights"]
    plan = session.plan([weights, ops.transpose(weights)], [optimizers.sgd(loss, 1.0)])
    before = session.value(weights)
    straight, turned = plan(**BATCH)
    np.testing.assert_array_equal(straight, before)
    np.testing.assert_array_equal(turned, before.T)
    assert (session.value(weights) != before).any()


def test_two_values_may_be_exchanged_in_one_step() -> None:
    graph = Graph()
    first, second = graph.variable("first", 1.0, trainable=False), graph.variable("second", 2.0, trainable=False)
    session = Session(graph)
    session.plan([], [Assign(first, second), Assign(second, first)]).step()
    assert [float(session.value(node)) for node in (first, second)] == [2.0, 1.0]


def test_the_flat_function_is_there_to_be_read() -> None:
    _, loss, session = network()
    source = session.plan([loss]).source
    assert source.startswith("def step(")
    assert source.count("\n") == len(session.plan([loss]).calls)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_hot_plan_goes_on_with_the_numbers_of_a_cold_one(activation: str) -> None:
    runs = []
    for hot in (3, HOT):
        with patch("engine.plan.HOT", hot):
            _, loss, session = network(activation)
            plan = session.plan([loss], [optimizers.adam(loss, 0.01)])
        runs.append([plan(**BATCH)[0].tobytes() for _ in range(10)])
    assert runs[0] == runs[1]


def test_a_plan_that_is_gone_leaves_its_buffers_to_nobody() -> None:
    _, loss, session = network()
    with patch("engine.plan.HOT", 1):
        plan = session.plan([loss])
    plan.step(**BATCH)
    gone = weakref.ref(plan.outputs[0])
    gc.disable()
    del plan
    gc.enable()
    assert gone() is None


def test_what_is_set_side_by_side_is_computed_in_its_place() -> None:
    graph = Graph()
    x, w = graph.placeholder("x", (2, 4)), graph.variable("w", np.ones((3, 5)))
    stack = ops.concatenate([ops.tanh(x), ops.relu(x)])
    plan = Session(graph).plan([ops.affine(w, stack)])
    assert [call[0] for call in plan.calls].count(np.copyto) == 0
    assert len(plan.calls) == 3


def test_gradients_of_rows_are_set_side_by_side_instead_of_added() -> None:
    graph = Graph()
    x = graph.variable("x", np.ones((6, 4)))
    top, middle = ops.rows(x, 0, 2), ops.rows(x, 3, 5)
    (slope,) = gradients(ops.total(ops.tanh(top) * middle), [x])
    assert (slope.op, slope.attributes["starts"]) == ("assembled", (0, 3))
    (added,) = gradients(ops.total(ops.tanh(top)) + ops.total(ops.rows(x, 1, 3)), [x])
    assert added.op == "add"


def test_a_large_product_is_cut_into_some_that_the_library_has_kernels_for() -> None:
    graph = Graph(np.float64)
    a, b = graph.placeholder("a", (17, 90)), graph.placeholder("b", (90, 1000))
    rng = np.random.default_rng(0)
    feeds = {"a": rng.normal(size=a.shape), "b": rng.normal(size=b.shape)}
    plan = Session(graph).plan([a @ b])
    assert len(plan.calls) == 2
    np.testing.assert_allclose(plan(**feeds)[0], feeds["a"] @ feeds["b"], rtol=1e-12)


def test_a_matrix_that_many_products_want_turned_is_turned_once_a_step_and_anew_after_an_update() -> None:
    graph = Graph(np.float64)
    weights, x = graph.variable("weights", np.arange(12.0).reshape(4, 3), trainable=False), graph.placeholder("x", (4, 2))
    products = [turned(weights, x * float(factor)) for factor in range(2, 6)]
    session = Session(graph)
    plan = session.plan(products, [Assign(weights, weights * 2.0)])
    left: list[Any] = [owner for call, _ in plan.calls if (owner := getattr(call, "__self__", None)) is not None]
    assert len(left) == 4
    assert all(matrix is left[0] and matrix.flags.c_contiguous for matrix in left)
    ones = np.ones((4, 2))
    first, second = (plan(x=ones)[0] for _ in range(2))
    np.testing.assert_array_equal(first, np.arange(12.0).reshape(4, 3).T @ ones * 2)
    np.testing.assert_array_equal(second, first * 2)
