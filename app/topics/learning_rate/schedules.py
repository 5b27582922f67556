"""Schedules: with one sample a step the gradient is noisy, a constant rate keeps shaking, and a falling one settles."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Lines, Series
from app.charts.colours import BLUE, PURPLE, VERMILION
from app.topic import (
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
    between,
    slider,
    streams,
)
from app.topics.learning_rate import guesses
from engine import Graph, Guard, Session, losses, ops, optimizers, schedules

STEPS = 2000
PACE = Pace(STEPS, 121)
SAMPLES = 200
NAMES = {
    "constant": Series("constant", VERMILION),
    "stepped": Series("halved every 300 steps", PURPLE),
    "cosine": Series("cosine", BLUE),
}


class ScheduleParams(Params):
    """Where all three schedules begin, and how noisy the data are."""

    learning_rate: float = slider(
        0.1,
        (0.01, 0.03, 0.1, 0.3),
        label="learning rate",
        help="The rate at which all schedules begin. A higher one is faster at first and noisier at the end.",
        log=True,
        minimum=1e-4,
        maximum=3,
    )
    noise: float = slider(
        0.5, (0.1, 0.25, 0.5, 1.0), label="noise", help="Spread of the noise in the targets.", minimum=0, maximum=5
    )


def rates_of(params: ScheduleParams) -> list[schedules.Schedule]:
    """The three schedules in the order of their names."""
    return [
        schedules.constant(params.learning_rate),
        schedules.stepped(params.learning_rate, 300),
        schedules.cosine(params.learning_rate, STEPS),
    ]


def charts(params: ScheduleParams) -> dict[str, Chart]:
    """Loss above its minimum, and the rates that led to it."""
    return {
        "loss": Lines(
            title=TITLE.at(params),
            series=NAMES,
            x=Axis("step", (0, STEPS)),
            y=Axis("loss above its minimum", (1e-6, 10), log=True),
            wide=True,
            height=340,
        ),
        "rate": Lines(
            title="The learning rate of each",
            series=NAMES,
            x=Axis("step", (0, STEPS)),
            y=Axis("learning rate", (0, params.learning_rate * 1.05)),
            wide=True,
            height=220,
        ),
    }


def run(params: ScheduleParams) -> Run:
    """Least squares with two weights, one sample per step, the same samples in the same order for all three."""
    rng = streams(params.seed)
    inputs = rng.data.normal(size=(2, SAMPLES))
    targets = np.array([[1.0, -0.5]]) @ inputs + params.noise * rng.data.normal(size=(1, SAMPLES))
    best = np.linalg.lstsq(inputs.T, targets[0], rcond=None)[0]
    moments = inputs @ inputs.T / SAMPLES

    graph = Graph(np.float64, sweep=len(NAMES))
    weights = graph.variable("weights", rng.weights.normal(0, 1, (1, 2)))
    x, y = graph.placeholder("inputs", (2, 1)), graph.placeholder("targets", (1, 1))
    loss = losses.mean_squared_error(ops.matmul(weights, x), y)
    session = Session(graph)
    step = session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate", (len(NAMES), 1)))])
    guard, order = Guard(session, step), rng.batches.integers(0, SAMPLES, STEPS + 1)

    plans, tail = rates_of(params), []
    for done, shown in PACE:
        rates = np.array([[plan(done)] for plan in plans])
        away = session.value(weights)[:, 0] - best
        excess = np.einsum("ki,ij,kj->k", away, moments, away)
        tail += [excess] if done > 0.9 * STEPS else []
        if shown:
            measured = dict(zip(NAMES, np.mean(tail, axis=0).tolist(), strict=True)) if tail else {}
            if measured:
                measured |= {"ratio": measured["constant"] / measured["cosine"]}
                measured |= {"stepped ratio": measured["constant"] / measured["stepped"]}
            curves = {"loss": np.maximum(excess, 1e-12), "rate": rates[:, 0]}
            points = {name: dict(zip(NAMES, each.tolist(), strict=True)) for name, each in curves.items()}
            yield Snapshot(done, points, measured=measured)
        pick = order[done]
        feeds = {"inputs": inputs[:, [pick]], "targets": targets[:, [pick]], "learning_rate": rates}
        if broke := guard.step(**feeds):
            return Diverged(done, broke)
    return None


NOISY = Ground(learning_rate=between(0.1, 0.3), noise=at_least(0.25))
FLOOR = Claim(
    "Over the last tenth of the run the constant rate’s loss is this many times the cosine’s.",
    "ratio",
    at_least(3),
    NOISY,
)
STEPPED = Claim("It is this many times the loss of the rate that is halved every 300 steps.", "stepped ratio", at_least(5), NOISY)
TITLE = Title(
    "A constant rate stops at its noise floor; a falling one goes on", "Loss above its minimum, by schedule", (FLOOR, STEPPED)
)

demo = Demo(
    name="schedules",
    title="Schedules",
    params=ScheduleParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=TITLE.claims,
    presets=(
        Preset("noise floor", {}),
        Preset("lower rate, lower floor", {"learning_rate": 0.03}),
        Preset("little noise", {"noise": 0.1}),
    ),
    guesses=guesses.SCHEDULES,
    hint="Watch where each loss stops falling, and what its rate is by then.",
)
