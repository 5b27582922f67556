"""Grokking: sums on a clock face of 23 hours are memorized first, and understood long after."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, OCHRE, PURPLE, TEST, TRAIN
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
from engine import Array, Graph, Guard, Node, Session, losses, optimizers
from engine.metrics import accuracy
from engine.networks.losses import one_hot

HOURS, HIDDEN = 23, 128
LEARNING_RATE, FORGETS = 0.01, 0.98
PACE = Pace.evenly(1_500, 25)
EARLY = 100
"""A step at which everything given has been memorized."""
WAVES = {f"wave {place}": Series(f"unit {place}", colour) for place, colour in enumerate((BLUE, GREEN, OCHRE), start=1)}


class GrokkingParams(Params):
    """How fast weights decay, and how much of the table of sums is given."""

    decay: float = slider(
        1.0, (0.0, 0.3, 1.0, 3.0), label="weight decay", help="Decoupled, as in AdamW: per step, times the learning rate of 0.01."
    )
    share: float = slider(
        0.5, (0.3, 0.4, 0.5, 0.6, 0.7), label="share given", help="Of the table of 529 sums; the rest is only for testing."
    )


def charts(params: GrokkingParams) -> dict[str, Chart]:
    """Accuracy on sums given and not given, what three units have become, and how much of a wave the units are."""
    step = Axis("step", (0, PACE.steps))
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series={"given": Series("sums given", TRAIN, width=3), "unseen": Series("sums never seen", TEST, width=3)},
            levels={"a guess": 1 / HOURS},
            x=step,
            y=Axis("share right", (0, 1.02)),
        ),
        "units": Curves(
            title="The weights of three hidden units, by the first number",
            at=np.arange(HOURS),
            series=WAVES,
            mode="lines+markers",
            x=Axis("first number", (-0.5, HOURS - 0.5)),
            y=Axis("weight over the unit’s largest", (-1.1, 1.1)),
        ),
        "waves": Lines(
            title="How close to a wave the units are",
            series={"waves": Series("share of one frequency, mean of the units", PURPLE)},
            x=step,
            y=Axis("share", (0, 1.02)),
        ),
    }


class Sums(NamedTuple):
    """Pairs of numbers as two one-hot columns (2 HOURS, n), and their sum modulo HOURS, (n,)."""

    inputs: Array
    labels: Array


def dealt(rng: np.random.Generator, share: float) -> tuple[Sums, Sums]:
    """The whole table in two parts: that share of it, and the rest."""
    first, second = np.divmod(np.arange(HOURS**2), HOURS)
    inputs = np.concatenate([one_hot(first, HOURS), one_hot(second, HOURS)])
    order, given = rng.permutation(HOURS**2), round(share * HOURS**2)
    labels = (first + second) % HOURS
    one, other = (Sums(inputs[:, places], labels[places]) for places in (order[:given], order[given:]))
    return one, other


class Adder:
    """Two layers without bias, the hidden units squared, and the whole of the given sums in each step."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._graph = Graph()
        begin = rng.normal(size=(HIDDEN, 2 * HOURS)) / np.sqrt(2 * HOURS)
        self._in = self._graph.variable("hidden/weights", begin)
        self._out = self._graph.variable("output/weights", rng.normal(size=(HOURS, HIDDEN)) / np.sqrt(HIDDEN))

    def _forward(self, inputs: Array) -> Node:
        hidden = self._in @ self._graph.constant(inputs)
        return self._out @ (hidden * hidden)

    def prepare(self, given: Sums, unseen: Sums, decay: float) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        said, tested = self._forward(given.inputs), self._forward(unseen.inputs)
        loss = losses.mean_squared_error(said, self._graph.constant(one_hot(given.labels, HOURS)))
        rate = self._graph.placeholder("learning_rate")
        update = optimizers.adam(loss, rate, beta2=FORGETS, weight_decay=decay)
        yield
        self._session = Session(self._graph)
        train = yield from self._session.planning([loss], [update])
        self._evaluate = yield from self._session.planning([said, tested])
        self.guard = Guard(self._session, train)

    def outputs(self) -> tuple[Array, Array]:
        """For the sums given and the unseen ones, (HOURS, n) each."""
        self._evaluate.step()
        said, tested = self._evaluate.outputs
        return said.copy(), tested.copy()

    def units(self) -> Array:
        """What each hidden unit weighs the first number with, (HIDDEN, HOURS)."""
        weights: Array = self._session.value(self._in)[:, :HOURS].copy()
        return weights


