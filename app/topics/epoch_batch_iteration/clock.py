"""The batch clock: every sample is a cell, every frame is an iteration, and the counters count what really trains a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, SampleGrid, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
from app.topic import (
    MOST_FRAMES,
    Claim,
    Demo,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    exactly,
    slider,
    streams,
    switch,
)
from app.topics.epoch_batch_iteration import guesses
from engine import Graph, Plan, Session, losses, mlp, optimizers
from engine.datasets import batches, digits
from engine.graph import Array

PIXELS, CLASSES, UNITS, LEARNING_RATE = 64, 10, 32, 0.1
WAITING, NOW, SEEN, DROPPED = range(4)


class ClockParams(Params):
    """How many samples there are, and how they are dealt out."""

    samples: int = slider(
        250, (50, 100, 250, 500, 1000, 1437), label="samples", help="The size N of the training set.", minimum=10, maximum=1797
    )
    batch_size: int = slider(
        30,
        (1, 10, 30, 32, 50, 100, 250),
        label="batch size",
        unit="samples",
        help="The size B of a batch. More than there are samples means all of them.",
        minimum=1,
    )
    epochs: int = slider(5, (1, 2, 3, 5, 10), label="epochs", help="Passes over the data.", minimum=1, maximum=10)
    drop_last: bool = switch(False, label="drop the last batch", help="When it is smaller than the others.")


def size_of(params: ClockParams) -> int:
    """The batch size, cut to the samples there are."""
    return min(params.batch_size, params.samples)


def per_epoch(params: ClockParams) -> int:
    """Iterations per epoch, by the formula: N / B, rounded up, or down when the last is dropped."""
    whole = params.samples / size_of(params)
    return int(whole) if params.drop_last else ceil(whole)


def charts(params: ClockParams) -> dict[str, Chart]:
    """The samples, the counters, what an epoch's batches hold, and the loss that each iteration saw."""
    columns = ceil(sqrt(3.2 * params.samples))
    rows, iterations = ceil(params.samples / columns), params.epochs * per_epoch(params)
    return {
        "samples": SampleGrid(
            title="Every sample once per epoch, in a new order each time",
            rows=rows,
            columns=columns,
            states={"waiting": GREY, "in this batch": VERMILION, "seen this epoch": BLUE, "dropped": OCHRE},
            x=Axis("one cell per sample"),
            y=Axis("row by row"),
            wide=True,
            height=300,
        ),
        "counters": Lines(
            title="Samples seen: a sawtooth with one tooth per epoch",
            series={"seen": Series("samples seen", BLUE)},
            levels={"all samples": float(params.samples)},
            x=Axis("iteration", (0, iterations)),
            y=Axis("samples", (0, params.samples * 1.1)),
        ),
        "loss": Lines(
            title="The loss by iteration and by epoch",
            series={"batch": Series("each batch", VERMILION, width=1), "epoch": Series("mean of the epoch", GREEN, width=4)},
            x=Axis("iteration", (0, iterations)),
            y=Axis("training loss", (0, 3)),
        ),
        "sizes": Bars(
            title="The batches of this epoch and their sizes",
            categories=range(1, per_epoch(params) + 1),
            series={"size": Series("samples", BLUE)},
            x=Axis("batch of the epoch"),
            y=Axis("samples in it", (0, size_of(params) * 1.1)),
            wide=True,
            height=260,
        ),
    }


class Learner:
    """A network 64-32-10. A plan has one shape, so a last batch of another size has a plan of its own, on the same weights."""

    def __init__(self, seed: int, samples: int) -> None:
        raw, rng = digits(), streams(seed)
        picked = raw.take(rng.data.permutation(raw.size)[:samples])
        self._inputs, self._targets = picked.inputs, picked.one_hot
        self._graph = Graph()
        self._net = mlp(self._graph, (PIXELS, UNITS, CLASSES), rng.weights, "relu")
        self._session, self._plans = Session(self._graph), dict[int, Plan]()

    def _plan(self, size: int) -> Plan:
        inputs = self._graph.placeholder(f"inputs of {size}", (PIXELS, size))
        targets = self._graph.placeholder(f"targets of {size}", (CLASSES, size))
        loss = losses.softmax_cross_entropy(self._net(inputs), targets)
        return self._session.plan([loss], [optimizers.sgd(loss, self._graph.constant(LEARNING_RATE), self._net.variables)])

    def step(self, places: Array) -> float:
        """One iteration: the loss of the batch, and an update."""
        size = len(places)
        if size not in self._plans:
            self._plans[size] = self._plan(size)
        feeds = {f"inputs of {size}": self._inputs[:, places], f"targets of {size}": self._targets[:, places]}
        (loss,) = self._plans[size](**feeds)
        return float(loss)


