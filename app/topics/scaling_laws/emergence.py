"""A smooth and a sharp metric of the same networks: single digits read right, and several in a row."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
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
from app.topics.scaling_laws import guesses
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches, digits, split
from engine.metrics import classes
from engine.probabilities import softmax

WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
PIXELS, CLASSES, TRAINED_ON, TESTED, BATCH = 64, 10, 1397, 400, 32
LEARNING_RATE = 0.01
DRAWS = 4_000
"""Rows of digits that a network is asked to read without a mistake."""
PACE = Pace(300, 31)
SMALL, LARGE = WIDTHS.index(2), WIDTHS.index(16)


class EmergenceParams(Params):
    """How much has to be right at once."""

    in_a_row: int = slider(
        10,
        (1, 2, 5, 10, 20),
        label="digits in a row",
        help="An answer counts only when this many unseen digits are read without a mistake.",
    )


def charts(params: EmergenceParams) -> dict[str, Chart]:
    """Both metrics and the loss by width, and both metrics of one network by step."""
    width, share = Axis("hidden units", (0.9, 70), log=True), Axis("share right", (0, 1.02))
    both = {"single": Series("single digits", GREEN, width=3), "row": Series(f"{params.in_a_row} in a row", VERMILION, width=3)}
    return {
        "metrics": Curves(title=TITLE.at(params), at=WIDTHS, series=both, mode="lines+markers", x=width, y=share),
        "loss": Curves(
            title="The loss on unseen digits, by width",
            at=WIDTHS,
            series={"loss": Series("cross-entropy", BLUE)},
            mode="lines+markers",
            x=width,
            y=Axis("nats per digit", (0.05, 5), log=True),
        ),
        "steps": Lines(title="16 hidden units, by step", series=both, x=Axis("step", (0, PACE.steps)), y=share),
    }


class Family:
    """Networks of all widths in one graph, which learn the same batches."""

    def __init__(self, seed: int) -> None:
        self._graph, rng = Graph(), streams(seed).weights
        self._nets = [
            mlp(self._graph, (PIXELS, width, CLASSES), rng, activation="tanh", name=f"{width} units") for width in WIDTHS
        ]

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        inputs, targets = self._graph.placeholder("inputs", (PIXELS, BATCH)), self._graph.placeholder("targets", (CLASSES, BATCH))
        tested, rate = self._graph.placeholder("tested", (PIXELS, TESTED)), self._graph.placeholder("learning_rate")
        costs = [losses.softmax_cross_entropy(net(inputs), targets) for net in self._nets]
        yield
        whole = sum(costs[1:], costs[0])
        update = optimizers.adam(whole, rate)  # they share no weights: each follows its own loss
        looked = [net(tested) for net in self._nets]
        yield
        session = Session(self._graph)
        train = yield from session.planning([whole], [update])
        self._evaluate = yield from session.planning(looked)
        self.guard = Guard(session, train)

    def logits(self, inputs: Array) -> list[Array]:
        """Of each network for unseen pixels (PIXELS, TESTED): (CLASSES, TESTED)."""
        self._evaluate.step(tested=inputs)
        return [each.copy() for each in self._evaluate.outputs]


def rows(rng: np.random.Generator, length: int) -> Array:
    """Which unseen digits stand in each row, independently drawn: (DRAWS, length)."""
    drawn: Array = rng.integers(0, TESTED, (DRAWS, length))
    return drawn


def run(params: EmergenceParams) -> Run:
    """Digits, one hidden layer of 1 to 64 tanh units, cross-entropy, Adam at 0.01, 300 steps of 32 digits."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED_ON)
    yield NOT_YET
    family, asked = Family(params.seed), rows(rng.noise, params.in_a_row)
    yield from family.prepare()
    order, wanted = batches(rng.batches, train.size, BATCH), train.one_hot
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, family.logits(test.inputs), test.labels, asked)
        batch = next(order)
        feeds = {"inputs": train.inputs[:, batch], "targets": wanted[:, batch]}
        if broke := family.guard.step(**feeds, learning_rate=LEARNING_RATE):
            return Diverged(done, broke)
        if done % 8 == 0:
            yield NOT_YET
    return None


def _snapshot(done: int, logits: list[Array], labels: Array, asked: Array) -> Snapshot:
    right = np.array([classes(each) == labels for each in logits])
    single, row = right.mean(axis=1), np.array([each[asked].all(axis=1).mean() for each in right])
    loss = [-np.log(softmax(each)[labels, np.arange(len(labels))]).mean() for each in logits]
    drawn = {
        "metrics": {"single": single, "row": row},
        "loss": {"loss": np.array(loss)},
        "steps": {"single": single[LARGE], "row": row[LARGE]},
    }
    measured = {
        "single, 2 units": single[SMALL],
        "row, 2 units": row[SMALL],
        "single, 16 units": single[LARGE],
        "row, 16 units": row[LARGE],
        "single grows": single[LARGE] / single[SMALL],
        "off the power": np.abs(row - single ** asked.shape[1]).max(),
    }
    return Snapshot(done, drawn, measured={name: float(value) for name, value in measured.items()})


TEN = Ground(in_a_row=10)
SOME = Claim(
    "With 2 hidden units a network reads far more digits than by chance: its share right.", "single, 2 units", at_least(0.3)
)
NOTHING = Claim(
    "Yet it never or hardly ever reads ten in a row: the share of rows without a mistake.", "row, 2 units", at_most(0.01), TEN
)
SUDDENLY = Claim("With 16 units it often does: the share of rows without a mistake.", "row, 16 units", at_least(0.4), TEN)
SMOOTH = Claim(
    "From 2 to 16 units single digits improve without a jump: their share right grows by this factor.", "single grows", at_most(3)
)
POWER = Claim(
    "The share of rows is that of digits to the power of the row’s length: the largest difference, due to drawing rows.",
    "off the power",
    at_most(0.04),
    by_construction=True,
)
TITLE = Title("Ten in a row appear suddenly, single digits do not", "Both metrics, by width", (NOTHING, SUDDENLY, SMOOTH))

demo = Demo(
    name="emergence",
    title="Emergence",
    params=EmergenceParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(SOME, NOTHING, SUDDENLY, SMOOTH, POWER),
    presets=(
        Preset("ten in a row", {}),
        Preset("two in a row", {"in_a_row": 2}),
        Preset("twenty in a row", {"in_a_row": 20}),
    ),
    guesses=guesses.EMERGENCE,
    hint="Both lines show the same networks at the same moment. Compare them at 2 hidden units.",
)
