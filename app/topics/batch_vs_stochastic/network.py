"""On a network: one epoch is the same work for every batch size, and not nearly the same progress."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from app.charts import Axis, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
from app.topic import Claim, Demo, Diverged, Pace, Params, Preset, Run, Snapshot, at_least, at_most, between, slider, streams
from engine import Graph, Guard, Plan, Session, gradients, losses, mlp, optimizers
from engine.datasets import Dataset, batches, digits, split
from engine.graph import Array
from engine.metrics import accuracy

TRAIN, EPOCHS = 1400, 10
PACE = Pace(TRAIN * EPOCHS, 101)
"""In samples seen."""
PIXELS, CLASSES, UNITS = 64, 10, 32
SIZES = {"one": 1, "some": 32, "all": TRAIN}
LEARNING_RATE = 0.05
DRAWS = 20
"""Batches that are drawn at each frame to measure how far a batch's gradient is from that of all data."""


class NetworkParams(Params):
    """The visitor's batches and step length."""

    batch_size: int = slider(
        256, (1, 4, 16, 32, 64, 256, 1400), label="your batch size", unit="samples", help="Of the fourth network.", minimum=1
    )
    learning_rate: float = slider(
        0.3,
        (0.01, 0.05, 0.1, 0.3, 1.0),
        label="your learning rate",
        help="Of the fourth network; the other three have 0.05. A larger batch bears a larger rate.",
        log=True,
        minimum=1e-4,
        maximum=3,
    )


def charts(params: NetworkParams) -> dict[str, Chart]:
    """Progress by epoch and by update, and the noise that the batches bring."""
    series = {
        "yours": Series(f"yours: {params.batch_size}", GREEN, width=3),
        "one": Series("1 sample", VERMILION),
        "some": Series("32", PURPLE),
        "all": Series("all 1400", BLUE),
    }
    share = Axis("unseen digits read right", (0, 1.02))
    return {
        "epochs": Lines(title="By epoch: the same work, other progress", series=series, x=Axis("epoch", (0, EPOCHS)), y=share),
        "updates": Lines(
            title="By update: 32 keep up with all 1400",
            series=series,
            x=Axis("updates made", (1, TRAIN * EPOCHS), log=True),
            y=share,
        ),
        "noise": Lines(
            title="How far a batch’s gradient is from that of all data",
            series={name: series[name] for name in ("one", "some", "yours")},
            levels={"as large as the gradient": 1.0},
            x=Axis("epoch", (0, EPOCHS)),
            y=Axis("typical difference / length of gradient", (0.05, 100), log=True),
            wide=True,
        ),
    }


