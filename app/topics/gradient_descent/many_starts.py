"""Fifty starts on a landscape with many minima: how many of them does each optimizer bring to the lowest?"""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np

from app.charts import Axis, Chart, Curves, Scatter
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from app.topics.gradient_descent.landscapes import NAMES, SERIES, Landscape, rastrigin
from engine import Graph, Session, optimizers
from engine.ops import total

STARTS, STEPS = 50, 300
PACE = Pace(STEPS, 91)
SPAN = (-4.2, 4.2)
NEAR = 0.3
"""Within this distance of (0, 0) a walker is in the lowest basin, whose border is at one half."""


class StartsParams(Params):
    """How rough the landscape is, and how bold the steps are."""

    waves: float = slider(
        10.0,
        (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
        label="height of the waves",
        help="0 is a plain bowl; Rastrigin’s function has 10. Up to 0.3 there is still only one minimum.",
        maximum=20,
    )
    rate: float = slider(
        1.0,
        (0.1, 0.5, 1.0, 2.0, 3.0, 5.0),
        label="learning rates, times",
        help="1 is 0.8 over the steepest curvature for the first three, 0.05 for RMSProp and 0.3 for Adam.",
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
            title="Fifty walkers each: who gets to the middle, the lowest?",
            groups=SERIES,
            size=7,
            heights=mesh,
            of="height",
            x=Axis("x", SPAN),
            y=Axis("y", SPAN),
            height=430,
        ),
        "heights": Curves(
            title="Each walker’s height, in order: 0 is the lowest minimum",
            at=np.arange(1, STARTS + 1),
            series=SERIES,
            x=Axis("walker, by height", (0, STARTS + 1)),
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


def _where(low: float, high: float) -> Callable[[StartsParams], bool]:
    return lambda params: low <= params.waves <= high and params.rate == 1


demo = Demo(
    name="many-starts",
    title="Fifty starts, many minima",
    params=StartsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "Of 50 starts, gradient descent brings this many to the lowest minimum",
            "sgd there",
            at_most(8),
            Ground("waves of 5 or more, rates as given", _where(5, 20)),
        ),
        Claim(
            "The most that any of the five brings there",
            "most",
            at_most(8),
            Ground("waves of 10, rates as given", _where(10, 10)),
        ),
        Claim(
            "Without waves to speak of, gradient descent brings this many",
            "sgd there",
            at_least(STARTS),
            Ground("waves of 0.2 or less, rates as given", _where(0, 0.2)),
        ),
        Claim(
            "Over small waves, Adam’s long steps bring this many",
            "adam there",
            at_least(15),
            Ground("waves of 0.5, rates as given", _where(0.5, 0.5)),
        ),
    ),
    presets=(
        Preset("Rastrigin", {}),
        Preset("a bowl", {"waves": 0.0}),
        Preset("small waves", {"waves": 0.5}),
        Preset("small waves, bold steps", {"waves": 0.5, "rate": 3.0}),
    ),
)
