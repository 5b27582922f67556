"""A small network in which redundancy has been planted, so that each pass has something to find; and the same without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import Graph, Node, Update, dense, losses, ops, optimizers
from engine.plan import computed

FEATURES, UNITS, SAMPLES = 3, 4, 8
RATE = 0.1


@dataclass(frozen=True)
class Net:
    """A network with its loss and the step of its optimizer.

    `planted`: nodes that were put in for the passes to find. `kept`: nodes that look superfluous and are not, for they multiply
    by zero what may be infinite.
    """

    graph: Graph
    loss: Node
    update: Update
    planted: Sequence[Node]
    kept: Sequence[Node]

    @property
    def outputs(self) -> list[Node]:
        """All that a step has to compute."""
        return computed([self.loss], [self.update])


def network(planted: bool, rng: np.random.Generator) -> Net:
    """3-4-1 with tanh, squared error, gradient descent, in float64.

    Planted: a detour by a factor of one, an arithmetic of constants, the hidden layer written out twice, a metric that nobody
    fetches, and a product with zero.
    """
    graph = Graph(np.float64)
    inputs, targets = graph.placeholder("inputs", (FEATURES, SAMPLES)), graph.placeholder("targets", (1, SAMPLES))
    layer, output = dense(graph, "hidden", FEATURES, UNITS, rng), dense(graph, "output", UNITS, 1, rng)
    found: list[Node] = []
    kept: list[Node] = []
    if planted:
        nothing = (inputs * 0.0).named("inputs × 0")
        kept = [nothing, (inputs + nothing).named("inputs + inputs × 0")]
        once, twice = (ops.tanh(layer(kept[-1])).named(name) for name in ("hidden", "hidden again"))
        half = (graph.constant(0.25) * 2.0).named("0.25 × 2")
        both = once + twice
        detour = (both * half * 1.0).named("times 1")
        hidden, found = detour, [twice, half, detour]
    else:
        hidden = ops.tanh(layer(inputs)).named("hidden")
    outputs = output(hidden).named("outputs")
    if planted:
        found.append(ops.mean(ops.absolute(outputs - targets), (-2, -1)).named("metric nobody asks for"))
    loss = losses.mean_squared_error(outputs, targets).named("loss")
    return Net(graph, loss, optimizers.sgd(loss, graph.placeholder("learning_rate")), found, kept)
