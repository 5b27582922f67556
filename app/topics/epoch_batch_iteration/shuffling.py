"""Shuffling: the same digits in as many batches of the same size, sorted by class or shuffled. Only the order differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, between, slider, streams
from app.topics.epoch_batch_iteration import guesses
from engine import Graph, Session, losses, mlp, optimizers
from engine.datasets import Dataset, batches, digits, split
from engine.graph import Array
from engine.metrics import accuracy, classes

TRAIN, EPOCHS, FRAMES = 1400, 5, 111
PIXELS, CLASSES, UNITS = 64, 10, 32
SERIES = {
    "sorted": Series("sorted by digit", VERMILION),
    "once": Series("shuffled once", BLUE),
    "always": Series("shuffled every epoch", GREEN, width=3),
}


class ShufflingParams(Params):
    """Of all three networks."""

    batch_size: int = slider(
        32, (8, 16, 32, 64, 128), label="batch size", unit="samples", help="Of all three networks.", minimum=4, maximum=700
    )
    learning_rate: float = slider(
        0.1,
        (0.01, 0.03, 0.1, 0.3),
        label="learning rate",
        help="Of all three. Small steps forget less.",
        log=True,
        minimum=1e-4,
        maximum=0.5,
    )


def charts(params: ShufflingParams) -> dict[str, Chart]:
    """Who learns, what a batch holds, what the networks answer."""
    total = EPOCHS * (TRAIN // params.batch_size)
    names = [str(digit) for digit in range(CLASSES)]
    iteration = Axis("iteration", (0, total))
    two = {name: SERIES[name] for name in ("sorted", "always")}
    return {
        "accuracy": Lines(
            title="Unseen digits read right; only the order differs",
            series=SERIES,
            x=iteration,
            y=Axis("share of unseen digits", (0, 1.02)),
            height=320,
        ),
        "loss": Lines(
            title="The loss of each batch, sorted and shuffled",
            series=two,
            x=iteration,
            y=Axis("loss of the batch", (1e-3, 30), log=True),
            height=320,
        ),
        "batch": Bars(
            title="What this batch holds",
            categories=names,
            series=two,
            x=Axis("digit"),
            y=Axis("samples", (0, params.batch_size * 1.05)),
        ),
        "answers": Bars(
            title="Which digits the networks answer with",
            categories=names,
            series=two,
            x=Axis("digit"),
            y=Axis("share of answers", (0, 1)),
        ),
    }


class Orders(NamedTuple):
    """The three ways to deal out the training set, each the places of one batch after another."""

    sorted: Iterator[Array]
    once: Iterator[Array]
    always: Iterator[Array]


def orders(params: ShufflingParams, train: Dataset) -> Orders:
    """A batch that would be smaller than the others is dropped."""
    size, rng = params.batch_size, streams(params.seed)
    once = next(batches(rng.noise, TRAIN, TRAIN))
    return Orders(_again(np.argsort(train.labels, kind="stable"), size), _again(once, size), batches(rng.batches, TRAIN, size))


def _again(order: Array, size: int) -> Iterator[Array]:
    """The same order every epoch."""
    while True:
        for start in range(0, len(order) - size + 1, size):
            yield order[start : start + size]


class Learner:
    """A network 64-32-10 with plans to train it and to look at it."""

    def __init__(self, params: ShufflingParams, train: Dataset, test: Dataset) -> None:
        graph, size = Graph(), params.batch_size
        inputs, targets = graph.placeholder("inputs", (PIXELS, size)), graph.placeholder("targets", (CLASSES, size))
        net = mlp(graph, (PIXELS, UNITS, CLASSES), streams(params.seed).weights, "relu")
        loss = losses.softmax_cross_entropy(net(inputs), targets)
        session = Session(graph)
        self._step = session.plan([loss], [optimizers.sgd(loss, graph.constant(params.learning_rate))])
        self._look = session.plan([net(graph.constant(test.inputs))])
        self._train, self._test = train, test

    def step(self, places: Array) -> float:
        """One update, and the loss of its batch before it."""
        batch = self._train.take(places)
        (loss,) = self._step(inputs=batch.inputs, targets=batch.one_hot)
        return float(loss)

    def look(self) -> tuple[float, Array]:
        """The share of unseen digits read right, and the shares of its answers by digit (10,)."""
        (logits,) = self._look()
        answers = np.bincount(classes(logits), minlength=CLASSES) / self._test.size
        return accuracy(logits, self._test.labels), answers


def pace(params: ShufflingParams) -> Pace:
    """Evenly spaced: the sorted network swings all the time."""
    return Pace.at(np.linspace(0, EPOCHS * (TRAIN // params.batch_size), FRAMES).round().astype(int))


def run(params: ShufflingParams) -> Run:
    """Three networks from the same weights on 1400 digits for five epochs, SGD; the losses and batches are of the last step."""
    train, test = split(streams(params.seed).data, digits(), TRAIN)
    dealt = orders(params, train)._asdict()
    learners = {name: Learner(params, train, test) for name in SERIES}
    seen, held = dict[str, float](), dict[str, Array]()
    for done, shown in pace(params):
        if shown:
            yield _snapshot(done, {name: learner.look() for name, learner in learners.items()}, seen, held, params)
        for name, order in dealt.items():
            places = next(order)
            seen[name] = learners[name].step(places)
            held[name] = np.bincount(train.labels[places], minlength=CLASSES)
    return None


def _snapshot(
    done: int, looks: dict[str, tuple[float, Array]], seen: dict[str, float], held: dict[str, Array], params: ShufflingParams
) -> Snapshot:
    accuracies = {name: share for name, (share, _) in looks.items()}
    drawn = {
        "accuracy": accuracies,
        "loss": {name: value for name, value in seen.items() if name != "once"},
        "batch": {name: counts for name, counts in held.items() if name != "once"},
        "answers": {name: answers for name, (_, answers) in looks.items() if name != "once"},
    }
    return Snapshot(
        done,
        drawn,
        epoch=done / (TRAIN // params.batch_size),
        measured=accuracies | {"late": float(looks["sorted"][1][7:].sum())},
    )


AS_MEASURED = Ground(batch_size=between(16, 32), learning_rate=0.1)
MIXED = Claim("Shuffled every epoch: the share of unseen digits read right.", "always", at_least(0.85), AS_MEASURED)
ONCE = Claim("With one shuffle, kept for all epochs, the network does about as well.", "once", at_least(0.85), AS_MEASURED)
SORTED = Claim("Sorted by digit, the same data teach the network much less.", "sorted", at_most(0.45), AS_MEASURED)
FORGETS = Claim(
    "Then its answers lean towards the digits seen last: the share of 7, 8 and 9.", "late", at_least(0.6), AS_MEASURED
)

demo = Demo(
    name="shuffling",
    title="Why it is shuffled",
    params=ShufflingParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(MIXED, ONCE, SORTED, FORGETS),
    presets=(
        Preset("sorted against shuffled", {}),
        Preset("small steps", {"learning_rate": 0.01}),
        Preset("large batches", {"batch_size": 128}),
    ),
    guesses=guesses.SHUFFLING,
    hint="All three see the same digits equally often. Watch the orange line fall each time the digit changes.",
)
