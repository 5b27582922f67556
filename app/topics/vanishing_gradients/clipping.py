"""Clipping: the adding task, learnt by two equal recurrent networks with exploding gradients, one with its gradient clipped.

The clipped one survives, and still does not learn what needs a long memory.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from engine import Graph, Node, Session, gradients, losses, ops, optimizers
from engine.graph import Array

UNITS = 32
BATCH_SIZE = 32
STEPS = 300
PACE = Pace(STEPS, 101)
GUESS = 1 / 6
"""The loss of always answering 1: the variance of the sum of two uniform numbers."""
HIGHEST = 1e12
"""Where the chart of the loss ends."""


class ClippingParams(Params):
    """Where the recurrent weights start, how long the memory must be, and how training steps."""

    radius: float = slider(
        3.0,
        (0.5, 0.9, 1.0, 1.5, 2.0, 3.0),
        label="spectral radius",
        help="Largest absolute eigenvalue of the recurrent weights at the start.",
        minimum=0.1,
        maximum=4,
    )
    time_steps: int = slider(30, (4, 6, 8, 15, 30), label="time steps", help="Length of a sequence.", minimum=2, maximum=30)
    clip_norm: float = slider(
        1.0,
        (0.1, 0.3, 1.0, 3.0, 10.0),
        label="clip norm",
        help="The longest gradient that the clipped network takes; a longer one is shortened to it.",
        log=True,
        minimum=0.001,
        maximum=1000,
    )
    learning_rate: float = slider(
        0.1,
        (0.01, 0.03, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Of both networks.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: ClippingParams) -> dict[str, Chart]:
    """The loss, the length of the gradient, and how it is spread over time."""
    steps, back = Axis("step", (0, STEPS)), params.time_steps
    series = {"free": Series("not clipped", VERMILION), "clipped": Series(f"clipped to {params.clip_norm:g}", BLUE)}
    return {
        "loss": Lines(
            title="Who blows up, who survives, and who beats the guess",
            series=series,
            levels={"always answering 1": GUESS},
            x=steps,
            y=Axis("mean squared error", (0.005, HIGHEST), log=True),
            wide=True,
            height=340,
        ),
        "norm": Lines(
            title="The length of the gradient before clipping",
            series=series,
            levels={"clip norm": params.clip_norm},
            x=steps,
            y=Axis("norm of the gradient", (1e-3, HIGHEST), log=True),
        ),
        "gradient": Curves(
            title="What reaches each step: all shortened alike",
            at=np.arange(1, back + 1),
            series=series,
            x=Axis("time step", (0, back + 1)),
            y=Axis("norm of dL/dh, last time step = 1", (1e-8, 1e4), log=True),
        ),
    }


class Adder:
    """An unrolled tanh network that reads number and mark at every time step and answers once, at the end."""

    def __init__(self, params: ClippingParams, clip_norm: float | None) -> None:
        graph, time = Graph(), params.time_steps
        inputs, targets = graph.placeholder("inputs", (2 * time, BATCH_SIZE)), graph.placeholder("targets", (1, BATCH_SIZE))
        into, out = _start(params)
        self._weights = cell, reader = graph.variable("cell/weights", into), graph.variable("reader/weights", out)
        self._states = _unrolled(cell, inputs, time)
        self._loss = losses.mean_squared_error(ops.affine(reader, self._states[-1]), targets)
        self._graph, self._clip_norm = graph, clip_norm
        self.alive = True

    def prepare(self) -> Generator[None, None, None]:
        """Its gradients and its plan, in pieces."""
        update = optimizers.sgd(self._loss, self._graph.placeholder("learning_rate"), clip_norm=self._clip_norm)
        yield
        slopes = [*gradients(self._loss, self._weights), *gradients(self._loss, self._states)]
        yield
        self._plan = yield from Session(self._graph).planning([self._loss, *slopes], [update])

    def step(self, feeds: dict[str, object]) -> None:
        """One update, unless the numbers have left the finite ones before."""
        if self.alive:
            self._plan.step(**feeds)
            self.alive = bool(np.isfinite(self.loss()))

    def loss(self) -> float:
        """The loss before the last update."""
        return float(self._plan.outputs[0])

    def norms(self) -> Array:
        """The length of the last step's gradient by cell, by reader, and by the state of each time step."""
        return np.array([float(np.linalg.norm(slope.astype(np.float64))) for slope in self._plan.outputs[1:]])


