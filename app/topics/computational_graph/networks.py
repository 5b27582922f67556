"""The networks of four other topics' runs, built as they build them: a training step each, with real data to feed it.

`tests/topics/test_computational_graph.py` holds each against the run it is taken from: the same calls in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.topic import Streams
from engine import Graph, Layer, Node, Update, convolution, dense, losses, mlp, ops, optimizers
from engine.datasets import Standardizer, digits, split, wine
from engine.probabilities import one_hot


@dataclass(frozen=True)
class Training:
    """A loss, the step of its optimizer, and what one step is fed."""

    graph: Graph
    loss: Node
    update: Update
    feeds: Mapping[str, Any]


def wines(rng: Streams) -> Training:
    """The race of learning rates: six copies of 13-16-3 ReLU on the UCI wines, full batch, gradient descent with momentum 0."""
    train, _ = split(rng.data, wine(), 133)
    rates = np.array([0.001, 0.01, 0.1, 1.0, 10.0, 0.3])[:, None]
    graph = Graph(sweep=len(rates))
    inputs, targets = graph.placeholder("inputs", train.inputs.shape), graph.placeholder("targets", (3, train.size))
    loss = losses.softmax_cross_entropy(mlp(graph, (13, 16, 3), rng.weights, "relu")(inputs), targets)
    update = optimizers.momentum(loss, graph.placeholder("learning_rate", rates.shape), momentum=0.0)
    scaled = Standardizer.fit(train.inputs)(train.inputs)
    return Training(graph, loss, update, {"inputs": scaled, "targets": one_hot(train.labels, 3), "learning_rate": rates})


def wave(rng: Streams) -> Training:
    """The edge of stability: 1-32-32-1 tanh through thirty points of a wave, full batch, gradient descent."""
    x = np.sort(rng.data.uniform(-1, 1, (1, 30)))
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", x.shape), graph.placeholder("targets", x.shape)
    loss = losses.mean_squared_error(mlp(graph, (1, 32, 32, 1), rng.weights, "tanh")(inputs), targets)
    update = optimizers.sgd(loss, graph.placeholder("learning_rate"))
    return Training(graph, loss, update, {"inputs": x, "targets": 0.8 * np.sin(2 * np.pi * x), "learning_rate": 0.2})


def drawings(rng: Streams) -> Training:
    """The convolutional network on digits: 8 and 16 filters of 3 × 3, ReLU, max pooling, dense; Adam on batches of 64."""
    data, batch, filters = digits(), 64, 8
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (1, 8, 8, batch)), graph.placeholder("targets", (10, batch))
    maps = inputs
    for place, (before, after) in enumerate(((1, filters), (filters, 2 * filters)), start=1):
        layer = convolution.convolution(graph, f"convolution {place}", before, after, rng.weights, kernel_size=3, padding=1)
        maps = convolution.maximum_pool(ops.relu(layer(maps)), 2)
    logits = dense(graph, "head", 2 * filters * 4, 10, rng.weights)(convolution.flatten(maps))
    loss = losses.softmax_cross_entropy(logits, targets)
    chosen = rng.batches.permutation(data.size)[:batch]
    feeds = {"inputs": data.inputs[:, chosen].reshape(1, 8, 8, batch), "targets": one_hot(data.labels[chosen], 10)}
    return Training(graph, loss, optimizers.adam(loss, graph.constant(0.01)), feeds)


def codes(rng: Streams) -> Training:
    """The autoencoder on handwritten digits: 64-128-8-128-64 ReLU, squared error, Adam."""
    data, batch = digits(), 128
    graph = Graph()
    encode: Layer = mlp(graph, (64, 128, 8), rng.weights, "relu", name="encoder")
    decode: Layer = mlp(graph, (8, 128, 64), rng.weights, "relu", name="decoder")
    inputs = graph.placeholder("inputs", (64, batch))
    loss = losses.mean_squared_error(ops.sigmoid(decode(encode(inputs))), inputs)
    update = optimizers.adam(loss, graph.placeholder("learning_rate"))
    chosen = rng.batches.permutation(data.size)[:batch]
    return Training(graph, loss, update, {"inputs": data.inputs[:, chosen], "learning_rate": 0.005})


NETWORKS: Mapping[str, Callable[[Streams], Training]] = {"wines": wines, "wave": wave, "drawings": drawings, "codes": codes}
