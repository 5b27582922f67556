"""Batch norm: two deep networks from the same start; in one, every unit's sums are centred and scaled over the batch."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Scatter, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, PURPLE
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Streams,
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from engine import Graph, Guard, Plan, Session, losses, mlp, optimizers
from engine.datasets import Standardizer, batches, digits, split
from engine.graph import Array
from engine.metrics import accuracy

STEPS = 80
SAMPLES = 500
UNITS = 32
PIXELS, CLASSES = 64, 10
NAMES = ("plain", "normed")


class NormParams(Params):
    """How hard the two networks are driven."""

    learning_rate: float = slider(
        0.1,
        (0.01, 0.03, 0.1, 0.2, 0.5),
        label="learning rate",
        help="Of both networks; plain SGD.",
        log=True,
        minimum=1e-4,
        maximum=5,
    )
    batch_size: int = slider(
        50,
        (1, 2, 5, 10, 20, 50, 100),
        label="batch size",
        help="Digits a step, over which batch norm takes its statistics.",
        maximum=250,
    )
    depth: int = slider(10, (2, 5, 10, 15), label="hidden layers", help="Each 32 wide, ReLU.", maximum=20)
    start: Literal["xavier", "he"] = choice(
        "xavier",
        {"xavier": "Xavier (too small for ReLU)", "he": "He (made for ReLU)"},
        label="start",
        help="Initializer of both networks: a fair control is the plain network with the start that suits it.",
    )


def charts(params: NormParams) -> dict[str, Chart]:
    """Accuracy, how units vary by layer, the two kinds of statistics, and what is learned beside the weights."""
    series = {"plain": Series("without", GREY), "normed": Series("with batch norm", GREEN, width=3)}
    steps, widest = Axis("step", (0, STEPS)), 4 / params.batch_size**0.5
    return {
        "accuracy": Lines(
            title="Batch norm against none: digits read right",
            series=series,
            levels={"guessing": 0.1},
            x=steps,
            y=Axis("training accuracy, evaluation mode", (0, 1.02)),
        ),
        "spread": Curves(
            title="How much signal reaches each layer",
            at=np.arange(1, params.depth + 1),
            series=series,
            mode="lines+markers",
            x=Axis("hidden layer", (0.5, params.depth + 0.5)),
            y=Axis("spread of a unit over the batch", (1e-3, 10), log=True),
        ),
        "statistics": Lines(
            title="Training: the batch’s mean; evaluation: running",
            series={"batch": Series("mean of this batch", OCHRE), "running": Series("running mean", BLUE, width=3)},
            x=steps,
            y=Axis("first unit of layer 1", (-widest, widest)),
        ),
        "learned": Scatter(
            title="Each unit learns its own scale and shift",
            groups={"first": Series("first layer", OCHRE), "last": Series("last hidden layer", PURPLE)},
            x=Axis("scale", (0.6, 1.5)),
            y=Axis("shift", (-0.4, 0.4)),
        ),
    }


class Learner:
    """One network, to be prepared before its first step."""

    _look: Plan
    """In evaluation mode, all training digits."""
    _train: Plan
    """In training mode, one batch: the loss, layer 1's sums and all activations."""
    _guard: Guard

    def __init__(self, inputs: Array, params: NormParams, rng: Streams, normalize: bool) -> None:
        self.graph = Graph()
        sizes = (PIXELS, *[UNITS] * params.depth, CLASSES)
        self._network = mlp(self.graph, sizes, rng.weights, "relu", params.start, normalize=normalize)
        self._inputs, self._rate = inputs, params.learning_rate
        batch = self.graph.placeholder("inputs", (PIXELS, params.batch_size))
        self._inside = self._network.apply(batch)
        self._loss = losses.softmax_cross_entropy(
            self._inside.outputs, self.graph.placeholder("targets", (CLASSES, params.batch_size))
        )
        self.session = Session(self.graph)
        self.broke: Diverged | None = None

    def prepare(self) -> Generator[None, None, None]:
        """The costly part, its plans, in pieces."""
        watched = [self._loss, self._inside.pre_activations[0], *self._inside.activations]
        update = optimizers.sgd(self._loss, self._rate)
        yield
        self._train = yield from self.session.planning(watched, [update, *self._inside.assigns])
        self._look = yield from self.session.planning([self._network(self.graph.constant(self._inputs))])
        self._guard = Guard(self.session, self._train)

    def accuracy(self, labels: Array) -> float:
        """On the training digits, with the running statistics."""
        self._look.step()
        return accuracy(self._look.outputs[0], labels)

    def step(self, done: int, feeds: dict[str, Array]) -> None:
        """One update, unless the numbers have left the finite ones before."""
        if broke := self._guard.step(**feeds):
            self.broke = self.broke or Diverged(done, broke)

    def spread(self) -> Array:
        """How a unit varies from digit to digit in the last batch, mean by layer, (depth,); zero has no place on a log scale."""
        sizes = np.array([layer.std(axis=1).mean() for layer in self._train.outputs[2:]])
        return np.where(sizes > 0, sizes, np.nan)

    def batch_mean(self) -> float:
        """Of the first unit of layer 1 before its activation, over the last batch."""
        return float(self._train.outputs[1][0].mean())

    def variable(self, name: str) -> Array:
        """A variable's value by name."""
        return self.session.value(self.graph.variables[name])

    def answers(self, batch: Array) -> Array:
        """In training mode, logits for a batch, nothing updated: what the network says when it sees only this batch."""
        (logits,) = self.session.run([self._inside.outputs], {"inputs": batch})
        return logits


