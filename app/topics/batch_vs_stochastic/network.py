"""On a network: one epoch is the same work for every batch size, and not nearly the same progress."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from app.charts import Axis, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Diverged,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    slider,
    streams,
)
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
        256, (1, 4, 16, 32, 64, 256, 1400), label="your batch size", unit="samples", help="For the fourth network.", minimum=1
    )
    learning_rate: float = slider(
        0.3,
        (0.01, 0.05, 0.1, 0.3, 1.0),
        label="your learning rate",
        help="For the fourth network; the others have 0.05. A larger batch tolerates a larger rate.",
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
    share = Axis("share of unseen digits read right", (0, 1.02))
    return {
        "epochs": Lines(
            title="By epoch: the same arithmetic, but not the same progress", series=series, x=Axis("epoch", (0, EPOCHS)), y=share
        ),
        "updates": Lines(
            title="By update: batches of 32 keep up with all 1400",
            series=series | {"longer": Series("all 1400, run on", BLUE, dash="dot")},
            x=Axis("updates made", (1, TRAIN * EPOCHS), log=True),
            y=share,
        ),
        "noise": Lines(
            title="How far a batch’s gradient is from that of all data",
            series={name: series[name] for name in ("one", "some", "yours")},
            levels={"as large as the gradient": 1.0},
            x=Axis("epoch", (0, EPOCHS)),
            y=Axis("typical error / length of the gradient", (0.05, 100), log=True),
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

    def advance(self, updates: int) -> None:
        """On to so many updates in all, unless the numbers are no longer finite."""
        for places in islice(self._order, max(updates - self.updates, 0)):
            if self._guard.step(**self._feeds(places)):
                return
            self.updates += 1

    @property
    def broke(self) -> str:
        """What left the finite numbers first, in words."""
        return self._guard.broke

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
    """Four networks from the same weights, on the same digits in the same shuffled order, for 10 epochs.

    The full batch has made ten updates by then. A copy of it is run on, to as many updates as batches of 32 make.
    """
    rng, learners = streams(params.seed), dict[str, Learner]()
    train, test = split(rng.data, digits(), TRAIN)
    sizes = {"yours": params.batch_size} | SIZES | {"longer": SIZES["all"]}
    for name, size in sizes.items():
        rate = params.learning_rate if name == "yours" else LEARNING_RATE
        learners[name] = Learner(size, rate, params.seed, train, test)
        yield NOT_YET
    for samples in PACE.moments:
        for name, learner in learners.items():
            learner.advance(samples // (SIZES["some"] if name == "longer" else learner.size))
        alive = {name: learner for name, learner in learners.items() if not learner.broke}
        yield _snapshot(samples, alive)
        if broke := learners["yours"].broke:
            return Diverged(samples, broke)
    return None


def _snapshot(samples: int, learners: dict[str, Learner]) -> Snapshot:
    """Noise is compared before training, when all have the same weights; of the full batch there is none."""
    accuracies = {name: learner.accuracy() for name, learner in learners.items()}
    epoch = samples / TRAIN
    noise = {name: learner.noise() for name, learner in learners.items() if learner.size < TRAIN}
    drawn = {
        "epochs": {name: (epoch, share) for name, share in accuracies.items() if name != "longer"},
        "updates": {name: (learners[name].updates, share) for name, share in accuracies.items() if learners[name].updates},
        "noise": {name: (epoch, value) for name, value in noise.items()},
    }
    compared = {"level": accuracies["some"] - accuracies["longer"]}
    if samples == 0 and {"one", "some"} <= noise.keys():
        compared["noise ratio"] = noise["one"] / noise["some"]
    return Snapshot(samples, drawn, epoch=epoch, measured=accuracies | compared)


LEARNED = Claim(
    "After ten epochs, batches of 32 have learned the digits: the share of unseen ones read right.", "some", at_least(0.85)
)
BARELY = Claim("The full batch has made ten updates by then, and has not: its share read right.", "all", at_most(0.4))
LEVEL = Claim(
    "Update for update there is little between them: the accuracy of batches of 32 less that of the full batch, run on.",
    "level",
    between(-0.04, 0.04),
)
ROOT = Claim(
    "Before training, the error of one sample’s gradient is this many times that of 32 samples (√32 = 5.7).",
    "noise ratio",
    between(4, 8),
)

demo = Demo(
    name="network",
    title="On a network",
    params=NetworkParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LEARNED, BARELY, LEVEL, ROOT),
    presets=(
        Preset("batches of 256, larger rate", {}),
        Preset("full batch, rate 1", {"batch_size": 1400, "learning_rate": 1.0}),
        Preset("single samples, rate 0.01", {"batch_size": 1, "learning_rate": 0.01}),
        Preset("single samples, rate too high", {"batch_size": 1, "learning_rate": 0.3}),
    ),
    hint="All four see the same digits ten times. Watch how far each gets by epoch, then compare them by update.",
)