class Learner:
    """One network 64-32-10, trained in batches of its own size."""

    def __init__(self, batch_size: int, rate: float, seed: int, train: Dataset, test: Dataset) -> None:
        graph = Graph()
        inputs, targets = graph.placeholder("inputs", (PIXELS, batch_size)), graph.placeholder("targets", (CLASSES, batch_size))
        net = mlp(graph, (PIXELS, UNITS, CLASSES), streams(seed).weights, "relu")
        loss = losses.softmax_cross_entropy(net(inputs), targets)
        update = optimizers.sgd(loss, graph.constant(rate))
        self._session, self._train, self._test = Session(graph), train, test
        self._targets = train.one_hot
        self._plan = self._session.plan([loss], [update])
        self._look = self._session.plan([net(graph.constant(test.inputs))])
        whole = losses.softmax_cross_entropy(net(graph.constant(train.inputs)), graph.constant(self._targets))
        self._slopes = self._session.plan(gradients(loss, net.variables))
        self._whole = self._session.plan(gradients(whole, net.variables))
        self._guard = Guard(self._session, self._plan)
        self._order: Iterator[Array] = batches(streams(seed).batches, train.size, batch_size)
        self._drawn: Iterator[Array] = batches(streams(seed).noise, train.size, batch_size)
        self.size, self.updates = batch_size, 0
        self.broke: Diverged | None = None

    def advance(self, samples: int) -> None:
        """As many updates as `samples` in all allow, unless the numbers have left the finite ones."""
        if self.broke is not None:
            return
        for places in islice(self._order, max(samples // self.size - self.updates, 0)):
            feeds = self._feeds(places)
            if broke := self._guard.step(**feeds):
                self.broke = Diverged(samples, broke)
                return
            self.updates += 1

    def _feeds(self, places: Array) -> dict[str, Array]:
        return {"inputs": self._train.inputs[:, places], "targets": self._targets[:, places]}

    def accuracy(self) -> float:
        """The share of unseen digits read right."""
        self._look.step()
        return accuracy(self._look.outputs[0], self._test.labels)

    def noise(self) -> float:
        """Root mean square distance of a batch's gradient from that of all training data, over the latter's length."""
        self._whole.step()
        whole, squares = _flat(self._whole), []
        for places in islice(self._drawn, DRAWS):
            self._slopes.step(**self._feeds(places))
            squares.append(float(np.square(_flat(self._slopes) - whole).sum()))
        return float(np.sqrt(np.mean(squares)) / np.linalg.norm(whole))


def _flat(plan: Plan) -> Array:
    return np.concatenate([each.ravel() for each in plan.outputs])


def run(params: NetworkParams) -> Run:
    """Four networks from the same weights, on the same digits in the same shuffled order, for 10 epochs."""
    rng, learners, begin = streams(params.seed), dict[str, Learner](), dict[str, float]()
    train, test = split(rng.data, digits(), TRAIN)
    sizes = {"yours": params.batch_size} | SIZES
    for samples in PACE.moments:
        for name, size in sizes.items():
            if samples == 0:
                rate = params.learning_rate if name == "yours" else LEARNING_RATE
                learners[name] = Learner(size, rate, params.seed, train, test)
                yield _snapshot(0, {name: learners[name]}, begin)
            learners[name].advance(samples)
        if samples:
            yield _snapshot(samples, {name: learner for name, learner in learners.items() if learner.broke is None}, begin)
    return learners["yours"].broke


def _snapshot(samples: int, learners: dict[str, Learner], begin: dict[str, float]) -> Snapshot:
    """`begin` keeps each learner's noise before training, when all have the same weights and can be compared."""
    accuracies = {name: learner.accuracy() for name, learner in learners.items()}
    epoch = samples / TRAIN
    noise = {name: learner.noise() for name, learner in learners.items() if learner.size < TRAIN}
    for name, value in noise.items():
        begin.setdefault(name, value)
    drawn = {
        "epochs": {name: (epoch, share) for name, share in accuracies.items()},
        "updates": {name: (learners[name].updates, share) for name, share in accuracies.items() if learners[name].updates},
        "noise": {name: (epoch, value) for name, value in noise.items()},
    }
    compared = {"noise ratio": begin["one"] / begin["some"]} if {"one", "some"} <= set(begin) else {}
    return Snapshot(samples, drawn, epoch=epoch, measured=accuracies | compared)


demo = Demo(
    name="network",
    title="On a network",
    params=NetworkParams,
    charts=charts,
    run=run,
    frames=len(PACE) + len(SIZES),
    claims=(
        Claim("After 10 epochs batches of 32 read the digits", "some", at_least(0.8)),
        Claim("Full batch, which has made 10 updates, does not", "all", at_most(0.4)),
        Claim("32 times the samples make the noise √32 = 5.7 times smaller, at the start", "noise ratio", between(4, 8)),
    ),
    presets=(
        Preset("batches of 256, larger rate", {}),
        Preset("full batch, rate 1", {"batch_size": 1400, "learning_rate": 1.0}),
        Preset("single samples, rate 0.01", {"batch_size": 1, "learning_rate": 0.01}),
        Preset("single samples, rate too high", {"batch_size": 1, "learning_rate": 0.3}),
    ),
    hint="In ten epochs all four look at the same digits ten times; single samples make 14,000 updates of it, full batch 10.",
)