def _start(params: ClippingParams) -> tuple[Array, Array]:
    """Weights of the cell (units, 2 + units + 1) and of the reader (1, units + 1), biases zero."""
    rng = streams(params.seed).weights
    recurrent = rng.normal(size=(UNITS, UNITS))
    recurrent *= params.radius / np.abs(np.linalg.eigvals(recurrent)).max()
    into, out = rng.normal(size=(UNITS, 2)), rng.normal(0, 0.5 / np.sqrt(UNITS), (1, UNITS))
    return np.hstack([into, recurrent, np.zeros((UNITS, 1))]), np.hstack([out, [[0.0]]])


def _unrolled(cell: Node, inputs: Node, time: int) -> list[Node]:
    """The state at each time step, from zeros."""
    states = [cell.graph.constant(np.zeros((UNITS, BATCH_SIZE)))]
    for now in range(time):
        seen = ops.rows(inputs, 2 * now, 2 * now + 2)
        states.append(ops.tanh(ops.affine(cell, ops.concatenate([seen, states[-1]]))))
    return states[1:]


def task(rng: np.random.Generator, time: int) -> tuple[Array, Array]:
    """The adding task (Hochreiter and Schmidhuber, 1997): numbers from 0 to 1, two of them marked, one in each half; their sum.

    Inputs (2 time, batch), number and mark of each time step in turn; targets (1, batch).
    """
    numbers, marks, samples = rng.uniform(size=(time, BATCH_SIZE)), np.zeros((time, BATCH_SIZE)), np.arange(BATCH_SIZE)
    marks[rng.integers(0, time // 2, BATCH_SIZE), samples] = 1
    marks[rng.integers(time // 2, time, BATCH_SIZE), samples] = 1
    return np.stack([numbers, marks], axis=1).reshape(2 * time, BATCH_SIZE), (numbers * marks).sum(axis=0, keepdims=True)


def run(params: ClippingParams) -> Run:
    """Both networks from the same weights on the same fresh sequences; the one that overflows stops there, the other goes on."""
    rng = streams(params.seed).batches
    adders = {"free": Adder(params, None), "clipped": Adder(params, params.clip_norm)}
    for adder in adders.values():
        yield from adder.prepare()
    highest, late = {"free": 0.0, "clipped": 0.0}, list[float]()
    for done, shown in PACE:
        inputs, targets = task(rng, params.time_steps)
        feeds = {"inputs": inputs, "targets": targets, "learning_rate": params.learning_rate}
        for name, adder in adders.items():
            adder.step(feeds)
            highest[name] = max(highest[name], adder.loss()) if adder.alive else highest[name]
        late += [adders["clipped"].loss()] if done > STEPS - 50 else []
        if shown:
            measured = {"free": highest["free"], "clipped": highest["clipped"]}
            yield _snapshot(done, adders, measured | ({"late": float(np.mean(late)) / GUESS} if late else {}))
    return None


def _snapshot(step: int, adders: dict[str, Adder], measured: dict[str, float]) -> Snapshot:
    """What is to be seen of both; nothing of one that has overflowed."""
    alive = {name: adder for name, adder in adders.items() if adder.alive}
    sizes = {name: adder.norms() for name, adder in alive.items()}
    drawn = {
        "loss": {name: adder.loss() for name, adder in alive.items()},
        "norm": {name: float(np.hypot(*values[:2])) for name, values in sizes.items()},
        "gradient": {name: values[2:] / values[-1] for name, values in sizes.items()},
    }
    return Snapshot(step, drawn, measured=measured)


def _usual(params: ClippingParams) -> bool:
    return params.learning_rate == 0.1 and params.clip_norm == 1


def _hard(params: ClippingParams) -> bool:
    return _usual(params) and params.time_steps == 30 and params.radius == 3


GROUND = "radius 3, 30 time steps, clip norm 1, rate 0.1"

demo = Demo(
    name="clipping",
    title="Clipping",
    params=ClippingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Not clipped: the highest loss of the run", "free", at_least(1000), Ground(GROUND, _hard)),
        Claim("Clipped: the highest loss of the run", "clipped", at_most(4.0), Ground(GROUND, _hard)),
        Claim(
            "And yet not learnt: the clipped network’s loss over the last 50 steps, as a share of always answering 1",
            "late",
            at_least(0.7),
            Ground(GROUND, _hard),
        ),
        Claim(
            "A short memory it does learn: the same share",
            "late",
            at_most(0.7),
            Ground(
                "radius 1, 6 time steps, clip norm 1, rate 0.1",
                lambda params: _usual(params) and params.time_steps == 6 and params.radius == 1,
            ),
        ),
    ),
    presets=(
        Preset("blows up", {}),
        Preset("radius 1: calm, and not learnt", {"radius": 1.0}),
        Preset("radius 0.5: vanished", {"radius": 0.5}),
        Preset("a short memory", {"time_steps": 6, "radius": 1.0}),
    ),
    hint="One network clips its gradient, the other does not. Watch the loss: surviving is not yet learning.",
)
