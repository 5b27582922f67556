"""Fifty starts on a landscape with many minima: how many of them does each optimizer bring to the lowest?"""

from __future__ import annotations

from math import pi

import numpy as np

from app.charts import Axis, Chart, Curves, Scatter
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from app.topics.gradient_descent import guesses
from app.topics.gradient_descent.landscapes import FURTHER, NAMES, SERIES, Landscape, rastrigin
from engine import Graph, Session, optimizers
from engine.ops import total

STARTS, STEPS = 50, 300
PACE = Pace(STEPS, 91)
SPAN = (-4.2, 4.2)
NEAR = 0.3
"""Within this distance of (0, 0) a position counts as at the lowest minimum; its basin ends at one half."""


class StartsParams(Params):
    """How rough the landscape is, and how long the steps are."""

    waves: float = slider(
        10.0,
        (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
        label="height of the waves",
        help="0 is a plain bowl; Rastrigin’s function has 10. Up to 0.23 there is only one minimum.",
        maximum=20,
    )
    rate: float = slider(
        1.0,
        (0.1, 0.5, 1.0, 2.0, 3.0, 5.0),
        label="factor on the learning rates",
        help="1 is 0.8 divided by the steepest curvature for the first three, 0.05 for RMSProp and 0.3 for Adam.",
        minimum=0.01,
        maximum=20,
    )


def landscape_of(params: StartsParams) -> Landscape:
    """The bowl with its waves; the first three optimizers get a rate that its steepest curvature allows."""
    safe = 0.8 / (2 + 4 * pi**2 * params.waves)
    return Landscape(rastrigin(params.waves), (0, 0), SPAN, SPAN, (safe, safe, safe, 0.05, 0.3), STEPS)


def charts(params: StartsParams) -> dict[str, Chart]:
    """Where the fifty of each optimizer are, and how high they stand, sorted."""
    mesh = landscape_of(params).mesh()
    return {
        "plane": Scatter(
            title="Fifty starts for each optimizer; the lowest minimum is in the middle",
            groups=SERIES,
            size=7,
            heights=mesh,
            of="height",
            x=Axis("x", SPAN),
            y=Axis("y", SPAN),
            height=430,
        ),
        "heights": Curves(
            title="The fifty heights, sorted; 0 is the lowest",
            at=np.arange(1, STARTS + 1),
            series=SERIES,
            further=FURTHER,
            x=Axis("start, by its height", (0, STARTS + 1)),
            y=Axis("height above the lowest minimum", (-1, float(mesh.max()))),
            mode="lines+markers",
            height=430,
        ),
    }


def run(params: StartsParams) -> Run:
    """A sweep of fifty copies, each optimizer moving its own position in every one; same fifty starts for all five."""
    landscape = landscape_of(params)
    graph = Graph(np.float64, sweep=STARTS)
    places = [graph.variable(name, np.zeros((2, 1))) for name in NAMES]
    heights = [total(landscape.height(place)) for place in places]
    together = zip(NAMES, heights, places, landscape.rates, strict=True)
    updates = [optimizers.OPTIMIZERS[name](height, rate * params.rate, [place]) for name, height, place, rate in together]
    session = Session(graph)
    starts = streams(params.seed).data.uniform(-4, 4, (STARTS, 2, 1))
    for place in places:
        session.assign(place, starts)
    step = session.plan([*heights, *places], updates)
    for done, shown in PACE:
        made = step()
        if shown:
            yield _snapshot(done, made[: len(NAMES)], made[len(NAMES) :])
    return None


def _snapshot(step: int, heights: tuple[np.ndarray, ...], places: tuple[np.ndarray, ...]) -> Snapshot:
    """`heights` (STARTS,) and `places` (STARTS, 2, 1) of each optimizer."""
    clouds = {name: _seen(place[:, :, 0].T) for name, place in zip(NAMES, places, strict=True)}
    ranked = {name: np.sort(_seen(height)).astype(np.float32) for name, height in zip(NAMES, heights, strict=True)}
    there = {f"{name} there": float((np.linalg.norm(cloud, axis=0) < NEAR).sum()) for name, cloud in clouds.items()}
    return Snapshot(step, {"plane": clouds, "heights": ranked}, measured={**there, "most": max(there.values())})


def _seen(values: np.ndarray) -> np.ndarray:
    """NaN for who has gone far beyond the map."""
    seen: np.ndarray = np.where(np.abs(values) < 1e6, values, np.nan)
    return seen


ROUGH = Ground(waves=at_least(5), rate=1.0)
LOW_WAVES = Ground(waves=0.5, rate=1.0)

demo = Demo(
    name="many-starts",
    title="Fifty starts, many minima",
    params=StartsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Gradient descent brings this many of its 50 starts to the lowest minimum.", "sgd there", at_most(5), ROUGH),
        Claim("None of the five optimizers brings more than this many there.", "most", at_most(5), ROUGH),
        Claim(
            "Where the waves are too low to make a second minimum, gradient descent brings this many there.",
            "sgd there",
            at_least(STARTS),
            Ground(waves=at_most(0.2), rate=1.0),
        ),
        Claim("Over low waves gradient descent still brings only this many there.", "sgd there", at_most(5), LOW_WAVES),
        Claim("Adam’s longer steps bring this many there.", "adam there", at_least(22), LOW_WAVES),
    ),
    presets=(
        Preset("Rastrigin", {}),
        Preset("a bowl", {"waves": 0.0}),
        Preset("low waves", {"waves": 0.5}),
        Preset("low waves, larger rates", {"waves": 0.5, "rate": 3.0}),
    ),
    guesses=guesses.STARTS,
    hint="Watch how many of the 50 dots of each colour end in the middle, where the lowest minimum is.",
)