def run(params: NormParams) -> Run:
    """Two networks 64-32-...-10 on 500 standardized digits, SGD, the same batches; a network that diverges drops out."""
    rng = streams(params.seed)
    train, _ = split(rng.data, digits(), SAMPLES)
    inputs, targets = Standardizer.fit(train.inputs)(train.inputs), train.one_hot
    deal = batches(rng.batches, SAMPLES, params.batch_size)
    learners = {name: Learner(inputs, params, streams(params.seed), name == "normed") for name in NAMES}
    for learner in learners.values():
        yield from learner.prepare()
    yield Snapshot(0, {"accuracy": {name: learner.accuracy(train.labels) for name, learner in learners.items()}})
    for done in range(STEPS):
        places = next(deal)
        for learner in learners.values():
            learner.step(done, {"inputs": inputs[:, places], "targets": targets[:, places]})
        yield _snapshot(done + 1, learners, train.labels, inputs, params)
    return learners["plain"].broke or learners["normed"].broke


def _snapshot(step: int, learners: dict[str, Learner], labels: Array, inputs: Array, params: NormParams) -> Snapshot:
    alive = {name: learner for name, learner in learners.items() if learner.broke is None}
    right = {name: learner.accuracy(labels) for name, learner in alive.items()}
    charts: dict[str, Any] = {"accuracy": right, "spread": {name: learner.spread() for name, learner in alive.items()}}
    measured = dict(right)
    if "normed" in alive:
        normed = alive["normed"]
        running = float(normed.variable("layer 1/running mean")[0, 0])
        charts["statistics"] = {"batch": normed.batch_mean(), "running": running}
        charts["learned"] = {"first": _learned(normed, 1), "last": _learned(normed, params.depth)}
    if step == STEPS and "normed" in alive:
        first, second = (normed.answers(inputs[:, place : place + params.batch_size]) for place in (0, params.batch_size))
        measured["difference"] = float(np.abs(first - second).max())
    return Snapshot(step, charts, step * params.batch_size / SAMPLES, measured)


def _learned(learner: Learner, layer: int) -> Array:
    """Scale and shift of each unit of a layer, (2, units)."""
    return np.concatenate([learner.variable(f"layer {layer}/{name}").T for name in ("scale", "shift")])


def _as_measured(params: NormParams) -> bool:
    return (params.learning_rate, params.batch_size, params.depth, params.start) == (0.1, 50, 10, "xavier")


GROUND = "learning rate 0.1, batch 50, 10 layers, Xavier"

demo = Demo(
    name="batch-norm",
    title="Batch norm",
    params=NormParams,
    charts=charts,
    run=run,
    frames=STEPS + 1,
    claims=(
        Claim(
            "Without batch norm ten layers have hardly begun after 80 steps: accuracy",
            "plain",
            at_most(0.55),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "With it the same network has learned its digits: accuracy", "normed", at_least(0.85), Ground(GROUND, _as_measured)
        ),
        Claim(
            "With a batch of one, training mode forgets its input: largest difference of answers to two digits, exactly",
            "difference",
            at_most(0.0),
            Ground("batch size 1", lambda params: params.batch_size == 1),
        ),
        Claim(
            "So a batch of one teaches it nothing: accuracy",
            "normed",
            at_most(0.25),
            Ground("batch size 1", lambda params: params.batch_size == 1),
        ),
    ),
    presets=(
        Preset("ten layers, Xavier", {}),
        Preset("fair control: He", {"start": "he"}),
        Preset("five times the rate", {"learning_rate": 0.5}),
        Preset("two layers: hardly needed", {"depth": 2}),
        Preset("batch of one: blind", {"batch_size": 1, "depth": 2}),
    ),
)
