"""Five optimizers from one start on one landscape: who arrives, in how many steps, and who does not stay."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

import numpy as np

from app.charts import Axis, Chart, Lines, Path, Series
from app.topic import MOST_FRAMES, Claim, Demo, Ground, Pace, Preset, Run, Snapshot, at_least, at_most, between
from app.topics.gradient_descent import guesses
from app.topics.gradient_descent.landscapes import FURTHER, NAMES, SERIES, Landscape, Point
from app.topics.gradient_descent.params import PathParams, landscape_of, start_of
from engine import Graph, Session, optimizers
from engine.ops import total

FRAMES = MOST_FRAMES
FAR = 1e6
"""Beyond this a path has left every map, and is no longer drawn."""


def charts(params: PathParams) -> dict[str, Chart]:
    """The paths from above, and the heights by step."""
    landscape = landscape_of(params)
    mesh = landscape.mesh()
    finite = mesh[np.isfinite(mesh)] if np.isfinite(mesh).any() else np.zeros(1)
    rates = zip(SERIES.items(), landscape.rates, strict=True)
    series = {uid: Series(f"{one.name}, {rate * params.rate:.4g}", one.colour) for (uid, one), rate in rates}
    return {
        "path": Path(
            title="Five ways down, from the same start",
            heights=_picture(landscape, mesh, finite),
            series=series,
            x=Axis("x", landscape.across),
            y=Axis("y", landscape.up),
            of="log₁₀ of height" if landscape.log else "height",
            height=430,
            click="start",
            click_help="click to start there",
        ),
        "height": Lines(
            title="Height after each step",
            series=series,
            further=FURTHER,
            x=Axis("step", (0, landscape.steps)),
            y=_height_axis(landscape, finite),
            levels={} if landscape.least is None else {"arrived": landscape.arrived},
            height=430,
        ),
    }


def _picture(landscape: Landscape, mesh: np.ndarray, finite: np.ndarray) -> np.ndarray:
    """What the map shows: logarithms where heights span decades; of a typed one, the top twentieth is levelled."""
    top = np.quantile(finite, 0.95) if landscape.least is None else finite.max()
    drawn: np.ndarray = np.clip(np.nan_to_num(mesh, nan=top, posinf=top, neginf=finite.min()), -1e30, min(top, 1e30))
    return np.log10(drawn + 0.01) if landscape.log else drawn


def _height_axis(landscape: Landscape, finite: np.ndarray) -> Axis:
    if landscape.least is not None:
        return Axis("height above the lowest minimum", (1e-6, 1e3), log=True)
    low, high = np.clip([finite.min(), np.quantile(finite, 0.95)], -1e30, 1e30).tolist()
    margin = 0.05 * (high - low) or 1.0
    return Axis("height", (low - margin, high + margin))


def pace(params: PathParams) -> Pace:
    """As long as the landscape needs."""
    return Pace(landscape_of(params).steps, FRAMES)


def run(params: PathParams) -> Run:
    """Every optimizer on its own copy of the position, all in one plan, in float64; nobody stops on arrival."""
    landscape = landscape_of(params)
    start = np.array(start_of(params, landscape))[:, None]

    graph = Graph(np.float64)
    places = [graph.variable(name, start) for name in NAMES]
    heights = [total(landscape.height(place)) for place in places]
    kept = {"momentum": {"momentum": params.momentum}, "nesterov": {"momentum": params.momentum}}
    together = zip(NAMES, heights, places, landscape.rates, strict=True)
    updates = [
        optimizers.OPTIMIZERS[name](height, rate * params.rate, [place], **kept.get(name, {}))
        for name, height, place, rate in together
    ]
    step = Session(graph).plan([*heights, *places], updates)

    arrivals = Arrivals(landscape)
    for done, shown in pace(params):
        made = step()
        at = {name: (float(place[0, 0]), float(place[1, 0])) for name, place in zip(NAMES, made[len(NAMES) :], strict=True)}
        arrivals.saw(done, [float(height) for height in made[: len(NAMES)]], at)
        if shown:
            drawn = {"path": {name: _visible(at[name]) for name in NAMES}, "height": _drawable(arrivals.above, landscape)}
            yield Snapshot(done, drawn, measured=arrivals.measured())
    return None


class Arrivals:
    """Who is below the mark, since which step, and how far up each was thrown after its first time there."""

    def __init__(self, landscape: Landscape) -> None:
        self._least, self._mark = landscape.least or 0.0, landscape.arrived
        self.above = dict.fromkeys(NAMES, inf)
        self._first, self._steps = dict.fromkeys(NAMES, inf), dict.fromkeys(NAMES, inf)
        self._again = dict.fromkeys(NAMES, 0.0)
        self._sideways = 0.0

    def saw(self, step: int, heights: list[float], at: dict[str, Point]) -> None:
        """Arrived is who stays: a height above the mark undoes it."""
        for name, height in zip(NAMES, heights, strict=True):
            above = self.above[name] = height - self._least
            below = above <= self._mark
            self._steps[name] = min(self._steps[name], step) if below else inf
            self._first[name] = min(self._first[name], step) if below else self._first[name]
            if self._first[name] < inf:
                self._again[name] = max(self._again[name], above)
        self._sideways = max(self._sideways, *(abs(y) for _, y in at.values()))

    def measured(self) -> dict[str, float]:
        """`steps`: below the mark from this step on, infinite for who is not; `ratio`: its share of gradient descent's."""
        measured = {"lowest": min(_or_infinite(height) for height in self.above.values()), "sideways": self._sideways}
        for name, steps in self._steps.items():
            ratio = steps / max(self._steps["sgd"], 1) if steps < inf else inf
            measured |= {f"{name} first": self._first[name], f"{name} steps": steps, f"{name} ratio": ratio}
            measured |= {f"{name} again": self._again[name], f"{name} height": _or_infinite(self.above[name])}
        return measured


