"""Batch norm: two deep networks from the same start; in one, every unit's sums are centred and scaled over the batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Scatter, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, PURPLE
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Diverged,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    between,
    choice,
    one_of,
    slider,
    streams,
)
from app.topics.dropout_and_batch_norm import guesses
from engine import Array, Graph, Guard, Node, Plan, Session, losses, mlp, optimizers
from engine.datasets import Standardizer, batches, digits, split
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
        help="Digits per step, over which batch norm takes its statistics.",
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
    """Accuracy, how units vary by layer, the two kinds of statistics, and what is learned besides the weights."""
    series = {"plain": Series("without", GREY), "normed": Series("with batch norm", GREEN, width=3)}
    steps, widest = Axis("step", (0, STEPS)), 4 / params.batch_size**0.5
    return {
        "accuracy": Lines(
            title=LEARNS.at(params),
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
            title="Training uses the batch’s mean, evaluation the running one",
            series={"batch": Series("mean of this batch", OCHRE), "running": Series("running mean", BLUE, width=3)},
            x=steps,
            y=Axis("first unit of layer 1", (-widest, widest)),
        ),
        "learned": Scatter(
            title=LEARNED.at(params),
            groups={"first": Series("first layer", OCHRE), "last": Series("last hidden layer", PURPLE)},
            x=Axis("scale", (0.6, 1.5)),
            y=Axis("shift", (-0.4, 0.4)),
        ),
    }


@dataclass
class Learner:
    """One network with its plans: `step` in training mode gives the loss, layer 1's sums and all activations."""

    session: Session
    step: Plan
    look: Plan
    guard: Guard
    outputs: Node

    def accuracy(self, labels: Array) -> float:
        """On the training digits, with the running statistics."""
        return accuracy(self.look()[0], labels)

    def spread(self) -> Array:
        """How a unit varies from digit to digit in the last batch, mean by layer, (depth,); zero has no place on a log scale."""
        sizes = np.array([layer.std(axis=1).mean() for layer in self.step.outputs[2:]])
        return np.where(sizes > 0, sizes, np.nan)

    def variable(self, name: str) -> Array:
        """A variable's value by name."""
        return self.session.value(self.session.graph.variables[name])

    def answers(self, batch: Array) -> Array:
        """Logits for a batch in training mode, nothing updated: what the network says when it sees only this batch."""
        return self.session.run([self.outputs], {"inputs": batch})[0]


def run(params: NormParams) -> Run:
    """Two networks 64-32-...-10 on 500 standardized digits, SGD, the same batches; a network that diverges drops out."""
    rng = streams(params.seed)
    train, _ = split(rng.data, digits(), SAMPLES)
    scaled, deal = Standardizer.fit(train.inputs)(train.inputs), batches(rng.batches, SAMPLES, params.batch_size)
    learners = {}
    for name in NAMES:
        graph, start = Graph(), streams(params.seed).weights
        inputs = graph.placeholder("inputs", (PIXELS, params.batch_size))
        targets = graph.placeholder("targets", (CLASSES, params.batch_size))
        sizes = (PIXELS, *[UNITS] * params.depth, CLASSES)
        network = mlp(graph, sizes, start, "relu", params.start, normalize=name == "normed")
        inside = network.apply(inputs, training=True)
        loss = losses.softmax_cross_entropy(inside.outputs, targets)
        update = optimizers.sgd(loss, params.learning_rate)
        yield NOT_YET
        session, watched = Session(graph), [loss, inside.pre_activations[0], *inside.activations]
        step = yield from session.planning(watched, [update, *inside.assigns])
        look = yield from session.planning([network.apply(graph.constant(scaled), training=False).outputs])
        learners[name] = Learner(session, step, look, Guard(session, step), inside.outputs)

    yield Snapshot(0, {"accuracy": {name: learner.accuracy(train.labels) for name, learner in learners.items()}})
    broke: dict[str, Diverged] = {}
    for done in range(STEPS):
        places = next(deal)
        for name, learner in learners.items():
            if where := learner.guard.step(inputs=scaled[:, places], targets=train.one_hot[:, places]):
                broke.setdefault(name, Diverged(done, where))
        alive = {name: learner for name, learner in learners.items() if name not in broke}
        yield _snapshot(done + 1, alive, scaled, train.labels, params)
    return broke.get("plain", broke.get("normed"))


