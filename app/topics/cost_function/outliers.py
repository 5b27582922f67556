"""Outliers: a straight line fitted to points of which some are far off, by squared, absolute and Huber's error."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, between, slider, streams
from app.topics.cost_function import guesses
from engine import Graph, Session, gradients, losses, optimizers
from engine.ops import affine

SERIES = {
    "squared": Series("squared error", VERMILION),
    "absolute": Series("absolute error", GREEN),
    "huber": Series("Huber", BLUE),
}
NAMES = tuple(SERIES)
POINTS, STEPS = 100, 400
PACE = Pace(STEPS, 121)
SLOPE, INTERCEPT, NOISE = 2.0, 0.5, 0.2
RATES = (0.3, 0.3, 0.6)
ENDS = np.array([-1.0, 1.0])


class OutlierParams(Params):
    """How many points are off, how far, and where Huber's error turns from squared to straight."""

    outliers: float = slider(
        0.1,
        (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3),
        label="share of outliers",
        help="This share of the points, the rightmost ones, is moved; they have the most leverage.",
    )
    shift: float = slider(
        -8.0, (-8.0, -6.0, -4.0, -2.0, -1.0, 0.0), label="moved by", help="How far down the outliers are moved.", minimum=-20
    )
    delta: float = slider(
        0.5,
        (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
        label="Huber’s delta",
        help="Up to delta the cost is squared, beyond it linear. Small: nearly absolute error. Large: nearly squared error.",
        log=True,
        minimum=0.01,
        maximum=20,
    )


def charts(params: OutlierParams) -> dict[str, Chart]:
    """The three lines among the points, their slopes, and how much the outliers pull at them."""
    steps = Axis("step", (0, STEPS))
    return {
        "fit": Curves(
            title="Three lines through the same points",
            at=ENDS,
            series=SERIES,
            fixed={"the true line": SLOPE * ENDS + INTERCEPT},
            dots={"points": Series("points", GREY), "outliers": Series("outliers", OCHRE)},
            x=Axis("x", (-1.05, 1.05)),
            y=Axis("y", (min(-3.0, params.shift) - 0.5, 4.0)),
            height=380,
        ),
        "slope": Lines(
            title="The slope of each line",
            series=SERIES,
            levels={"true slope": SLOPE},
            x=steps,
            y=Axis("slope", (-4, 3)),
            height=380,
        ),
        "pull": Lines(
            title="The outliers’ share of the pull on each line",
            series=SERIES,
            x=steps,
            y=Axis("share of the gradients’ sizes", (0, 1.02)),
            wide=True,
            height=280,
        ),
    }


def points(params: OutlierParams) -> tuple[np.ndarray, np.ndarray, int]:
    """Both coordinates (POINTS,), and how many of the last are outliers."""
    rng = streams(params.seed).data
    x = np.sort(rng.uniform(-1, 1, POINTS))
    y = SLOPE * x + INTERCEPT + rng.normal(0, NOISE, POINTS)
    moved = round(params.outliers * POINTS)
    y[POINTS - moved :] += params.shift
    return x, y, moved


def run(params: OutlierParams) -> Run:
    """Full-batch gradient descent from a flat line, its rate falling to zero, which absolute error needs; all in one plan."""
    x, y, moved = points(params)
    graph = Graph(np.float64)
    lines = {name: graph.variable(name, np.zeros((1, 2))) for name in NAMES}
    said = [affine(line, graph.constant(x[None])) for line in lines.values()]
    wanted = graph.constant(y[None])
    costs = [
        losses.mean_squared_error(said[0], wanted),
        losses.mean_absolute_error(said[1], wanted),
        losses.huber(said[2], wanted, params.delta),
    ]
    pulls = [gradients(cost, [prediction])[0] for cost, prediction in zip(costs, said, strict=True)]
    rate = graph.placeholder("learning_rate")
    together = zip(costs, lines.values(), RATES, strict=True)
    updates = [optimizers.sgd(cost, rate * own, [line]) for cost, line, own in together]
    step = Session(graph).plan([*lines.values(), *pulls], updates)
    cloud = np.stack([x, y])
    still = {"points": cloud[:, : POINTS - moved], "outliers": cloud[:, POINTS - moved :]}
    for done, shown in PACE:
        made = step(learning_rate=1 - done / STEPS)
        if shown:
            yield _snapshot(done, made[:3], made[3:], moved, still if done == 0 else {})
    return None


def _snapshot(
    step: int, lines: tuple[np.ndarray, ...], pulls: tuple[np.ndarray, ...], moved: int, still: dict[str, np.ndarray]
) -> Snapshot:
    """`lines` (1, 2): slope and intercept; `pulls` (1, POINTS): the gradient at each prediction."""
    slopes = {name: float(line[0, 0]) for name, line in zip(NAMES, lines, strict=True)}
    drawn = {name: line[0, 0] * ENDS + line[0, 1] for name, line in zip(NAMES, lines, strict=True)}
    sizes = [np.abs(pull[0]) for pull in pulls]
    shares = {name: float(size[POINTS - moved :].sum() / size.sum()) for name, size in zip(NAMES, sizes, strict=True)}
    measured = {**slopes, **{f"{name} pull": share for name, share in shares.items()}}
    return Snapshot(step, {"fit": {**drawn, **still}, "slope": slopes, "pull": shares}, measured=measured)


FAR_OFF = Ground(outliers=0.1, shift=at_most(-8))
AS_GIVEN = Ground(outliers=0.1, shift=at_most(-8), delta=0.5)

demo = Demo(
    name="outliers",
    title="Outliers",
    params=OutlierParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Squared error’s line has this slope, where the true slope is 2.", "squared", at_most(0.5), FAR_OFF),
        Claim("Absolute error’s line has this slope.", "absolute", between(1.75, 2.1), FAR_OFF),
        Claim("The line of Huber’s loss has this slope.", "huber", between(1.55, 2), AS_GIVEN),
        Claim(
            "The outliers, a tenth of the points, exert this share of the pull under squared error.",
            "squared pull",
            at_least(0.3),
            FAR_OFF,
        ),
        Claim(
            "Under absolute error every point pulls alike: the outliers’ share.",
            "absolute pull",
            between(0.099, 0.101),
            FAR_OFF,
            by_construction=True,
        ),
        Claim("Without outliers squared error finds this slope.", "squared", between(1.9, 2.1), Ground(outliers=0.0)),
        Claim(
            "With 30 % outliers absolute error’s line follows them too: its slope.",
            "absolute",
            at_most(0),
            Ground(outliers=0.3, shift=at_most(-8)),
        ),
    ),
    presets=(
        Preset("one in ten", {}),
        Preset("no outliers: all agree", {"outliers": 0.0}),
        Preset("Huber, nearly squared", {"delta": 8.0}),
        Preset("too many for all", {"outliers": 0.3}),
    ),
    guesses=guesses.OUTLIERS,
    hint="Watch which of the three lines tilts down towards the outliers, then change their share.",
)
