"""Five optimizers from one start on one landscape: who arrives, in how many steps, and who never does."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite

import numpy as np

from app.charts import Axis, Chart, Lines, Path, Series
from app.topic import MOST_FRAMES, Claim, Demo, Ground, Pace, Preset, Run, Snapshot, at_least, at_most, between
from app.topics.gradient_descent.landscapes import NAMES, SERIES, Landscape, Point
from app.topics.gradient_descent.params import PathParams, landscape_of, start_of
from engine import Graph, Plan, Session, optimizers
from engine.ops import total

FRAMES = MOST_FRAMES
FAR = 1e6
"""Beyond this a path has left every map, and is no longer drawn."""


def charts(params: PathParams) -> dict[str, Chart]:
    """The paths from above, and their heights by step."""
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
            title="How high each stands after every step",
            series=series,
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


class Walk:
    """The five walkers in one graph; each step moves all of them. `heights` and `places` are of the moment before the step."""

    def __init__(self, landscape: Landscape, start: Point, params: PathParams) -> None:
        graph = Graph(np.float64)
        places = [graph.variable(name, np.array(start)[:, None]) for name in NAMES]
        heights = [total(landscape.height(place)) for place in places]
        kept = {"momentum": {"momentum": params.momentum}, "nesterov": {"momentum": params.momentum}}
        updates = [
            optimizers.OPTIMIZERS[name](height, rate * params.rate, [place], **kept.get(name, {}))
            for name, height, place, rate in zip(NAMES, heights, places, landscape.rates, strict=True)
        ]
        self._plan: Plan = Session(graph).plan([*heights, *places], updates)

    def step(self) -> tuple[list[float], list[Point]]:
        """Heights and places of all five, then one step of each."""
        made = self._plan()
        heights = [float(height) for height in made[: len(NAMES)]]
        return heights, [(float(place[0, 0]), float(place[1, 0])) for place in made[len(NAMES) :]]


def pace(params: PathParams) -> Pace:
    """As long as the landscape needs."""
    return Pace(landscape_of(params).steps, FRAMES)


def run(params: PathParams) -> Run:
    """Every optimizer on its own copy of the position, all in one plan, in float64; nobody stops on arrival."""
    landscape = landscape_of(params)
    walk = Walk(landscape, start_of(params, landscape), params)
    least = landscape.least or 0.0
    steps = dict.fromkeys(NAMES, inf)
    sideways = 0.0
    for done, shown in pace(params):
        heights, places = walk.step()
        above = {name: height - least for name, height in zip(NAMES, heights, strict=True)}
        for name, height in above.items():
            if height <= landscape.arrived and steps[name] == inf:
                steps[name] = done
        sideways = max(sideways, *(abs(y) for _, y in places))
        if shown:
            at = dict(zip(NAMES, places, strict=True))
            drawn = {"path": {name: _visible(at[name]) for name in NAMES}, "height": _drawable(above, landscape)}
            yield Snapshot(done, drawn, measured=_measured(steps, above, sideways))
    return None


def _visible(place: Point) -> Point:
    """NaN for who has left every map."""
    x, y = place
    return place if abs(x) < FAR and abs(y) < FAR else (float("nan"), float("nan"))


def _drawable(above: dict[str, float], landscape: Landscape) -> dict[str, float]:
    """Nothing for overflown heights; on a log axis, no less than 1e-12."""
    low = -inf if landscape.least is None else 1e-12
    return {name: max(height, low) if isfinite(height) and abs(height) < 1e30 else float("nan") for name, height in above.items()}


def _measured(steps: dict[str, float], above: dict[str, float], sideways: float) -> dict[str, float]:
    counts = {f"{name} steps": count for name, count in steps.items()}
    ratios = {f"{name} ratio": count / max(steps["sgd"], 1) if count < inf else inf for name, count in steps.items()}
    heights = {f"{name} height": height if isfinite(height) else inf for name, height in above.items()}
    return {**counts, **ratios, **heights, "lowest": min(heights.values()), "sideways": sideways}


def _on(landscape: str, rotation: float | None = None) -> Callable[[PathParams], bool]:
    """Whether a run is the one that was measured: rates and momentum as given, the usual start."""

    def applies(params: PathParams) -> bool:
        usual = params.rate == 1 and params.momentum == 0.9 and not params.start and params.landscape == landscape
        return usual and rotation in (None, params.rotation)

    return applies


RAVINE = "the ravine, rates and start as given, momentum 0.9"

demo = Demo(
    name="paths",
    title="Five ways down",
    params=PathParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        Claim(
            "Gradient descent arrives, turned or not, after as many steps",
            "sgd steps",
            between(300, 360),
            Ground(RAVINE, _on("ravine")),
        ),
        Claim(
            "Momentum needs this share of gradient descent’s steps",
            "momentum ratio",
            at_most(0.35),
            Ground(RAVINE, _on("ravine")),
        ),
        Claim("Nesterov needs this share", "nesterov ratio", at_most(0.2), Ground(RAVINE, _on("ravine"))),
        Claim(
            "RMSProp, ravine along an axis: steps",
            "rmsprop steps",
            at_most(30),
            Ground(f"{RAVINE}, not turned", _on("ravine", 0)),
        ),
        Claim(
            "Adam there: share of gradient descent’s steps",
            "adam ratio",
            at_most(0.5),
            Ground(f"{RAVINE}, not turned", _on("ravine", 0)),
        ),
        Claim(
            "RMSProp, the same ravine turned by 45°: steps",
            "rmsprop steps",
            at_least(200),
            Ground(f"{RAVINE}, turned by 45°", _on("ravine", 45)),
        ),
        Claim(
            "2 % over its edge, gradient descent climbs: its height in the end",
            "sgd height",
            at_least(1000),
            Ground(
                "the ravine, rates times 1.02 or more, usual start",
                lambda params: params.landscape == "ravine" and params.rate >= 1.02 and not params.start,
            ),
        ),
        Claim(
            "Rosenbrock: momentum’s share of gradient descent’s steps",
            "momentum ratio",
            at_most(0.2),
            Ground("Rosenbrock as given", _on("rosenbrock")),
        ),
        Claim("Rosenbrock: Adam’s share of them", "adam ratio", at_most(0.2), Ground("Rosenbrock as given", _on("rosenbrock"))),
        Claim(
            "Saddle, a millionth off the ridge: momentum’s share of gradient descent’s steps",
            "momentum ratio",
            at_most(0.5),
            Ground("the saddle as given", _on("saddle")),
        ),
        Claim(
            "Saddle, exactly on the ridge: how far any of the five ever got off it, exactly",
            "sideways",
            at_most(0.0),
            Ground(
                "the saddle from a start with y = 0", lambda params: params.landscape == "saddle" and params.start.endswith(", 0")
            ),
        ),
        Claim(
            "Rastrigin: the lowest of the five still stands this high",
            "lowest",
            at_least(1),
            Ground("Rastrigin as given", _on("rastrigin")),
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
    hint="Click on the map to start there, or type a landscape of your own.",
)
