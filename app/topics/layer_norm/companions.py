"""Small batches: one network three times, with batch norm, with layer norm and with none, and a digit among other companions."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, PURPLE
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    slider,
    streams,
)
from app.topics.layer_norm import guesses
from app.topics.layer_norm.network import CLASSES, PIXELS, Normed
from engine import Array, Graph, Guard, Plan, Session, losses, optimizers
from engine.datasets import Dataset, batches, digits, split
from engine.metrics import accuracy
from engine.probabilities import softmax

TRAINED_ON, TESTED, TOGETHER = 1397, 400, 128
"""Digits to learn from, those that are never learned from, and how many of these are judged in batches."""
PACE = Pace(900, 41)
ARMS = {
    "none": Series("without", GREY),
    "batch": Series("batch norm", GREEN, width=3),
    "layer": Series("layer norm", BLUE, width=3),
}


class CompanionsParams(Params):
    """How many digits share a batch, and how deep and fast the three networks learn."""

    batch_size: int = slider(
        2,
        (2, 4, 8, 32, 64),
        label="batch size",
        help="Digits per step. Batch norm takes its mean and variance over these.",
        minimum=2,
        maximum=64,
    )
    depth: int = slider(
        3, (1, 2, 3, 5), label="hidden layers", help="Each of 64 ReLU units, with a norm before the ReLU.", maximum=5
    )
    learning_rate: float = slider(
        0.001, (0.0003, 0.001, 0.003), label="learning rate", help="Of Adam, for all three.", log=True, minimum=1e-4, maximum=0.01
    )


def charts(params: CompanionsParams) -> dict[str, Chart]:
    """Accuracy of the three, that of batch norm in both modes, and one digit's probabilities among two sets of companions."""
    step, share = Axis("step", (0, PACE.steps)), Axis("share right", (0, 1.02))
    among: dict[str, Any] = {
        "categories": list(range(CLASSES)),
        "series": {"one": Series("among some digits", PURPLE), "other": Series("among others", OCHRE)},
        "x": Axis("class"),
        "y": Axis("probability", (0, 1)),
    }
    return {
        "accuracy": Lines(title=TITLE.at(params), series=ARMS, levels={"a guess": 1 / CLASSES}, x=step, y=share),
        "batch": Bars(title="Batch norm in training mode: one unseen digit", **among),
        "modes": Lines(
            title="Batch norm, unseen digits, in its two modes",
            series={
                "evaluation": Series("evaluation: running statistics", GREEN, width=3),
                "training": Series("training: the batch’s own", OCHRE),
            },
            x=step,
            y=share,
        ),
        "layer": Bars(title="Layer norm: the same digit, the same companions", **among),
    }


class Contest:
    """The three networks in one graph, begun with the same weights, on the same batches."""

    def __init__(self, params: CompanionsParams) -> None:
        self._graph, self._size = Graph(), params.batch_size
        self._nets = {name: Normed(self._graph, name, streams(params.seed).weights, name, params.depth) for name in ARMS}

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        shape = (PIXELS, self._size)
        inputs, targets = self._graph.placeholder("inputs", shape), self._graph.placeholder("targets", (CLASSES, self._size))
        tested, rate = self._graph.placeholder("tested", (PIXELS, TESTED)), self._graph.placeholder("learning_rate")
        made = {name: net(inputs, training=True) for name, net in self._nets.items()}
        costs = [losses.softmax_cross_entropy(each.logits, targets) for each in made.values()]
        yield
        update = optimizers.adam(costs[0] + costs[1] + costs[2], rate)  # they share no weights: each follows its own loss
        looked = [net(tested, training=False).logits for net in self._nets.values()]
        yield
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1] + costs[2]], [update, *made["batch"].assigns])
        self._evaluate = yield from session.planning(looked)
        self._together: Plan = yield from session.planning([made["batch"].logits, made["layer"].logits])
        self.guard = Guard(session, train)

    def evaluated(self, inputs: Array) -> dict[str, Array]:
        """The logits of each in evaluation mode, (CLASSES, TESTED)."""
        self._evaluate.step(tested=inputs)
        return {name: logits.copy() for name, logits in zip(self._nets, self._evaluate.outputs, strict=True)}

    def together(self, inputs: Array) -> dict[str, Array]:
        """The logits of batch norm in training mode, and of layer norm, for one batch: (CLASSES, batch size)."""
        self._together.step(inputs=inputs)
        return {name: logits.copy() for name, logits in zip(("batch", "layer"), self._together.outputs, strict=True)}


