"""The same loss by two clocks: a straight line fitted with batches of 1, 20, all 200, and the visitor's size.

A least-squares loss has one minimum and can be drawn, so that what is left of the loss shows the noise floor exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Path, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, at_most, choice, slider, streams
from engine import Graph, Session, losses, ops, optimizers
from engine.datasets import batches
from engine.graph import Array

SAMPLES, EPOCHS, FRAMES = 200, 200, 161
SIZES = {"one": 1, "some": 20, "all": SAMPLES}
TRUTH, NOISE = (1.5, 0.5), 0.5
START = (-1.5, -1.5)
REACHED = 0.05
"""The excess loss that counts as arrived."""


class ClocksParams(Params):
    """The visitor's batches, and the step length of all."""

    batch_size: int = slider(
        5,
        (1, 2, 5, 10, 20, 40, 100, 200),
        label="your batch size",
        unit="samples",
        help="How many samples one update looks at.",
        minimum=1,
    )
    learning_rate: float = slider(
        0.1, (0.01, 0.03, 0.1, 0.3), label="learning rate", help="Of all four.", log=True, minimum=0.001, maximum=0.45
    )
    schedule: Literal["constant", "falling"] = choice(
        "constant",
        {"constant": "constant", "falling": "falling as 1/epoch"},
        label="your learning rate",
        help="A rate that falls takes the noise floor away.",
    )


def charts(params: ClocksParams) -> dict[str, Chart]:
    """The loss by samples and by updates, and the way taken."""
    series = {
        "yours": Series(f"yours: {params.batch_size}", GREEN, width=3),
        "one": Series("1 sample", VERMILION),
        "some": Series("20", PURPLE),
        "all": Series("all 200", BLUE),
    }
    most = SAMPLES * EPOCHS
    excess = Axis("loss above its minimum", (1e-12, 20), log=True)
    problem = Problem(params.seed)
    across, up = np.meshgrid(np.linspace(-2, 2.6, 47), np.linspace(-2, 1.4, 35))
    offsets = np.stack([across.ravel() - problem.best[0], up.ravel() - problem.best[1]])
    return {
        "samples": Lines(
            title="By samples: small batches lead, then stick",
            series=series,
            x=Axis("samples seen (one epoch is 200)", (1, most), log=True),
            y=excess,
            height=340,
        ),
        "updates": Lines(
            title="By updates: all go down together, then stick",
            series=series,
            x=Axis("updates made", (1, most), log=True),
            y=excess,
            height=340,
        ),
        "path": Path(
            title="The way taken: straight down, or wandering around the minimum for good",
            heights=np.sqrt(problem.excess(offsets)).reshape(across.shape),
            series={name: series[name] for name in ("one", "yours", "some", "all")},
            x=Axis("slope", (-2, 2.6)),
            y=Axis("intercept", (-2, 1.4)),
            of="√ of excess loss",
            wide=True,
            height=360,
        ),
    }


class Problem:
    """200 points around a line, the least-squares fit, and the loss above its minimum."""

    def __init__(self, seed: int) -> None:
        rng = streams(seed).data
        x = rng.uniform(-1, 1, SAMPLES)
        self.inputs = np.stack([x, np.ones(SAMPLES)])
        self.targets = (np.array(TRUTH) @ self.inputs + rng.normal(0, NOISE, SAMPLES))[None]
        self.best: Array = np.linalg.lstsq(self.inputs.T, self.targets[0], rcond=None)[0]
        self._moments = self.inputs @ self.inputs.T / SAMPLES

    def excess(self, offset: Array) -> Array:
        """Mean squared error above the minimum at weights best + offset, (2,) or (2, n): exact, as the loss is quadratic."""
        above: Array = (offset * (self._moments @ offset)).sum(axis=0)
        return above


