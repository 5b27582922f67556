"""The engine against PyTorch, in float64, through the values that `scripts/make_golden.py` has written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import (
    Dropout,
    Graph,
    Node,
    Session,
    activations,
    batch_norm,
    gradients,
    layer_norm,
    losses,
    minibatch_std,
    ops,
    optimizers,
    rms_norm,
    spectral_norm,
)
from engine.networks.activations import ACTIVATIONS
from tests.engine.golden import GOLDEN, equal

SMOOTH = {**ACTIVATIONS, "softmax": activations.softmax}
LOSSES = [name.removesuffix("/loss") for name in GOLDEN if name.endswith("/loss")]
LAYERS_ELSEWHERE = {
    *("convolution", "strided convolution", "transposed convolution", "average pool", "blur pool"),
    *("maximum pool", "overlapping maximum pool", "global average", "global maximum"),
    *("embedding", "rnn", "gru", "lstm", "sequence_cross_entropy"),
    *("attention", "causal attention", "pre block", "post block"),
}
"""Compared in `test_convolution.py`, `test_recurrent.py`, `test_attention.py` and `test_transformer.py`."""

OPTIMIZERS: dict[str, tuple[Callable[..., Any], float, dict[str, float]]] = {
    "sgd": (optimizers.sgd, 0.1, {}),
    "sgd clipped": (optimizers.sgd, 0.1, {"clip_norm": 0.05}),
    "momentum": (optimizers.momentum, 0.1, {}),
    "momentum clipped": (optimizers.momentum, 0.1, {"clip_norm": 0.05}),
    "nesterov": (optimizers.nesterov, 0.1, {}),
    "adagrad": (optimizers.adagrad, 0.1, {}),
    "rmsprop": (optimizers.rmsprop, 0.01, {}),
    "adam": (optimizers.adam, 0.01, {}),
    "adam clipped": (optimizers.adam, 0.01, {"clip_norm": 0.05}),
    "adamw": (optimizers.adamw, 0.01, {"weight_decay": 0.1}),
}


def dense(graph: Graph, weights: str, inputs: str) -> tuple[Node, Node, Node]:
    """A layer's outputs, weights and inputs, the last two as variables that begin at the golden values."""
    w, x = graph.variable(weights, GOLDEN[weights]), graph.variable(inputs, GOLDEN[inputs])
    return ops.affine(w, x), w, x


@pytest.mark.parametrize("name", sorted(set(SMOOTH) - {"step"}))
def test_a_dense_layer_has_the_values_and_gradients_of_pytorch(name: str) -> None:
    graph = Graph(np.float64)
    summed, weights, inputs = dense(graph, "first", "inputs")
    made = SMOOTH[name](summed)
    slopes = gradients(ops.total(made * graph.constant(GOLDEN["upstream"])), [weights, inputs])
    for got, part in zip(Session(graph).plan([made, *slopes])(), ("values", "weights", "inputs"), strict=True):
        equal(got, f"{name}/{part}")


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_has_the_value_and_gradient_of_pytorch(name: str) -> None:
    graph = Graph(np.float64)
    outputs, weights, _ = dense(graph, "second", "upstream")
    targets = {"kl_divergence": (GOLDEN["targets"] + 0.2) / 1.6, "hinge": GOLDEN["targets"] * 2 - 1}  # any distribution; signs
    loss = getattr(losses, name)(outputs, graph.constant(targets.get(name, GOLDEN["targets"])))
    value, slope = Session(graph).plan([loss, *gradients(loss, [weights])])()
    equal(value, f"{name}/loss")
    equal(slope, f"{name}/weights")


def test_batch_norm_has_the_values_gradients_and_running_statistics_of_pytorch() -> None:
    graph = Graph(np.float64)
    inputs = graph.variable("inputs", GOLDEN["upstream"])
    layer = batch_norm(graph, "norm", inputs.shape[0])
    scale, shift = graph.variables["norm/scale"], graph.variables["norm/shift"]
    made, assigns = layer(inputs, True)
    slopes = gradients(ops.total(made * made * inputs), [inputs, scale, shift])
    session = Session(graph)
    session.assign(scale, GOLDEN["first"][:, :1])
    session.assign(shift, GOLDEN["first"][:, 1:2])
    train = session.plan([made, *slopes], assigns)
    for _ in range(3):
        results = train()
    for got, part in zip(results, ("training", "inputs", "scale", "shift"), strict=True):
        equal(got, f"batch_norm/{part}")
    equal(session.plan([layer(inputs, False)[0]])()[0], "batch_norm/evaluation")
    for part in ("running mean", "running variance"):
        equal(session.value(graph.variables[f"norm/{part}"]), f"batch_norm/{part}")


def test_rms_norm_has_the_values_and_gradients_of_pytorch() -> None:
    graph = Graph(np.float64)
    inputs = graph.variable("inputs", GOLDEN["upstream"])
    made = rms_norm(graph, "norm", inputs.shape[0])(inputs)
    scale = graph.variables["norm/scale"]
    slopes = gradients(ops.total(made * made * inputs), [inputs, scale])
    session = Session(graph)
    session.assign(scale, GOLDEN["first"][:, :1])
    for got, part in zip(session.plan([made, *slopes])(), ("values", "inputs", "scale"), strict=True):
        equal(got, f"rms_norm/{part}")