def periodic(units: Array) -> Array:
    """The share of each unit's energy in its strongest frequency, (units,); 0 for one that has died."""
    energy = np.square(np.abs(np.fft.rfft(units.astype(float), axis=1)))[:, 1:]
    every = energy.sum(axis=1)
    found: Array = np.where(every > 0.05 * every.max(), energy.max(axis=1) / np.maximum(every, 1e-30), 0.0)
    return found


def run(params: GrokkingParams) -> Run:
    """Sums modulo 23, 128 hidden units, squared error on one-hot answers, AdamW at 0.01, the full batch in each step."""
    rng = streams(params.seed)
    given, unseen = dealt(rng.data, params.share)
    adder = Adder(rng.weights)
    yield NOT_YET
    yield from adder.prepare(given, unseen, params.decay)
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, adder, given, unseen)
        if broke := adder.guard.step(learning_rate=LEARNING_RATE):
            return Diverged(done, broke)
        if done % 16 == 0:
            yield NOT_YET
    return None


def _snapshot(done: int, adder: Adder, given: Sums, unseen: Sums) -> Snapshot:
    said, tested = adder.outputs()
    right = {"given": accuracy(said, given.labels), "unseen": accuracy(tested, unseen.labels)}
    units = adder.units()
    shares = periodic(units)
    waves = float(shares[shares > 0].mean())
    strongest = np.argsort(-np.square(units).sum(axis=1), kind="stable")[: len(WAVES)]
    looks = {
        uid: units[place] / max(float(np.abs(units[place]).max()), 1e-30) for uid, place in zip(WAVES, strongest, strict=True)
    }
    early = {f"{name}, early": value for name, value in right.items()} if done == EARLY else {}
    drawn = {"accuracy": right, "units": looks, "waves": {"waves": waves}}
    return Snapshot(done, drawn, measured=right | early | {"waves": waves})


HALF = Ground(decay=1.0, share=0.5)
NO_DECAY = Ground(decay=0.0, share=0.5)
MORE = Ground(decay=0.0, share=0.7)
MEMORIZED = Claim(
    "After 100 steps the network knows every sum that it was given: its share right.", "given, early", at_least(0.99), HALF
)
NOT_UNDERSTOOD = Claim("It cannot add: its share right of sums that it never saw.", "unseen, early", at_most(0.2), HALF)
UNDERSTOOD = Claim("In the end it can: its share right of sums that it never saw.", "unseen", at_least(0.97), HALF)
WAVE = Claim("Its units have become waves: the mean share of one frequency.", "waves", at_least(0.8), HALF)
NEVER = Claim("Without weight decay it does not learn to add in this time: its share right.", "unseen", at_most(0.2), NO_DECAY)
WITHOUT = Claim(
    "With 70 % of the table it does so even without weight decay: its share right of sums that it never saw.",
    "unseen",
    at_least(0.6),
    MORE,
)
TITLE = Title("Memorized at once, understood much later", "Sums modulo 23, by step", (MEMORIZED, NOT_UNDERSTOOD, UNDERSTOOD))

demo = Demo(
    name="grokking",
    title="Grokking",
    params=GrokkingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(MEMORIZED, NOT_UNDERSTOOD, UNDERSTOOD, WAVE, NEVER, WITHOUT),
    presets=(
        Preset("half of the table", {}),
        Preset("no weight decay", {"decay": 0.0}),
        Preset("more weight decay", {"decay": 3.0}),
        Preset("70 %, no weight decay", {"decay": 0.0, "share": 0.7}),
    ),
    guesses=guesses.GROKKING,
    hint="Watch the gap between the two lines, and what the hidden units turn into while it closes.",
)