class Among(NamedTuple):
    """What batch norm in training mode and layer norm say of unseen digits that come in batches."""

    batchwise: Array
    """The logits of batch norm, (CLASSES, TOGETHER)."""
    first: dict[str, tuple[Array, Array]]
    """By norm: the logits of the first digit, (CLASSES,), among its batch and among other companions."""


def among(contest: Contest, inputs: Array, size: int) -> Among:
    """`inputs` (PIXELS, n) batch by batch; and the first of them once more, with the second batch's digits beside it."""
    made = [contest.together(inputs[:, start : start + size]) for start in range(0, TOGETHER, size)]
    other = contest.together(np.concatenate([inputs[:, :1], inputs[:, size + 1 : 2 * size]], axis=1))
    first = {name: (made[0][name][:, 0], other[name][:, 0]) for name in other}
    return Among(np.concatenate([each["batch"] for each in made], axis=1), first)


def run(params: CompanionsParams) -> Run:
    """Digits, hidden layers of 64 ReLU units from He's start, Adam at a constant rate, 900 steps whatever the batch size."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED_ON)
    yield NOT_YET
    contest = Contest(params)
    yield from contest.prepare()
    order, wanted = batches(rng.batches, train.size, params.batch_size), train.one_hot
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, contest, test, params.batch_size)
        batch = next(order)
        feeds = {"inputs": train.inputs[:, batch], "targets": wanted[:, batch]}
        if broke := contest.guard.step(**feeds, learning_rate=params.learning_rate):
            return Diverged(done, broke)
        if done % 8 == 0:
            yield NOT_YET
    return None


def _snapshot(done: int, contest: Contest, test: Dataset, size: int) -> Snapshot:
    looked, seen = contest.evaluated(test.inputs), among(contest, test.inputs, size)
    right = {name: accuracy(logits, test.labels) for name, logits in looked.items()}
    training = accuracy(seen.batchwise, test.labels[:TOGETHER])
    said = {name: dict(zip(("one", "other"), map(softmax, pair), strict=True)) for name, pair in seen.first.items()}
    change = {f"{name} change": float(np.abs(one - other).max()) for name, (one, other) in seen.first.items()}
    drawn: dict[str, Any] = {"accuracy": right, "modes": {"evaluation": right["batch"], "training": training}, **said}
    return Snapshot(done, drawn, measured=right | {"batch in training mode": training} | change)


PAIRS = Ground(batch_size=2, depth=3, learning_rate=0.001)
MANY = Ground(batch_size=32, depth=3, learning_rate=0.001)
HOLDS = Claim("In batches of two, layer norm learns: its share of unseen digits right.", "layer", at_least(0.85), PAIRS)
FAILS = Claim("Batch norm hardly does: its share right, with its running statistics.", "batch", at_most(0.6), PAIRS)
BOTH = Claim("In batches of 32, batch norm learns too: its share right.", "batch", at_least(0.93), MANY)
TOO = Claim("So does layer norm: its share right.", "layer", at_least(0.93), MANY)
MODE = Claim(
    "With two digits per batch, batch norm in training mode hardly knows which digit it sees: its share right.",
    "batch in training mode",
    at_most(0.5),
    PAIRS,
)
OWES = Claim(
    "In training mode, other companions change what batch norm says of a digit: the largest change of a logit.",
    "batch change",
    at_least(0.15),
    Ground(depth=3, learning_rate=0.001),
)
ALONE = Claim(
    "To layer norm a digit’s companions make no difference: the largest change of a logit.",
    "layer change",
    at_most(1e-4),
    by_construction=True,
)
TITLE = Title("In batches of two, batch norm fails and layer norm learns", "Unseen digits, by step", (HOLDS, FAILS))

demo = Demo(
    name="companions",
    title="Small batches",
    params=CompanionsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(HOLDS, FAILS, MODE, BOTH, TOO, OWES, ALONE),
    presets=(
        Preset("batches of two", {}),
        Preset("batches of eight", {"batch_size": 8}),
        Preset("batches of 32", {"batch_size": 32}),
        Preset("one hidden layer", {"depth": 1}),
    ),
    guesses=guesses.COMPANIONS,
    hint="One digit is shown twice, beside different companions. See in which network its bars move.",
)