def test_layer_norm_has_the_values_and_gradients_of_pytorch() -> None:
    graph = Graph(np.float64)
    inputs = graph.variable("inputs", GOLDEN["upstream"])
    made = layer_norm(graph, "norm", inputs.shape[0])(inputs)
    scale, shift = graph.variables["norm/scale"], graph.variables["norm/shift"]
    slopes = gradients(ops.total(made * made * inputs), [inputs, scale, shift])
    session = Session(graph)
    session.assign(scale, GOLDEN["first"][:, :1])
    session.assign(shift, GOLDEN["first"][:, 1:2])
    for got, part in zip(session.plan([made, *slopes])(), ("values", "inputs", "scale", "shift"), strict=True):
        equal(got, f"layer_norm/{part}")


def test_dropout_makes_of_a_mask_what_pytorch_makes_of_it() -> None:
    graph = Graph(np.float64)
    inputs, drop = graph.variable("inputs", GOLDEN["upstream"]), Dropout(0.4)
    made, quiet = drop(inputs), drop(inputs, training=False)
    (mask,) = drop.draw(np.random.default_rng(0))
    plan = Session(graph).plan([made, *gradients(ops.total(made * made * made), [inputs]), quiet])
    for got, part in zip(plan(**{mask: GOLDEN["dropout/kept"] / 0.6}), ("values", "inputs", "evaluation"), strict=True):
        equal(got, f"dropout/{part}")


def test_the_spread_of_a_minibatch_has_the_values_and_gradients_of_pytorch() -> None:
    graph = Graph(np.float64)
    inputs = graph.variable("inputs", GOLDEN["upstream"])
    made = minibatch_std(inputs)
    slopes = gradients(ops.total(made * made * made), [inputs])
    for got, part in zip(Session(graph).plan([made, *slopes])(), ("values", "inputs"), strict=True):
        equal(got, f"minibatch_std/{part}")


def test_a_spectral_norm_has_the_values_and_gradients_of_pytorch_after_three_power_iterations() -> None:
    graph = Graph(np.float64)
    weights = graph.variable("weights", GOLDEN["filters"])
    made, keeps = spectral_norm(graph, "norm", weights, np.random.default_rng(0))
    session = Session(graph)
    session.assign(graph.variables["norm/left singular vector"], GOLDEN["spectral_norm/begin"])
    plan = session.plan([made, *gradients(ops.total(made * made * made), [weights])], [keeps])
    for _ in range(3):
        results = plan()
    for got, part in zip(results, ("values", "weights"), strict=True):
        equal(got, f"spectral_norm/{part}")


def test_a_weight_average_over_twenty_steps_is_that_of_pytorch() -> None:
    graph = Graph(np.float64)
    first, second = (graph.variable(key, GOLDEN[key]) for key in ("first", "second"))
    hidden = ops.tanh(ops.affine(first, graph.constant(GOLDEN["inputs"])))
    loss = losses.softmax_cross_entropy(ops.affine(second, hidden), graph.constant(GOLDEN["targets"]))
    session, averaged = Session(graph), optimizers.weight_average(optimizers.sgd(loss, 0.1), 0.9)
    plan = session.plan([loss], [averaged])
    for _ in range(20):
        plan()
    kept = session.plan([first, second], averaged=averaged)
    for got, part in zip(kept(), ("first", "second"), strict=True):
        equal(got, f"weight_average/{part}")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps_of_an_optimizer_end_where_pytorch_ends(name: str) -> None:
    make, rate, options = OPTIMIZERS[name]
    graph = Graph(np.float64)
    first, second = (graph.variable(key, GOLDEN[key]) for key in ("first", "second"))
    hidden = ops.tanh(ops.affine(first, graph.constant(GOLDEN["inputs"])))
    loss = losses.softmax_cross_entropy(ops.affine(second, hidden), graph.constant(GOLDEN["targets"]))
    session = Session(graph)
    plan = session.plan([loss], [make(loss, rate, **options)])
    equal([float(plan()[0]) for _ in range(20)], f"{name}/losses")
    equal(session.value(first), f"{name}/first")
    equal(session.value(second), f"{name}/second")


@pytest.mark.parametrize("penalty", [losses.l1_penalty, losses.l2_penalty])
def test_twenty_steps_with_a_penalty_end_where_pytorch_ends(penalty: Callable[..., Node]) -> None:
    """The oracle of L2 is the weight decay of PyTorch's optimizer, which knows of no penalty."""
    graph = Graph(np.float64)
    first, second = (graph.variable(key, GOLDEN[key]) for key in ("first", "second"))
    hidden = ops.tanh(ops.affine(first, graph.constant(GOLDEN["inputs"])))
    loss = losses.softmax_cross_entropy(ops.affine(second, hidden), graph.constant(GOLDEN["targets"]))
    session = Session(graph)
    plan = session.plan([loss], [optimizers.sgd(loss + penalty([first, second], 0.05), 0.1)])
    for _ in range(20):
        plan()
    equal(session.value(first), f"{penalty.__name__}/first")
    equal(session.value(second), f"{penalty.__name__}/second")


def test_nothing_golden_is_left_uncompared() -> None:
    layers = {"batch_norm", "layer_norm", "rms_norm", "dropout", "minibatch_std", "spectral_norm", "weight_average"}
    compared = {*SMOOTH, *LOSSES, *OPTIMIZERS, "l1_penalty", "l2_penalty", *layers, *LAYERS_ELSEWHERE}
    assert {name.partition("/")[0] for name in GOLDEN if "/" in name} == compared - {"step"}
