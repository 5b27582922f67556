"""The same loss by two clocks: a straight line fitted with batches of 1, 20, all 200, and the visitor's size.

A least-squares loss has one minimum and can be drawn, so what is left of the loss shows the noise floor exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Path, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, Title, at_least, at_most, choice, slider, streams
from app.topics.batch_vs_stochastic import guesses
from engine import Graph, Session, losses, ops, optimizers
from engine.datasets import batches
from engine.graph import Array

SAMPLES, EPOCHS = 200, 200
PACE = Pace.at(np.round(SAMPLES * EPOCHS * np.linspace(0, 1, 161) ** 3).astype(int))
"""In samples seen: dense early on, when one sample already tells."""
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
        0.1, (0.01, 0.03, 0.1, 0.3), label="learning rate", help="For all four.", log=True, minimum=0.001, maximum=0.45
    )
    draws: Literal["shuffled", "independent"] = choice(
        "shuffled",
        {"shuffled": "shuffled each epoch", "independent": "drawn independently"},
        label="samples",
        help="Dealt out once per epoch, or drawn with replacement, as most theory has it.",
    )
    schedule: Literal["constant", "falling"] = choice(
        "constant",
        {"constant": "constant", "falling": "falling as 1/epoch"},
        label="your learning rate",
        help="A falling rate removes the noise floor.",
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
            title=BY_SAMPLES.at(params),
            series=series,
            x=Axis("samples seen (one epoch is 200)", (1, most), log=True),
            y=excess,
            height=340,
        ),
        "updates": Lines(
            title="The same losses by the updates made",
            series=series,
            x=Axis("updates made", (1, most), log=True),
            y=excess,
            height=340,
        ),
        "path": Path(
            title=PATHS.at(params),
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

    def __init__(self, problem: Problem, batch_size: int, params: ClocksParams) -> None:
        self._problem, self._size = problem, batch_size
        graph = Graph(np.float64)
        inputs, targets = graph.placeholder("inputs", (2, batch_size)), graph.placeholder("targets", (1, batch_size))
        weights = graph.variable("weights", np.array([START]))
        loss = losses.mean_squared_error(ops.matmul(weights, inputs), targets)
        self._session = Session(graph)
        self._plan = self._session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate"))])
        deal = independent if params.draws == "independent" and batch_size < SAMPLES else batches
        self._order: Iterator[Array] = deal(streams(params.seed).batches, SAMPLES, batch_size)
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


def independent(rng: np.random.Generator, n: int, batch_size: int) -> Iterator[Array]:
    """Places (batch_size,) without end, each drawn from all n."""
    while True:
        yield rng.integers(0, n, batch_size)


def run(params: ClocksParams) -> Run:
    """Four fits of one line from the same start, on the same points in the same order, for 200 epochs."""
    problem, late = Problem(params.seed), dict[str, list[float]]()
    sizes = {"yours": params.batch_size} | SIZES
    learners = {name: Learner(problem, size, params) for name, size in sizes.items()}
    for samples in PACE.moments:
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


RATE = Ground(learning_rate=0.1)
DEALT = Ground(learning_rate=0.1, draws="shuffled")
LEAD = Claim(
    "To come within 0.05 of the minimum, the full batch looks at this many times as many samples as batches of one.",
    "advantage",
    at_least(50),
    RATE,
)
FLOOR = Claim("But batches of one never settle: their mean excess loss in the last half.", "one floor", at_least(0.01), RATE)
LOWER = Claim("The floor of batches of 20 is lower by this factor.", "floor ratio", at_least(20), DEALT)
SETTLES = Claim("The full batch has no floor: its excess loss at the end.", "all", at_most(1e-9), RATE)
FALLING = Claim(
    "A falling rate removes your floor: your mean excess loss in the last half.",
    "yours floor",
    at_most(1e-3),
    Ground(learning_rate=0.1, batch_size=at_most(5), schedule="falling", draws="shuffled"),
)
BY_SAMPLES = Title("Counted in samples, small batches lead and then stick", "Excess loss by the samples seen", (LEAD, FLOOR))
PATHS = Title("The full batch walks straight down, single samples wander", "The way taken across the loss", (FLOOR, SETTLES))

demo = Demo(
    name="clocks",
    title="One loss, two clocks",
    params=ClocksParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LEAD, FLOOR, LOWER, SETTLES, FALLING),
    presets=(
        Preset("batches of 5", {}),
        Preset("single samples, falling rate", {"batch_size": 1, "schedule": "falling"}),
        Preset("a smaller rate", {"learning_rate": 0.01}),
        Preset("a larger rate", {"learning_rate": 0.3}),
        Preset("independent draws", {"draws": "independent"}),
    ),
    guesses=guesses.CLOCKS,
    hint="Watch the orange line: it is down first, and then it stays up while the others go on falling.",
)
