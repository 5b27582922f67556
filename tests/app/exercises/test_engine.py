"""The numbers of the sheets are those of the engine and of finite differences; where it has none, of NumPy and scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peers

from app.exercises import exercises
from app.exercises.answers import MISFIT
from app.exercises.kinds import (
    adaboost_round,
    adam_step,
    backward_pass,
    cnn_sizes,
    lstm_step,
    precision_recall,
    shapes,
    softmax_cross_entropy,
)
from app.params import LARGEST_SEED
from app.topic import streams
from engine import Graph, GraphError, Session, convolution, dense, gradients, losses, ops, optimizers, recurrent
from engine.gradcheck import differences
from engine.learners.ensembles import adaboost
from engine.metrics import accuracy

SEEDS = st.integers(0, LARGEST_SEED)
ACTIVATIONS = {"sigmoid": ops.sigmoid, "tanh": ops.tanh, "ReLU": ops.relu}
over_seeds = settings(max_examples=25)
TINY = 1e-13
"""What two ways to the same sum may differ by where it cancels and nothing is left to be a share of."""


def solved(name: str, seed: int) -> dict[str, Any]:
    return exercises()[name].sheet(seed).solved()


@over_seeds
@given(SEEDS)
def test_a_backward_pass_is_that_of_the_engine_and_of_finite_differences(seed: int) -> None:
    it, ours = backward_pass.net(streams(seed).data), solved("backward-pass", seed)
    graph = Graph(np.float64)
    hidden = graph.variable("hidden", np.column_stack([it.w, it.b]))
    output = graph.variable("output", np.array([[*it.v, it.c]]))
    sums = ops.affine(hidden, graph.constant(np.array(it.x)[:, None]))
    activations = ACTIVATIONS[it.activation.words](sums)
    y = ops.affine(output, activations)
    loss = losses.mean_squared_error(y, graph.constant([[it.target]])) * 0.5
    slopes = gradients(loss, [y, output, sums, hidden])
    said = [each.ravel() for each in Session(graph).run([sums, activations, y, loss, *slopes])]
    z, h, outputs, cost, delta, by_output, by_sums, by_hidden = said
    names = ("z1", "z2", "h1", "h2", "y", "loss", "delta", "slope_v1", "delta1", "slope_w12")
    theirs = [*z, *h, outputs[0], cost[0], delta[0], by_output[0], by_sums[0], by_hidden[1]]
    np.testing.assert_allclose([ours[name] for name in names], theirs, rtol=1e-12, atol=TINY)
    nudged = [differences(graph, loss, node).ravel() for node in (output, hidden)]
    np.testing.assert_allclose([ours["slope_v1"], ours["slope_w12"]], [nudged[0][0], nudged[1][1]], rtol=1e-6, atol=1e-8)


@over_seeds
@given(SEEDS)
def test_softmax_and_cross_entropy_are_those_of_the_engine_and_of_finite_differences(seed: int) -> None:
    logits, target, other = softmax_cross_entropy.drawn_case(streams(seed).data)
    ours = solved("softmax-cross-entropy", seed)
    graph = Graph(np.float64)
    node = graph.variable("logits", np.array(logits)[:, None])
    loss = losses.softmax_cross_entropy(node, graph.constant(losses.one_hot(np.array([target - 1]), 3)))
    shares, cost, slopes = Session(graph).run([ops.softmax(node), loss, *gradients(loss, [node])])
    np.testing.assert_allclose([ours[f"p{n}"] for n in (1, 2, 3)], shares[:, 0], rtol=1e-12, atol=TINY)
    np.testing.assert_allclose(ours["loss"], cost, rtol=1e-12, atol=TINY)
    for n in (target, other):
        np.testing.assert_allclose(ours[f"delta{n}"], slopes[n - 1, 0], rtol=1e-12, atol=TINY)
        np.testing.assert_allclose(ours[f"delta{n}"], differences(graph, loss, node)[n - 1, 0], atol=1e-8)


@over_seeds
@given(SEEDS)
def test_a_step_of_an_lstm_is_that_of_the_engine(seed: int) -> None:
    it, ours = lstm_step.step(streams(seed).data), solved("lstm-step", seed)
    graph = Graph(np.float64)
    layer = recurrent.lstm(graph, "lstm", 1, 1, np.random.default_rng(0))
    hidden, cell = graph.constant([[it.h]]), graph.constant([[it.c]])
    made = layer([graph.constant([[it.x]])], hidden, cell)
    session = Session(graph)
    rows = [(u, w, b) for w, u, b in (it.weights[gate] for gate in "ifog")]
    session.assign(graph.variables["lstm/weights"], np.array(rows))
    nodes = [*(made.gates[gate][0] for gate in ("forget", "input", "candidate", "output")), made.cells[0], made.hidden[0]]
    theirs = [float(each[0, 0]) for each in session.run(nodes)]
    np.testing.assert_allclose([ours[name] for name in ("f", "i", "g", "o", "c", "h")], theirs, rtol=1e-12, atol=TINY)


@over_seeds
@given(SEEDS)
def test_a_step_of_adam_is_that_of_the_engine_and_its_slope_that_of_finite_differences(seed: int) -> None:
    it, ours = adam_step.step(streams(seed).data), solved("adam-step", seed)
    graph = Graph(np.float64)
    w = graph.variable("w", it.weight)
    loss = ops.square(w - it.lowest) * it.steepness
    np.testing.assert_allclose(ours["g"], differences(graph, loss, w), rtol=1e-6, atol=1e-8)
    update = optimizers.adam(loss, it.learning_rate, beta1=it.beta1, beta2=it.beta2)
    session = Session(graph)
    share = 1 / 16  # of the slope, which the engine remembers instead of a mean
    memory = {
        "mean": it.mean / (1 - it.beta1) * share,
        "squares": it.square / (1 - it.beta2) * share**2,
        "clock": it.t - 1,
    }
    plan = session.plan([loss], [update])
    for node in update.sets:
        if node.name in memory:
            session.assign(node, memory.pop(node.name))
    assert memory == {}
    plan()
    np.testing.assert_allclose(ours["w"], session.value(w), rtol=1e-9, atol=TINY)


@over_seeds
@given(SEEDS)
def test_a_round_of_adaboost_is_that_of_the_engine(seed: int) -> None:
    """A sample of three twentieths is there three times; of what the stump says there is but one way to split."""
    it, ours = adaboost_round.round_of(streams(seed).data), solved("adaboost-round", seed)
    copies = np.repeat(np.arange(adaboost_round.SAMPLES), it.parts)
    inputs, labels = np.array(it.said, float)[copies][None], (np.array(it.labels)[copies] + 1) // 2
    theirs = next(adaboost(inputs, labels))
    weights = np.bincount(copies, theirs.next_weights)
    assert ours["error"] == pytest.approx(theirs.error, rel=1e-12)
    assert ours["vote"] == pytest.approx(theirs.vote, rel=1e-12)
    assert ours["next_wrong"] == pytest.approx(weights[it.wrong[0]], rel=1e-12)
    assert ours["next_right"] == pytest.approx(weights[it.right[0]], rel=1e-12)


@over_seeds
@given(SEEDS)
def test_sizes_and_parameters_of_a_cnn_are_those_of_the_engines_layers(seed: int) -> None:
    it, ours, rng = cnn_sizes.network(streams(seed).data), solved("cnn-sizes", seed), np.random.default_rng(0)
    graph = Graph()
    images = graph.placeholder("images", (it.channels, it.side, it.side, 1))
    made = [images]
    for name, layer, channels in (("first", it.first, it.channels), ("second", it.second, it.first.filters)):
        convolve = convolution.convolution(
            graph, name, channels, layer.filters, rng, kernel_size=layer.kernel, stride=layer.stride, padding=layer.padding
        )
        made.append(convolve(made[-1]))
        made.append(convolution.maximum_pool(made[-1]) if name == "first" else convolution.flatten(made[-1]))
    dense(graph, "dense", made[-1].shape[0], cnn_sizes.CLASSES, rng)
    assert [ours["size1"], ours["size2"], ours["size3"], ours["flat"]] == [
        node.shape[0 if node is made[4] else 1] for node in made[1:]
    ]
    counts = [int(np.prod(variable.shape)) for variable in graph.variables.values()]
    assert [ours[f"parameters{n}"] for n in (1, 2, 3)] == counts
    assert ours["total"] == sum(counts)


@over_seeds
@given(SEEDS)
def test_shapes_are_those_of_numpy_and_of_the_engine(seed: int) -> None:
    it, ours = shapes.arrays(streams(seed).data), solved("shapes", seed)
    x, w, b, u = (np.ones(sizes) for sizes in (it.x, it.w, it.b, it.u))
    made = x @ w
    assert ours["product"] == made.shape
    assert ours["gram"] == (x.T @ x).shape
    assert ours["means"] == made.mean(axis=0).shape
    assert ours["sum"] == shape_of(lambda: made + b)
    assert ours["centred"] == shape_of(lambda: made - made.mean(axis=1, keepdims=it.keeps))
    assert ours["outer"] == shape_of(lambda: u * b)
    graph = Graph()
    batch, channels, side, _ = it.images
    count, _, kernel, _ = it.filters
    images = graph.placeholder("images", (channels, side, side, batch))
    layer = convolution.convolution(
        graph, "layer", channels, count, np.random.default_rng(0), kernel_size=kernel, stride=it.stride, padding=it.padding
    )
    convolved = layer(images)
    assert ours["convolved"] == (convolved.shape[-1], *convolved.shape[:-1]), "the engine has samples last"
    assert ours["flat"] == convolution.flatten(convolved).shape[::-1]
    if ours["sum"] == MISFIT:
        with pytest.raises(GraphError):
            graph.placeholder("made", made.shape) + graph.placeholder("b", it.b)


def shape_of(calculate: Any) -> tuple[int, ...]:
    try:
        shape: tuple[int, ...] = calculate().shape
    except ValueError:
        return MISFIT
    return shape


@over_seeds
@given(SEEDS)
def test_precision_and_recall_are_those_of_scikit_learn_and_the_accuracy_that_of_the_engine(seed: int) -> None:
    it, ours = precision_recall.counts(streams(seed).data), solved("precision-recall", seed)
    is_so = np.repeat([1, 0, 1, 0], [it.tp, it.fp, it.fn, it.tn])
    said = np.repeat([1, 1, 0, 0], [it.tp, it.fp, it.fn, it.tn])
    assert ours["precision"] == pytest.approx(peers.precision_score(is_so, said))
    assert ours["recall"] == pytest.approx(peers.recall_score(is_so, said))
    assert ours["f1"] == pytest.approx(peers.f1_score(is_so, said))
    assert ours["accuracy"] == pytest.approx(accuracy(2.0 * said[None] - 1, is_so))
    assert ours["baseline"] == pytest.approx((is_so == 0).mean())
    assert ours["false_positive_rate"] == pytest.approx(said[is_so == 0].mean())