class Learner:
    """One fit. `samples`: how many it has looked at; `reached`: how many when its excess was first below 0.05."""

    def __init__(self, problem: Problem, batch_size: int, seed: int) -> None:
        self._problem, self._size = problem, batch_size
        graph = Graph(np.float64)
        inputs, targets = graph.placeholder("inputs", (2, batch_size)), graph.placeholder("targets", (1, batch_size))
        weights = graph.variable("weights", np.array([START]))
        loss = losses.mean_squared_error(ops.matmul(weights, inputs), targets)
        self._session = Session(graph)
        self._plan = self._session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate"))])
        self._order: Iterator[Array] = batches(streams(seed).batches, SAMPLES, batch_size)
        self.samples, self.reached = 0, float("nan")

    @property
    def updates(self) -> int:
        """Made so far."""
        return self.samples // self._size

    @property
    def at(self) -> Array:
        """Slope and intercept now, (2,)."""
        return self._session.values.copy()

    def advance(self, samples: int, rate: float, falling: bool) -> None:
        """As many updates as `samples` in all allow."""
        for places in islice(self._order, max(samples // self._size - self.updates, 0)):
            now = rate / ceil((self.samples + 1) / SAMPLES) if falling else rate
            self._plan.step(inputs=self._problem.inputs[:, places], targets=self._problem.targets[:, places], learning_rate=now)
            self.samples += self._size
            if np.isnan(self.reached) and self._problem.excess(self.at - self._problem.best) < REACHED:
                self.reached = float(self.samples)


def moments() -> list[int]:
    """The samples seen at each frame: dense early on, when one sample already tells."""
    return [int(count) for count in np.unique(np.round(SAMPLES * EPOCHS * np.linspace(0, 1, FRAMES) ** 3))]


def run(params: ClocksParams) -> Run:
    """Four fits of one line from the same start, on the same points in the same shuffled order, for 200 epochs."""
    problem, late = Problem(params.seed), dict[str, list[float]]()
    sizes = {"yours": params.batch_size} | SIZES
    learners = {name: Learner(problem, size, params.seed) for name, size in sizes.items()}
    for samples in moments():
        for name, learner in learners.items():
            learner.advance(samples, params.learning_rate, name == "yours" and params.schedule == "falling")
        excess = {name: float(problem.excess(learner.at - problem.best)) for name, learner in learners.items()}
        if samples > SAMPLES * EPOCHS / 2:
            for name, value in excess.items():
                late.setdefault(name, []).append(value)
        yield _snapshot(samples, learners, excess, late)
    return None


def _snapshot(samples: int, learners: dict[str, Learner], excess: dict[str, float], late: dict[str, list[float]]) -> Snapshot:
    """A learner's point is drawn from its first update on: nothing is at zero on a log axis."""
    moved = {name: learner for name, learner in learners.items() if learner.samples}
    drawn = {
        "samples": {name: (learner.samples, excess[name]) for name, learner in moved.items()},
        "updates": {name: (learner.updates, excess[name]) for name, learner in moved.items()},
        "path": {name: (float(learner.at[0]), float(learner.at[1])) for name, learner in learners.items()},
    }
    floors = {f"{name} floor": float(np.mean(values)) for name, values in late.items()}
    ratios = {"advantage": learners["all"].reached / learners["one"].reached}
    if late:
        ratios |= {"floor ratio": floors["one floor"] / floors["some floor"]}
    return Snapshot(samples, drawn, epoch=samples / SAMPLES, measured=floors | ratios | {"all": excess["all"]})


def _as_measured(params: ClocksParams) -> bool:
    return params.learning_rate == 0.1


def _falling(params: ClocksParams) -> bool:
    return params.learning_rate == 0.1 and params.batch_size <= 5 and params.schedule == "falling"


GROUND = "rate 0.1"

demo = Demo(
    name="clocks",
    title="One loss, two clocks",
    params=ClocksParams,
    charts=charts,
    run=run,
    frames=lambda params: len(moments()),
    claims=(
        Claim(
            "To come within 0.05 of the minimum, full batch looks at so many times the samples",
            "advantage",
            at_least(50),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "But single samples never settle: mean excess in the last half",
            "one floor",
            at_least(0.01),
            Ground(GROUND, _as_measured),
        ),
        Claim("Batches of 20 stay more than 20 times lower: by", "floor ratio", at_least(20), Ground(GROUND, _as_measured)),
        Claim("The full batch has no floor: excess after 200 updates", "all", at_most(1e-9), Ground(GROUND, _as_measured)),
        Claim(
            "A falling rate takes your floor away",
            "yours floor",
            at_most(1e-3),
            Ground("rate 0.1, falling, batch up to 5", _falling),
        ),
    ),
    presets=(
        Preset("batches of 5", {}),
        Preset("single samples, falling rate", {"batch_size": 1, "schedule": "falling"}),
        Preset("a smaller rate", {"learning_rate": 0.01}),
        Preset("a larger rate", {"learning_rate": 0.3}),
        Preset("half the data", {"batch_size": 100}),
    ),
    hint="By samples, single ones are there first; by updates, all sizes go down together. Then the small batches stick.",
)
