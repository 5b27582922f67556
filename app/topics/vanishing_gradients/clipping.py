"""Clipping: the adding task, learnt by two equal recurrent networks with exploding gradients, one with its gradient clipped.

The clipped one survives, and still does not learn what needs a long memory.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, VERMILION
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
from app.topics.vanishing_gradients import guesses
from app.topics.vanishing_gradients.recipes import norms
from engine import Graph, Guard, Node, Plan, Session, gradients, losses, ops, optimizers
from engine.graph import Array

UNITS = 32
BATCH_SIZE = 32
STEPS = 300
PACE = Pace(STEPS, 101)
GUESS = 1 / 6
"""The loss of always answering 1: the variance of the sum of two uniform numbers."""
LATE = 50
"""So many last steps are averaged."""
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
            title=TITLE.at(params),
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
            title="The gradient that reaches each time step",
            at=np.arange(1, back + 1),
            series=series,
            x=Axis("time step", (0, back + 1)),
            y=Axis("norm of dL/dh, last time step = 1", (1e-8, 1e4), log=True),
        ),
    }


class Adder(NamedTuple):
    """A network that is ready to learn the task: its step behind a guard."""

    train: Plan
    """Its outputs are the loss before the update, and its slopes by cell, by reader and by the state of each time step."""
    guard: Guard

    def loss(self) -> float:
        """The loss before the last update."""
        return float(self.train.outputs[0])


def prepared(params: ClippingParams, clip_norm: float | None) -> Generator[None, None, Adder]:
    """An unrolled tanh network that reads number and mark at every time step and answers once, at the end; in pieces."""
    graph, time = Graph(), params.time_steps
    inputs, targets = graph.placeholder("inputs", (2 * time, BATCH_SIZE)), graph.placeholder("targets", (1, BATCH_SIZE))
    into, out = _start(params)
    cell, reader = graph.variable("cell/weights", into), graph.variable("reader/weights", out)
    states = _unrolled(cell, inputs, time)
    loss = losses.mean_squared_error(ops.affine(reader, states[-1]), targets)
    update = optimizers.sgd(loss, graph.placeholder("learning_rate"), clip_norm=clip_norm)
    yield NOT_YET
    slopes = [*gradients(loss, [cell, reader]), *gradients(loss, states)]
    yield NOT_YET
    session = Session(graph)
    train = yield from session.planning([loss, *slopes], [update])
    return Adder(train, Guard(session, train))


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
    """The adding task (after Hochreiter and Schmidhuber, 1997): numbers from 0 to 1, one marked in each half; the sum of the two.

    Inputs (2 time, batch), number and mark of each time step in turn; targets (1, batch).
    """
    numbers, marks, samples = rng.uniform(size=(time, BATCH_SIZE)), np.zeros((time, BATCH_SIZE)), np.arange(BATCH_SIZE)
    marks[rng.integers(0, time // 2, BATCH_SIZE), samples] = 1
    marks[rng.integers(time // 2, time, BATCH_SIZE), samples] = 1
    return np.stack([numbers, marks], axis=1).reshape(2 * time, BATCH_SIZE), (numbers * marks).sum(axis=0, keepdims=True)


def run(params: ClippingParams) -> Run:
    """Both networks from the same weights on the same fresh sequences; the one that overflows stops there, the other goes on."""
    rng, adders = streams(params.seed).batches, dict[str, Adder]()
    for name, clip_norm in {"free": None, "clipped": params.clip_norm}.items():
        adders[name] = yield from prepared(params, clip_norm)

    highest, late = dict.fromkeys(adders, 0.0), list[float]()
    for done, shown in PACE:
        inputs, targets = task(rng, params.time_steps)
        for adder in adders.values():
            adder.guard.step(inputs=inputs, targets=targets, learning_rate=params.learning_rate)
        alive = {name: adder for name, adder in adders.items() if not adder.guard.broke}
        highest |= {name: max(highest[name], adder.loss()) for name, adder in alive.items()}
        if broke := adders["clipped"].guard.broke:
            return Diverged(done, broke)
        late += [adders["clipped"].loss() / GUESS] if done > STEPS - LATE else []
        if shown:
            measured = {f"{name} highest": loss for name, loss in highest.items()}
            yield _snapshot(done, alive, measured | ({"late": float(np.mean(late))} if late else {}))
    return None


def _snapshot(done: int, alive: dict[str, Adder], measured: dict[str, float]) -> Snapshot:
    """What is to be seen of the networks that have not overflowed."""
    sizes = {name: norms(adder.train.outputs[1:]) for name, adder in alive.items()}
    drawn = {
        "loss": {name: adder.loss() for name, adder in alive.items()},
        "norm": {name: float(np.hypot(*values[:2])) for name, values in sizes.items()},
        "gradient": {name: values[2:] / values[-1] for name, values in sizes.items()},
    }
    return Snapshot(done, drawn, measured=measured)


HARD = Ground(radius=3, time_steps=30, clip_norm=1, learning_rate=0.1)
FREE = Claim("Not clipped, the run blows up: its highest loss.", "free highest", at_least(1000), HARD)
CLIPPED = Claim("Clipped, it does not: its highest loss.", "clipped highest", at_most(4.0), HARD)
LATE_LOSS = Claim(
    "And yet the clipped network has not learned: its loss over the last 50 steps, relative to always answering 1.",
    "late",
    at_least(1.0),
    HARD,
)
SHORT = Claim(
    "The clipped network learns what needs only a short memory: its loss over the last 50 steps, relative to always answering 1.",
    "late",
    at_most(0.7),
    Ground(radius=1, time_steps=6, clip_norm=1, learning_rate=0.1),
)
TITLE = Title(
    "Clipping keeps the loss low, but does not make the network learn", "The loss of both networks", (FREE, CLIPPED, LATE_LOSS)
)

demo = Demo(
    name="clipping",
    title="Clipping",
    params=ClippingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(FREE, CLIPPED, LATE_LOSS, SHORT),
    presets=(
        Preset("blows up", {}),
        Preset("radius 1: calm, not learned", {"radius": 1.0}),
        Preset("radius 0.5: vanished", {"radius": 0.5}),
        Preset("a short memory", {"time_steps": 6, "radius": 1.0}),
    ),
    guesses=guesses.CLIPPING,
    hint="One network clips its gradient, the other does not. Watch the loss: surviving is not the same as learning.",
)