class Clock:
    """What has been dealt out: states of the samples now, sizes of the batches, how often each sample was seen in each epoch."""

    def __init__(self, samples: int) -> None:
        self.states = np.full(samples, WAITING)
        self.seen_in_epoch: list[Array] = []
        self.sizes: list[list[int]] = [[]]

    def begin_epoch(self) -> None:
        """All samples wait again."""
        self.states[:] = WAITING
        self.seen_in_epoch.append(np.zeros(self.states.size, int))
        self.sizes.append([])

    def deal(self, places: Array, fewest: int) -> bool:
        """A batch: what was in the one before has been seen. True when fewer than `fewest` wait: the epoch is over.

        No formula decides that, so that the count of iterations can be held against one.
        """
        self.states[self.states == NOW] = SEEN
        self.states[places] = NOW
        self.seen_in_epoch[-1][places] += 1
        self.sizes[-1].append(len(places))
        waiting = self.states == WAITING
        over = int(waiting.sum()) < fewest
        if over:
            self.states[waiting] = DROPPED
        return over


def pace(params: ClockParams) -> Pace:
    """All iterations, or as many as a run may have, with the last of each epoch."""
    each = per_epoch(params)
    every = ceil(params.epochs * each / (MOST_FRAMES - 1 - params.epochs))
    return Pace.at([*range(0, params.epochs * each, every), *(epoch * each for epoch in range(1, params.epochs + 1))])


def run(params: ClockParams) -> Run:
    """SGD at rate 0.1 on the UCI digits, batch after batch; a frame per iteration as far as they fit into a run."""
    clock, learner, frames = Clock(params.samples), Learner(params.seed, params.samples), pace(params).moments
    order: Iterator[Array] = batches(streams(params.seed).batches, params.samples, size_of(params), params.drop_last)
    total, each, fewest = 0, per_epoch(params), size_of(params) if params.drop_last else 1
    by_epoch = list[list[float]]()
    yield Snapshot(0, _drawn(clock, 0, each))
    for epoch in range(params.epochs):
        clock.begin_epoch()
        by_epoch.append([])
        over = False
        while not over:
            places, total = next(order), total + 1
            over = clock.deal(places, fewest)
            by_epoch[-1].append(learner.step(places))
            if over or total in frames:
                drawn = _drawn(clock, total, each) | {"loss": {"batch": (total, by_epoch[-1][-1])}}
                if over:
                    drawn["loss"] |= {"epoch": (total - each / 2, float(np.mean(by_epoch[-1])))}
                measured = _counted(clock, params) | _learned(by_epoch)
                yield Snapshot(total, drawn, epoch=epoch + len(by_epoch[-1]) / each, measured=measured)
    return None


def _drawn(clock: Clock, total: int, each: int) -> dict[str, Any]:
    sizes = np.array((clock.sizes[-1] + [0] * each)[:each])
    return {"samples": clock.states.copy(), "counters": {"seen": (total, int(sizes.sum()))}, "sizes": sizes}


def _counted(clock: Clock, params: ClockParams) -> dict[str, float]:
    """What was counted; the most and the fewest times that any sample was seen in an epoch."""
    seen, iterations = np.stack(clock.seen_in_epoch), sum(len(each) for each in clock.sizes)
    return {
        "iterations": iterations,
        "last": clock.sizes[-1][-1],
        "most": float(seen.max()),
        "fewest": float(seen.min()),
        "off the formula": abs(iterations - params.epochs * per_epoch(params)),
    }


def _learned(by_epoch: Sequence[Sequence[float]]) -> dict[str, float]:
    """The losses of the batches, epoch by epoch: how far their mean has fallen, and in what share of the steps one rose."""
    means, every = [float(np.mean(each)) for each in by_epoch], np.concatenate(by_epoch)
    return {"fallen": means[-1] / means[0], "rises": float((np.diff(every) > 0).mean()) if every.size > 1 else 0.0}


AS_ASKED = Ground(samples=250, batch_size=30, epochs=5, drop_last=False)
COUNTED = Claim("Five epochs of nine iterations were counted.", "iterations", exactly(45), AS_ASKED, by_construction=True)
LAST = Claim("The last batch of an epoch holds the ten that are left.", "last", exactly(10), AS_ASKED, by_construction=True)
FORMULA = Claim(
    "The count agrees with epochs × (N/B rounded up, or down when the last batch is dropped): the difference.",
    "off the formula",
    exactly(0),
    by_construction=True,
)
ONCE = Claim("No sample is seen twice in an epoch: the most times any is seen.", "most", at_most(1), by_construction=True)
NONE_LEFT = Claim(
    "None is left out: the fewest times any is seen.", "fewest", at_least(1), Ground(drop_last=False), by_construction=True
)
FALLS = Claim(
    "From epoch to epoch the loss falls: its mean in the last as a share of that in the first.", "fallen", at_most(0.8), AS_ASKED
)
NOISY = Claim(
    "From iteration to iteration it is noisy: the share of steps at which the loss rose.",
    "rises",
    at_least(0.2),
    AS_ASKED,
)

demo = Demo(
    name="clock",
    title="The batch clock",
    params=ClockParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(COUNTED, LAST, FORMULA, ONCE, NONE_LEFT, FALLS, NOISY),
    presets=(
        Preset("N = 250, B = 30", {}),
        Preset("the last one dropped", {"drop_last": True}),
        Preset("B = 1: stochastic", {"batch_size": 1}),
        Preset("B = N: full batch", {"batch_size": 250, "epochs": 10}),
        Preset("1437 digits, B = 32", {"samples": 1437, "batch_size": 32}),
    ),
    guesses=guesses.CLOCK,
    hint="Each frame is one iteration: watch a batch light up, and count nine of them before the colours start afresh.",
)
