"""Recurrent layers against PyTorch, every step fetched and differentiated, and sequences that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, dense, gradients, losses, ops, optimizers, recurrent
from engine.gradcheck import gradient_error
from tests.engine.golden import GOLDEN, equal

RNG = np.random.default_rng(0)
UNITS, FEATURES = 4, 3
KINDS: dict[str, Any] = {"rnn": recurrent.rnn, "gru": recurrent.gru, "lstm": recurrent.lstm}


def everything(node: Node) -> Node:
    return ops.total(node, tuple(range(-len(node.shape), 0)))


def golden_weights(kind: str) -> dict[str, Any]:
    """The golden weights by the names of our variables."""
    blocks = GOLDEN["recurrent"].reshape(4, UNITS, -1)
    whole = blocks[: {"rnn": 1, "gru": 3, "lstm": 4}[kind]].reshape(-1, UNITS + FEATURES + 1)
    if kind != "gru":
        return {"weights": whole}
    state = np.concatenate([whole[:, :UNITS], whole[:, -1:] * 0.5], axis=1)
    return {"state weights": state, "input weights": whole[:, UNITS:]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_recurrent_layer_has_the_values_and_gradients_of_pytorch(kind: str) -> None:
    graph = Graph(np.float64)
    inputs = graph.variable("inputs", GOLDEN["sequence"])
    sequence = KINDS[kind](graph, "cell", FEATURES, UNITS, RNG)(inputs).sequence
    begin = golden_weights(kind)
    weights = [graph.variables[f"cell/{name}"] for name in begin]
    outputs = [sequence, *gradients(everything(sequence * sequence), [inputs, *weights])]
    session = Session(graph)
    for node, value in zip(weights, begin.values(), strict=True):
        session.assign(node, value)
    for way in (session.plan(outputs)(), session.run(outputs)):
        for got, part in zip(way, ("hidden", "inputs", *begin), strict=True):
            equal(got, f"{kind}/{part}")


def test_an_embedding_has_the_values_and_gradients_of_pytorch() -> None:
    graph = Graph(np.float64)
    symbols = graph.placeholder("symbols", (5, 6))
    found = recurrent.embedding(graph, "words", 7, FEATURES, RNG)(symbols)
    table = graph.variables["words/table"]
    session = Session(graph)
    session.assign(table, GOLDEN["table"])
    plan = session.plan([found, *gradients(everything(found * found), [table])])
    for got, part in zip(plan(symbols=GOLDEN["symbols"]), ("values", "table"), strict=True):
        equal(got, f"embedding/{part}")


@pytest.mark.parametrize("name", ["all", "masked"])
def test_the_cross_entropy_of_sequences_is_that_of_pytorch(name: str) -> None:
    graph = Graph(np.float64)
    logits = graph.variable("logits", GOLDEN["sequence"])
    labels = GOLDEN["symbols"] % FEATURES
    weights = np.ones(labels.shape)
    weights[-2:] = 0
    targets = graph.constant(np.eye(FEATURES)[labels].transpose(2, 0, 1))
    loss = losses.sequence_cross_entropy(logits, targets, graph.constant(weights) if name == "masked" else None)
    value, slope = Session(graph).plan([loss, *gradients(loss, [logits])])()
    equal(value, f"sequence_cross_entropy/{name}")
    equal(slope, f"sequence_cross_entropy/{name} slope")


@pytest.mark.parametrize("kind", KINDS)
def test_its_gradient_is_what_differences_measure_also_twice(kind: str) -> None:
    def penalty(inputs: Node) -> Node:
        made = KINDS[kind](inputs.graph, "cell", 2, 2, np.random.default_rng(0))(inputs)
        (slope,) = gradients(everything(made.sequence * made.sequence), [inputs])
        return everything(slope * slope)

    assert gradient_error(penalty, [RNG.normal(size=(2, 3, 2))]) < 1e-6


def test_every_state_cell_and_gate_of_every_step_can_be_fetched_by_name() -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (FEATURES, 3, 5))
    made = recurrent.lstm(graph, "memory", FEATURES, UNITS, RNG)(inputs)
    assert [node.name for node in made.hidden] == ["memory/hidden 1", "memory/hidden 2", "memory/hidden 3"]
    assert made.gates["forget"][1].name == "memory/forget 2"
    nodes = [*made.hidden, *made.cells, *(node for gate in made.gates.values() for node in gate)]
    values = dict(zip(nodes, Session(graph).plan(nodes)(inputs=RNG.normal(size=inputs.shape)), strict=True))
    for place in range(3):
        taken, kept, shown, candidate = (values[made.gates[gate][place]] for gate in ("input", "forget", "output", "candidate"))
        before = values[made.cells[place - 1]] if place else 0.0
        np.testing.assert_allclose(values[made.cells[place]], kept * before + taken * candidate)
        np.testing.assert_allclose(values[made.hidden[place]], shown * np.tanh(values[made.cells[place]]))


def test_the_gradient_at_every_step_is_a_node_and_they_explain_that_of_the_weights() -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (2, 6, 3))
    made = recurrent.rnn(graph, "rnn", 2, 3, RNG, activation=lambda node: node)(inputs)
    weights = graph.variables["rnn/weights"]
    *slopes, whole = gradients(everything(made.last), [*made.hidden, weights])
    session = Session(graph)
    at, by_weights = session.run(slopes, (feeds := {"inputs": RNG.normal(size=inputs.shape)})), session.run([whole], feeds)[0]
    matrix = session.value(weights)[:, :3]
    for later, earlier in zip(at[:0:-1], at[-2::-1], strict=True):
        np.testing.assert_allclose(earlier, matrix.T @ later)
    states = [np.zeros((3, 3)), *session.run(made.hidden[:-1], feeds)]
    read = [np.concatenate([state, feeds["inputs"][:, place], np.ones((1, 3))]) for place, state in enumerate(states)]
    np.testing.assert_allclose(by_weights, sum(slope @ x.T for slope, x in zip(at, read, strict=True)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_goes_on_from_the_state_it_is_given(kind: str) -> None:
    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (FEATURES, 4, 2))
    layer = KINDS[kind](graph, "cell", FEATURES, UNITS, RNG)
    whole, begin = layer(inputs), layer([recurrent.step_of(inputs, place) for place in (0, 1)])
    states = (begin.last, begin.cells[-1]) if kind == "lstm" else (begin.last,)
    rest = layer([recurrent.step_of(inputs, place) for place in (2, 3)], *states)
    at_once, in_two = Session(graph).plan([whole.last, rest.last])(inputs=RNG.normal(size=inputs.shape))
    np.testing.assert_allclose(at_once, in_two)


def test_the_forget_gates_begin_at_their_bias() -> None:
    graph = Graph()
    recurrent.lstm(graph, "lstm", 2, 3, RNG, forget_bias=5.0)
    bias = graph.variables["lstm/weights"].attributes["initial"][:, -1]
    np.testing.assert_array_equal(bias, [0] * 3 + [5] * 3 + [0] * 6)


def test_an_lstm_learns_to_report_the_first_symbol_after_distractors() -> None:
    rng = np.random.default_rng(0)
    graph = Graph()
    symbols, targets = graph.placeholder("symbols", (10, 32)), graph.placeholder("targets", (4, 32))
    words = recurrent.embedding(graph, "words", 4, 4, rng, std=1.0)
    states = recurrent.lstm(graph, "lstm", 4, 16, rng, forget_bias=3.0)(words(symbols)).sequence
    head = recurrent.at_every_step(dense(graph, "head", 16, 4, rng), states)
    loss = losses.softmax_cross_entropy(recurrent.step_of(head, 9), targets)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, 0.02, clip_norm=1.0)])
    for _ in range(300):
        batch = rng.integers(0, 4, (10, 32))
        (value,) = plan(symbols=batch, targets=losses.one_hot(batch[0], 4))
    assert float(value) < 0.1


def test_sequences_and_states_that_do_not_fit_are_named() -> None:
    graph = Graph()
    layer = recurrent.lstm(graph, "memory", 3, 4, RNG)
    with pytest.raises(GraphError, match=r"memory: got words \(2, 5, 6\), wanted \(3, steps, n\)"):
        layer(graph.placeholder("words", (2, 5, 6)))
    with pytest.raises(GraphError, match=r"memory: got word \(2, 6\), wanted \(3, n\) for each step"):
        layer([graph.placeholder("word", (2, 6))])
    with pytest.raises(GraphError, match=r"memory: got the state before \(5, 6\), wanted \(4, 6\)"):
        layer([graph.placeholder("x", (3, 6))], graph.placeholder("before", (5, 6)))
    with pytest.raises(GraphError, match="gru: got sizes"):
        recurrent.gru(graph, "gru", 0, 4, RNG)


@pytest.mark.parametrize("way", ["run", "plan"])
@pytest.mark.parametrize("number", [-1, 5])
def test_a_symbol_that_is_no_entry_is_named(way: str, number: int) -> None:
    graph = Graph()
    found = recurrent.embedding(graph, "words", 5, 2, RNG)(graph.placeholder("symbols", (2,)))
    session = Session(graph)
    run = session.plan([found]) if way == "plan" else lambda **feeds: session.run([found], feeds)
    with pytest.raises(GraphError, match=f"'words/table': got number {number}, wanted 0 to 4"):
        run(symbols=[0, number])


def test_weights_of_a_sequence_that_do_not_fit_are_named() -> None:
    graph = Graph()
    logits, targets = graph.placeholder("logits", (3, 4, 5)), graph.placeholder("targets", (3, 4, 5))
    with pytest.raises(GraphError, match=r"weights mask \(5, 4\), wanted \(4, 5\)"):
        losses.sequence_cross_entropy(logits, targets, graph.placeholder("mask", (5, 4)))
    with pytest.raises(GraphError, match=r"logits \(3, 4, 5\) and labels \(3, 20\)"):
        losses.sequence_cross_entropy(logits, graph.placeholder("labels", (3, 20)))
