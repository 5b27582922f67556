"""A quadratic loss, where theory is exact: gradient descent converges below 2 / curvature and diverges above it."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Lines, Path, Series
from app.charts.colours import BLUE, GREY, VERMILION
from app.topic import Claim, Demo, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from app.topics.learning_rate import guesses
from engine import Graph, Session, losses, ops, optimizers
from engine.datasets import Standardizer, wine

STEPS = 300
PACE = Pace(STEPS, 121)
BELOW, ABOVE = 1.99, 2.01
REACH = 2.4
"""How far from the minimum the landscape is drawn, in both directions."""


class QuadraticParams(Params):
    """The rate in units in which the edge is at 2."""

    rate_times_curvature: float = slider(
        1.9,
        (0.1, 0.5, 1.0, 1.5, 1.9, 1.99, 2.01, 2.05, 2.1),
        label="rate × curvature",
        help="Learning rate times the steepest curvature of the loss. The edge is at 2.",
        minimum=0.001,
        maximum=3,
    )


def _problem() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Standardized wines (13, 178), targets (1, 178), and the Hessian's eigenvalues and vectors, ascending."""
    data = wine()
    inputs = Standardizer.fit(data.inputs)(data.inputs).astype(np.float64)
    targets = (data.labels - data.labels.mean())[None].astype(np.float64)
    curvatures, directions = np.linalg.eigh(2 * inputs @ inputs.T / data.size)
    return inputs, targets, curvatures, directions


def charts(params: QuadraticParams) -> dict[str, Chart]:
    """Excess loss by step, and the path across the valley."""
    _, _, curvatures, _ = _problem()
    along, across = np.meshgrid(np.linspace(-REACH, REACH, 41), np.linspace(-REACH, REACH, 41))
    return {
        "loss": Lines(
            title="Below 2 the loss falls, above 2 it grows",
            series={
                "yours": Series(f"yours: {params.rate_times_curvature:g}", VERMILION),
                "below": Series(f"just below the edge: {BELOW}", BLUE),
                "above": Series(f"just above: {ABOVE}", GREY),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("loss above its minimum", (1e-6, 1e6), log=True),
        ),
        "path": Path(
            title="From above: your steps zigzag across the valley",
            heights=0.5 * (curvatures[-1] * across**2 + curvatures[0] * along**2),
            series={"yours": Series("your steps", VERMILION)},
            x=Axis("weight along the flattest direction", (-REACH, REACH)),
            y=Axis("weight along the steepest direction", (-REACH, REACH)),
            of="loss",
        ),
    }


def run(params: QuadraticParams) -> Run:
    """Linear least squares on the UCI wines (class by chemistry) at three rates from the same start, full batch, in float64."""
    inputs, targets, curvatures, directions = _problem()
    best = np.linalg.lstsq(inputs.T, targets[0], rcond=None)[0]
    least = float(np.mean((best @ inputs - targets) ** 2))
    rates = np.array([params.rate_times_curvature, BELOW, ABOVE])[:, None] / curvatures[-1]
    away = streams(params.seed).weights.normal(0.0, 0.3, 13)
    start = best + away + directions[:, 0] * (2 - directions[:, 0] @ away) + directions[:, -1] * (1 - directions[:, -1] @ away)

    graph = Graph(np.float64, sweep=3)
    weights = graph.variable("weights", start[None])
    loss = losses.mean_squared_error(ops.matmul(weights, graph.constant(inputs)), graph.constant(targets))
    session = Session(graph)
    step = session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate", (3, 1)))])

    for done, shown in PACE:
        at = session.value(weights)[:, 0]
        (values,) = step(learning_rate=rates)
        if shown:
            excess = dict(zip(("yours", "below", "above"), np.maximum(values - least, 1e-12).tolist(), strict=True))
            place = (at[0] - best) @ directions
            yield Snapshot(done, {"loss": excess, "path": {"yours": (place[0], place[-1])}}, measured=excess)
    return None


demo = Demo(
    name="quadratic",
    title="The edge at 2",
    params=QuadraticParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("At 1.99 the loss has all but reached its minimum after 300 steps.", "below", at_most(0.2)),
        Claim("At 2.01 it has grown instead.", "above", at_least(5)),
    ),
    presets=(
        Preset("crawls", {"rate_times_curvature": 0.1}),
        Preset("one step across", {"rate_times_curvature": 1.0}),
        Preset("just below", {"rate_times_curvature": 1.99}),
        Preset("just above", {"rate_times_curvature": 2.01}),
        Preset("diverges", {"rate_times_curvature": 2.1}),
    ),
    guesses=guesses.QUADRATIC,
    hint="Move the slider across 2 and watch the path.",
)