def _snapshot(step: int, alive: dict[str, Learner], inputs: Array, labels: Array, params: NormParams) -> Snapshot:
    right = {name: learner.accuracy(labels) for name, learner in alive.items()}
    charts: dict[str, Any] = {"accuracy": right, "spread": {name: learner.spread() for name, learner in alive.items()}}
    measured = dict(right)
    if "normed" in alive:
        normed = alive["normed"]
        running = float(normed.variable("layer 1/running mean")[0, 0])
        charts["statistics"] = {"batch": float(normed.step.outputs[1][0].mean()), "running": running}
        charts["learned"] = {"first": _learned(normed, 1), "last": _learned(normed, params.depth)}
        first, second = (normed.answers(inputs[:, at : at + params.batch_size]) for at in (0, params.batch_size))
        measured["difference"] = float(np.abs(first - second).max())
        measured["scales"] = float(charts["learned"]["last"][0].std())
    if len(alive) == len(NAMES):
        measured["ahead"] = right["normed"] - right["plain"]
    return Snapshot(step, charts, step * params.batch_size / SAMPLES, measured)


def _learned(learner: Learner, layer: int) -> Array:
    """Scale and shift of each unit of a layer, (2, units)."""
    return np.concatenate([learner.variable(f"layer {layer}/{name}").T for name in ("scale", "shift")])


HARD = Ground(learning_rate=0.1, batch_size=50, depth=between(10, 15), start="xavier")
TEN = Ground(learning_rate=0.1, batch_size=50, depth=10, start="xavier")
PLAIN = Claim(
    "Without batch norm ten layers or more have hardly begun to learn after 80 steps: the accuracy.", "plain", at_most(0.55), HARD
)
NORMED = Claim(
    "With batch norm the same network of ten layers has learned its digits: the accuracy.", "normed", at_least(0.9), TEN
)
SCALES = Claim("The scales of the last layer’s units drift apart: their standard deviation.", "scales", at_least(0.01), HARD)
LEARNS = Title("With batch norm the deep network learns", "Training accuracy, with batch norm and without", (PLAIN, NORMED))
LEARNED = Title("Each unit learns its own scale and shift", "The scale and shift of each unit", (SCALES,))

demo = Demo(
    name="batch-norm",
    title="Batch norm",
    params=NormParams,
    charts=charts,
    run=run,
    frames=STEPS + 1,
    claims=(
        PLAIN,
        NORMED,
        SCALES,
        Claim(
            "With He’s start, made for ReLU, batch norm is not behind either: its lead in accuracy.",
            "ahead",
            at_least(-0.02),
            Ground(learning_rate=0.1, batch_size=50, depth=10, start="he"),
        ),
        Claim(
            "Two layers hardly need batch norm: its lead in accuracy.",
            "ahead",
            at_most(0.1),
            Ground(learning_rate=0.1, batch_size=50, depth=2, start=one_of("xavier", "he")),
        ),
        Claim(
            "With a batch of one, training mode forgets its input: the largest difference between the answers to two digits.",
            "difference",
            at_most(0.0),
            Ground(batch_size=1),
            by_construction=True,
        ),
        Claim("So a batch of one teaches the network nothing: the accuracy.", "normed", at_most(0.25), Ground(batch_size=1)),
    ),
    presets=(
        Preset("ten layers, Xavier", {}),
        Preset("fair control: He", {"start": "he"}),
        Preset("five times the rate", {"learning_rate": 0.5}),
        Preset("two layers: hardly needed", {"depth": 2}),
        Preset("batch of one: blind", {"batch_size": 1, "depth": 2}),
    ),
    guesses=guesses.BATCH_NORM,
    hint="Watch the accuracy of both, and how much signal reaches each layer without batch norm.",
)