def _or_infinite(height: float) -> float:
    return height if isfinite(height) else inf


def _visible(place: Point) -> Point:
    """NaN for who has left every map."""
    x, y = place
    return place if abs(x) < FAR and abs(y) < FAR else (float("nan"), float("nan"))


def _drawable(above: dict[str, float], landscape: Landscape) -> dict[str, float]:
    """Nothing for overflown heights; on a log axis, no less than 1e-12."""
    low = -inf if landscape.least is None else 1e-12
    return {name: max(height, low) if isfinite(height) and abs(height) < 1e30 else float("nan") for name, height in above.items()}


AS_GIVEN: dict[str, Any] = {"rate": 1.0, "momentum": 0.9, "start": ""}
TURNED = Ground(landscape="ravine", rotation=between(0, 90), **AS_GIVEN)
ALONG_AN_AXIS = Ground(landscape="ravine", rotation=0.0, **AS_GIVEN)
AT_45 = Ground(landscape="ravine", rotation=45.0, **AS_GIVEN)
ROSENBROCK = Ground(landscape="rosenbrock", **AS_GIVEN)
SADDLE = Ground(landscape="saddle", **AS_GIVEN)

demo = Demo(
    name="paths",
    title="Five ways down",
    params=PathParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        Claim(
            "However the ravine is turned, gradient descent stays below 0.0001 from this step on.",
            "sgd steps",
            between(325, 333),
            TURNED,
        ),
        Claim("Momentum stays there after this share of gradient descent’s steps.", "momentum ratio", at_most(0.4), TURNED),
        Claim("Nesterov stays there after this share.", "nesterov ratio", at_most(0.33), TURNED),
        Claim("On the ravine along an axis, Adam stays there after this share.", "adam ratio", at_most(0.4), ALONG_AN_AXIS),
        Claim("On the same ravine turned by 45°, Adam stays there after this share.", "adam ratio", at_least(0.7), AT_45),
        Claim(
            "RMSProp, on the ravine along an axis, first touches 0.0001 at this step.",
            "rmsprop first",
            at_most(12),
            ALONG_AN_AXIS,
        ),
        Claim("But it does not stay: later it is thrown up to this height.", "rmsprop again", at_least(5), ALONG_AN_AXIS),
        Claim("On the ravine turned by 45°, RMSProp first touches 0.0001 at this step.", "rmsprop first", at_least(250), AT_45),
        Claim(
            "With a rate 2 % or more too large, gradient descent climbs: its height in the end.",
            "sgd height",
            at_least(1000),
            Ground(landscape="ravine", rate=at_least(1.02), start=""),
        ),
        Claim(
            "In Rosenbrock’s valley momentum needs this share of gradient descent’s steps.",
            "momentum ratio",
            at_most(0.1),
            ROSENBROCK,
        ),
        Claim("In Rosenbrock’s valley Adam needs this share of them.", "adam ratio", at_most(0.5), ROSENBROCK),
        Claim(
            "A millionth off the saddle’s ridge, gradient descent needs this many steps to come halfway down.",
            "sgd steps",
            between(265, 283),
            SADDLE,
        ),
        Claim("At the saddle momentum needs this share of gradient descent’s steps.", "momentum ratio", at_most(0.3), SADDLE),
        Claim(
            "Exactly on the saddle’s ridge none of the five ever leaves it: the greatest distance from it.",
            "sideways",
            at_most(0.0),
            Ground("a start with y = 0", lambda params: params.start.endswith(", 0"), landscape="saddle"),
            by_construction=True,
        ),
        Claim(
            "On Rastrigin’s function all five settle high up: the height of the lowest of them.",
            "lowest",
            at_least(10),
            Ground(landscape="rastrigin", **AS_GIVEN),
        ),
    ),
    presets=(
        Preset("ravine", {}),
        Preset("ravine, turned by 45°", {"rotation": 45.0}),
        Preset("2 % over the edge", {"rate": 1.02}),
        Preset("Rosenbrock", {"landscape": "rosenbrock"}),
        Preset("a saddle, nearly on its ridge", {"landscape": "saddle"}),
        Preset("exactly on the ridge", {"landscape": "saddle", "start": "1, 0"}),
        Preset("many minima", {"landscape": "rastrigin"}),
        Preset("your own: four minima", {"landscape": "typed"}),
    ),
    guesses=guesses.PATHS,
    hint="Watch who crosses the dotted line first, and who stays below it. Then click on the map to start elsewhere.",
)
