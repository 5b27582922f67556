"""A sweep: k copies of a network of any kind, trained side by side in one plan, are k networks trained alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import (
    Graph,
    GraphError,
    Node,
    Session,
    batch_norm,
    convolution,
    dense,
    layer_norm,
    losses,
    minibatch_std,
    ops,
    optimizers,
    positions,
    recurrent,
    rms_norm,
    spectral_norm,
    transformer,
)
from engine.networks.attention import causal_mask, columns
from engine.updates import Assign

RATES = (0.02, 0.1, 0.5)
IMAGES, SEQUENCE, SYMBOLS = (2, 6, 6, 5), (3, 4, 5), (4, 5)
RNG = np.random.default_rng(1)
FEEDS: dict[str, Any] = {
    "images": RNG.normal(size=IMAGES),
    "sequence": RNG.normal(size=SEQUENCE),
    "symbols": RNG.integers(0, 7, SYMBOLS),
    "targets": losses.one_hot(RNG.integers(0, 3, 5), 3),
    "targets of steps": losses.one_hot(RNG.integers(0, 3, 20), 3).reshape(3, 4, 5),
    "weights": np.arange(20.0).reshape(4, 5),
}
Layer = Callable[[Node], Node]
Kind = Callable[[Graph, np.random.Generator], tuple[Node, tuple[Assign, ...]]]
"""Builds a network in a graph: its loss, and what is to be assigned."""


def of_images(*make: Callable[[Graph, np.random.Generator], Layer]) -> Kind:
    """Layers for images one on the other, then three classes."""

    def build(graph: Graph, rng: np.random.Generator) -> tuple[Node, tuple[Assign, ...]]:
        hidden = graph.placeholder("images", IMAGES)
        for one in make:
            hidden = ops.tanh(one(graph, rng)(hidden))
        flat = hidden if len(hidden.shape[-4:]) < 4 else convolution.flatten(hidden)
        logits = dense(graph, "head", flat.shape[-2], 3, rng)(flat)
        return losses.softmax_cross_entropy(logits, graph.placeholder("targets", (3, 5))), ()

    return build


def conv(name: str, channels: int, **options: Any) -> Callable[[Graph, np.random.Generator], Layer]:
    return lambda graph, rng: convolution.convolution(graph, name, channels, 3, rng, **options)


def wider(name: str, channels: int) -> Callable[[Graph, np.random.Generator], Layer]:
    return lambda graph, rng: convolution.transposed_convolution(graph, name, channels, 2, rng)


def pool(layer: Layer) -> Callable[[Graph, np.random.Generator], Layer]:
    return lambda graph, rng: layer


def of_sequence(make: Any) -> Kind:
    """A recurrent layer, and three classes at its last step and at every step."""

    def build(graph: Graph, rng: np.random.Generator) -> tuple[Node, tuple[Assign, ...]]:
        made = make(graph, "cell", 3, 4, rng)(graph.placeholder("sequence", SEQUENCE))
        head = dense(graph, "head", 4, 3, rng)
        every = recurrent.at_every_step(head, made.sequence)
        last = losses.softmax_cross_entropy(head(made.last), graph.placeholder("targets", (3, 5)))
        return last + losses.sequence_cross_entropy(every, graph.placeholder("targets of steps", (3, 4, 5))), ()

    return build


def of_symbols(graph: Graph, rng: np.random.Generator) -> tuple[Node, tuple[Assign, ...]]:
    """An embedding, two layers of recurrence, and weights on the steps."""
    words = recurrent.embedding(graph, "words", 7, 3, rng)(graph.placeholder("symbols", SYMBOLS))
    first = recurrent.gru(graph, "first", 3, 4, rng)(words)
    second = recurrent.rnn(graph, "second", 4, 4, rng)(first.hidden)
    every = recurrent.at_every_step(dense(graph, "head", 4, 3, rng), second.sequence)
    weights, targets = graph.placeholder("weights", SYMBOLS), graph.placeholder("targets of steps", (3, 4, 5))
    return losses.sequence_cross_entropy(every, targets, weights), ()


def normalized(graph: Graph, rng: np.random.Generator) -> tuple[Node, tuple[Assign, ...]]:
    """Every normalization in one network."""
    inputs = convolution.global_average(convolution.convolution(graph, "c", 2, 4, rng)(graph.placeholder("images", IMAGES)))
    hidden, assigns = batch_norm(graph, "batch", 4)(inputs, True)
    hidden = minibatch_std(ops.tanh(layer_norm(graph, "layer", 4)(hidden)))
    scaled, assign = spectral_norm(graph, "spectral", graph.variable("w", rng.normal(size=(3, 5))), rng)
    loss = losses.softmax_cross_entropy(scaled @ hidden, graph.placeholder("targets", (3, 5)))
    return loss, (*assigns, assign)


def of_tokens(**options: Any) -> Kind:
    """Symbols with positions, a causal block and a norm, three classes at every step."""

    def build(graph: Graph, rng: np.random.Generator) -> tuple[Node, tuple[Assign, ...]]:
        symbols = recurrent.embedding(graph, "words", 7, 4, rng)(graph.placeholder("symbols", SYMBOLS))
        tokens = positions.learned(graph, "positions", 4, 6, rng)(symbols)
        made = transformer.block(graph, "block", 4, 2, rng, **options)(tokens, causal_mask(5)).outputs
        logits = dense(graph, "head", 4, 3, rng)(rms_norm(graph, "norm", 4)(columns(made)))
        return losses.softmax_cross_entropy(logits, ops.reshape(graph.placeholder("targets of steps", (3, 4, 5)), (3, 20))), ()

    return build


KINDS: dict[str, Kind] = {
    "convolution": of_images(conv("one", 2, padding=1), conv("two", 3, stride=2)),
    "transposed convolution": of_images(wider("one", 2), wider("two", 2)),
    "maximum pool": of_images(conv("one", 2), pool(convolution.maximum_pool)),
    "overlapping maximum pool": of_images(conv("one", 2), pool(lambda images: convolution.maximum_pool(images, 3, 1))),
    "average pool": of_images(conv("one", 2), pool(convolution.average_pool)),
    "blur pool": of_images(conv("one", 2), pool(convolution.blur_pool)),
    "global average": of_images(conv("one", 2), pool(convolution.global_average)),
    "global maximum": of_images(conv("one", 2), pool(convolution.global_maximum)),
    "rnn": of_sequence(recurrent.rnn),
    "gru": of_sequence(recurrent.gru),
    "lstm": of_sequence(recurrent.lstm),
    "embedding": of_symbols,
    "normalization": normalized,
    "block": of_tokens(),
    "block of another kind": of_tokens(norm="rms", rotary=100.0, smear=True),
}


def trained(kind: Kind, rates: Any, sweep: int | None = None) -> tuple[Any, Session]:
    """The losses of ten steps, and the session after them."""
    graph = Graph(np.float64, sweep)
    loss, assigns = kind(graph, np.random.default_rng(0))
    session = Session(graph)
    update = optimizers.momentum(loss, graph.placeholder("learning_rate", np.shape(rates)))
    plan = session.plan([loss], [update, *assigns])
    feeds = {name: value for name, value in FEEDS.items() if name in graph.placeholders}
    return [plan(**feeds, learning_rate=rates)[0] for _ in range(10)], session


@pytest.mark.parametrize("name", KINDS)
def test_a_sweep_of_rates_equals_as_many_single_runs(name: str) -> None:
    together, swept = trained(KINDS[name], np.array(RATES)[:, None], len(RATES))
    assert np.shape(together) == (10, len(RATES))
    for place, rate in enumerate(RATES):
        alone, session = trained(KINDS[name], rate)
        np.testing.assert_allclose([each[place] for each in together], alone, rtol=1e-9)
        for key, node in session.graph.variables.items():
            of_copy = swept.value(swept.graph.variables[key])[place]
            np.testing.assert_allclose(of_copy, session.value(node), rtol=1e-7, atol=1e-10, err_msg=key)


@pytest.mark.parametrize("name", KINDS)
def test_the_plan_of_a_sweep_equals_the_interpreter(name: str) -> None:
    graph = Graph(np.float64, 2)
    loss, _ = KINDS[name](graph, np.random.default_rng(0))
    session = Session(graph)
    feeds = {key: value for key, value in FEEDS.items() if key in graph.placeholders}
    for planned, plain in zip(session.plan([loss])(**feeds), session.run([loss], feeds), strict=True):
        np.testing.assert_allclose(planned, plain, rtol=1e-12)


def test_copies_may_see_images_and_sequences_of_their_own() -> None:
    graph = Graph(np.float64, 2)
    images, sequence = graph.placeholder("images", (2, *IMAGES)), graph.placeholder("sequence", (2, *SEQUENCE))
    features = convolution.flatten(convolution.convolution(graph, "c", 2, 3, np.random.default_rng(0))(images))
    states = recurrent.lstm(graph, "cell", 3, 4, np.random.default_rng(0))(sequence).last
    feeds = {"images": RNG.normal(size=images.shape), "sequence": RNG.normal(size=sequence.shape)}
    together = Session(graph).plan([features, states])(**feeds)
    for place in range(2):
        alone = Graph(np.float64)
        image, one = alone.placeholder("images", IMAGES), alone.placeholder("sequence", SEQUENCE)
        made = convolution.flatten(convolution.convolution(alone, "c", 2, 3, np.random.default_rng(0))(image))
        state = recurrent.lstm(alone, "cell", 3, 4, np.random.default_rng(0))(one).last
        mine = {name: value[place] for name, value in feeds.items()}
        for got, wanted in zip(together, Session(alone).plan([made, state])(**mine), strict=True):
            np.testing.assert_allclose(got[place], wanted, rtol=1e-12)


@pytest.mark.parametrize("sweep", [None, 3])
def test_a_leading_axis_that_is_not_the_sweeps_is_refused(sweep: int | None) -> None:
    graph = Graph(sweep=sweep)
    layer = convolution.convolution(graph, "c", 2, 3, RNG)
    with pytest.raises(GraphError, match=r"c: got images \(2, 2, 6, 6, 5\), wanted images \(2, height, width, n\)"):
        layer(graph.placeholder("images", (2, *IMAGES)))
    cell = recurrent.rnn(graph, "cell", 3, 4, RNG)
    with pytest.raises(GraphError, match=r"cell: got sequence \(2, 3, 4, 5\), wanted \(3, steps, n\)"):
        cell(graph.placeholder("sequence", (2, *SEQUENCE)))
