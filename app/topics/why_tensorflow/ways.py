"""Five ways to make the same step of training: NumPy as written, a graph made anew, interpreted, planned, planned after passes.

All start from the same weights and see the same batch, so that they differ in nothing but who does the bookkeeping, and when.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine import Graph, Node, Plan, Session, Update, losses, ops, optimizers
from engine.graph import Array, topological_order

FEATURES, BATCH = 8, 32
RATE = 0.01
SHIFT, SPREAD = 0.5, 2.0
"""What careless code takes off every input and divides it by, in constants that it computes anew each time."""


@dataclass(frozen=True)
class Batch:
    """Inputs (8, 32) and targets (1, 32)."""

    inputs: Array
    targets: Array

    @property
    def feeds(self) -> dict[str, Array]:
        """By the names of the placeholders."""
        return {"inputs": self.inputs, "targets": self.targets}

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Batch:
        """Points and a smooth function of theirs, with noise."""
        inputs = rng.normal(size=(FEATURES, BATCH)).astype(np.float32)
        targets = np.sin(inputs.sum(axis=0, keepdims=True)) + rng.normal(0, 0.1, (1, BATCH))
        return cls(inputs, targets.astype(np.float32))


def begin(rng: np.random.Generator, width: int, layers: int) -> list[Array]:
    """Weights of 8-h-...-h-1, each (out, in + 1), the last column the bias, which is 0."""
    sizes = [FEATURES, *[width] * layers, 1]
    scaled = [rng.normal(0, 1 / np.sqrt(fan_in), (out, fan_in)) for fan_in, out in pairwise(sizes)]
    return [np.pad(weights, ((0, 0), (0, 1))).astype(np.float32) for weights in scaled]


@dataclass(frozen=True, eq=False)
class Model:
    """The step as a graph: what is fetched, and what becomes of the weights."""

    graph: Graph
    loss: Node
    outputs: Node
    update: Update

    @property
    def fetches(self) -> list[Node]:
        """Loss, outputs, and the new weights as one vector."""
        return [self.loss, self.outputs, *self.update.sets.values()]


def model(weights: Sequence[Array], careless: bool) -> Model:
    """The graph of one step. Careless code asks the network once for the predictions and once more for the loss."""
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (FEATURES, BATCH)), graph.placeholder("targets", (1, BATCH))
    variables = [graph.variable(f"layer {place}/weights", value) for place, value in enumerate(weights, 1)]

    def network() -> Node:
        values = (
            (inputs - SHIFT) * (graph.constant(1.0) / graph.constant(SPREAD)) if careless else (inputs - SHIFT) * (1 / SPREAD)
        )
        for layer in variables[:-1]:
            values = ops.tanh(ops.affine(layer, values))
        return ops.affine(variables[-1], values)

    outputs = network()
    loss = losses.mean_squared_error(network() if careless else outputs, targets)
    return Model(graph, loss, outputs, optimizers.sgd(loss, RATE))


class Eager:
    """NumPy line by line: every operation at once, into a new array; the derivatives are written by hand."""

    def __init__(self, weights: Sequence[Array], batch: Batch, careless: bool) -> None:
        self.weights, self._batch, self._again = [each.copy() for each in weights], batch, careless

    def __call__(self) -> float:
        """One step; the loss before it."""
        layers = self._forward()
        if self._again:
            layers = self._forward()  # once for the predictions, once for the loss
        difference = layers[-1] - self._batch.targets
        loss = float(np.mean(difference * difference))
        back = difference * np.float32(2 / difference.size)
        gradients = []
        for weights, below in zip(self.weights[::-1], layers[-2::-1], strict=True):
            gradients.append(back @ below.T)
            inner = below[:-1]
            back = (weights[:, :-1].T @ back) * (1 - inner * inner)
        self.weights = [weights - RATE * each for weights, each in zip(self.weights, gradients[::-1], strict=True)]
        return loss

    def _forward(self) -> list[Array]:
        """What each layer reads, with a row of ones, and the outputs."""
        values, layers = (self._batch.inputs - np.float32(SHIFT)) * np.float32(1 / SPREAD), []
        for weights in self.weights:
            layers.append(np.concatenate([values, np.ones((1, BATCH), np.float32)]))
            values = weights @ layers[-1]
            values = np.tanh(values) if weights is not self.weights[-1] else values
        return [*layers, values]


class Rebuilt:
    """The graph is made anew at every step, with its gradients, run node by node, and thrown away."""

    def __init__(self, weights: Sequence[Array], batch: Batch, careless: bool) -> None:
        self.weights, self._batch, self._careless = list(weights), batch, careless

    def __call__(self) -> float:
        """One step; the loss before it."""
        made = model(self.weights, self._careless)
        session = Session(made.graph)
        loss, _, new = session.run(made.fetches, self._batch.feeds)
        session.values[...] = new
        self.weights = [session.value(variable).copy() for variable in made.update.variables]
        return float(loss)


class Interpreted:
    """The graph is made once and run node by node, each into a new array."""

    def __init__(self, made: Model, batch: Batch) -> None:
        self.session, self._fetches, self._feeds = Session(made.graph), made.fetches, batch.feeds

    def __call__(self) -> float:
        """One step; the loss before it."""
        loss, _, new = self.session.run(self._fetches, self._feeds)
        self.session.values[...] = new
        return float(loss)

    def new_bytes(self) -> int:
        """Bytes of the arrays that a step makes; what only looks at another's memory is none."""
        computed = self.session.trace(self._fetches, self._feeds)
        return sum(array.nbytes for node, array in computed.items() if node.inputs and np.asarray(array).base is None)


class Planned:
    """The graph is made once and compiled to calls into buffers made ahead, with passes or without."""

    def __init__(self, made: Model, batch: Batch, passes: Sequence[str]) -> None:
        self.session = Session(made.graph)
        self.plan: Plan = self.session.plan([made.loss, made.outputs], [made.update], passes=passes)
        self.plan.feed(batch.feeds)

    def __call__(self) -> float:
        """One step; the loss before it."""
        self.plan.step()
        return float(self.plan.outputs[0])


def operations(made: Model) -> int:
    """Nodes that are computed at a step: all that the fetches stand on, without constants, variables and what is fed."""
    return sum(bool(node.inputs) for node in topological_order(made.fetches))


def seconds_per_step(step: Callable[[], float], at_least: float) -> float:
    """Processor time per step, by a loop of twice as many steps each time until it takes so many seconds.

    The thread's clock and not the process's, which goes in ticks of milliseconds while a worker's timer is running.
    """
    steps = 1
    while True:
        start = time.thread_time()
        for _ in range(steps):
            step()
        taken = time.thread_time() - start
        if taken >= at_least:
            return taken / steps
        steps *= 2
