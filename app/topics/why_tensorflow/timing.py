"""What a graph buys: one step of training, made in five ways and timed here and now, for networks from tiny to wide."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Series, Working
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from app.topics.why_tensorflow import guesses
from app.topics.why_tensorflow.ways import Batch, Eager, Interpreted, Planned, Rebuilt, begin, model, operations, seconds_per_step
from engine.graph import Array
from engine.passes import PASSES

WIDTHS = (2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
ROUNDS = 4
"""Each width is timed so many times, the ways taking turns; the median counts."""
LONG_ENOUGH = 0.002
"""Seconds of processor time that the steps of a way take at least in a round."""
TOGETHER, AT_ONCE = 20, 5
"""Steps that all ways make before anything is timed, to see that they make the same; and how many of them in one piece."""
WAYS = {
    "eager": Series("eager: NumPy as written", VERMILION),
    "rebuilt": Series("graph made anew each step", GREY),
    "interpreted": Series("graph, interpreted", OCHRE),
    "planned": Series("graph, planned", BLUE),
    "optimized": Series("graph, optimized and planned", GREEN),
}
Step = Callable[[], float]


class TimingParams(Params):
    """How the step is written, and how deep the network is."""

    code: Literal["careless", "tidy"] = choice(
        "careless",
        {"careless": "careless", "tidy": "tidy"},
        label="code",
        help="Careless code runs the network twice, for predictions and for the loss, and recomputes constants at every step.",
    )
    layers: int = slider(2, (1, 2, 4, 8), label="hidden layers", help="Each with the width given on the axis.")


def charts(params: TimingParams) -> dict[str, Chart]:
    """Time per step by width, how many times as fast as eager, the memory, and what is counted."""
    width = Axis("hidden units per layer", (1.8, 280), log=True, ticks={each: str(each) for each in (2, 8, 32, 128)})
    return {
        "time": Curves(
            title="Processor time per step, as measured just now",
            at=WIDTHS,
            series=WAYS,
            further=["rebuilt", "interpreted"],
            mode="lines+markers",
            x=width,
            y=Axis("microseconds", (3, 30_000), log=True),
            wide=True,
            height=340,
        ),
        "faster": Curves(
            title="Compared with eager: above 1 is faster",
            at=WIDTHS,
            series={name: series for name, series in WAYS.items() if name != "eager"},
            further=["rebuilt", "interpreted"],
            fixed={"eager": np.ones(len(WIDTHS))},
            mode="lines+markers",
            x=width,
            y=Axis("times as fast", (0.02, 10), log=True),
        ),
        "memory": Curves(
            title=LESS_MEMORY.at(params),
            at=WIDTHS,
            series={name: WAYS[name] for name in ("interpreted", "planned", "optimized")},
            mode="lines+markers",
            x=width,
            y=Axis("kB", (1, 10_000), log=True),
        ),
        "said": Working(title="At this width", lines=8, wide=True),
    }


class Bench:
    """All five ways at one width, made in pieces: `prepare`, then `steps` by name, and what can be counted."""

    def __init__(self, params: TimingParams, width: int, rng: np.random.Generator, batch: Batch) -> None:
        self._weights, self._careless = begin(rng, width, params.layers), params.code == "careless"
        self._batch = batch
        self.steps: dict[str, Step] = {}

    def prepare(self) -> Generator[None, None, dict[str, float]]:
        """Makes the ways and has each take the same steps; what was counted, and the largest difference of their losses."""
        made = model(self._weights, self._careless)
        interpreted = Interpreted(made, self._batch)
        planned, optimized = (Planned(made, self._batch, passes) for passes in ((), PASSES))
        yield NOT_YET
        self.steps = {
            "eager": Eager(self._weights, self._batch, self._careless),
            "rebuilt": Rebuilt(self._weights, self._batch, self._careless),
            "interpreted": interpreted,
            "planned": planned,
            "optimized": optimized,
        }
        counted = {
            "nodes": len(planned.plan.nodes),
            "nodes left": len(optimized.plan.nodes),
            "operations": operations(made),
            "calls planned": len(planned.plan.calls),
            "calls": len(optimized.plan.calls),
            "bytes new": interpreted.new_bytes(),
            "bytes planned": planned.plan.bytes,
            "bytes": optimized.plan.bytes,
        }
        paths = []
        for step in self.steps.values():
            for _ in range(TOGETHER // AT_ONCE):
                paths.append([step() for _ in range(AT_ONCE)])
                yield NOT_YET
        return counted | {"apart": float(np.ptp(np.reshape(paths, (len(self.steps), TOGETHER)), axis=0).max())}


def run(params: TimingParams) -> Run:
    """Width by width: five ways to make the same step, checked to be the same, then timed in turns. The seconds are real."""
    rng = streams(params.seed)
    batch = Batch.drawn(rng.data)
    times = {name: np.full(len(WIDTHS), np.nan) for name in WAYS}
    memory = {name: np.full(len(WIDTHS), np.nan) for name in ("interpreted", "planned", "optimized")}
    apart, frame = 0.0, 0
    for place, width in enumerate(WIDTHS):
        bench = Bench(params, width, rng.weights, batch)
        counted = yield from bench.prepare()
        apart = max(apart, counted["apart"])
        for name, counted_as in (("interpreted", "bytes new"), ("planned", "bytes planned"), ("optimized", "bytes")):
            memory[name][place] = counted[counted_as] / 1024
        rounds: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(ROUNDS):
            for name, step in bench.steps.items():
                rounds[name].append(1e6 * seconds_per_step(step, LONG_ENOUGH))
                times[name][place] = float(np.median(rounds[name]))
            measured = shares(counted) | {"apart": apart}
            yield Snapshot(frame, _drawn(times, memory, counted, place), measured=measured)
            frame += 1
    return None


def shares(counted: Mapping[str, float]) -> dict[str, float]:
    """The counts that claims and prose are about."""
    return {
        "nodes": counted["nodes"],
        "nodes left": counted["nodes left"],
        "taken away": 1 - counted["nodes left"] / counted["nodes"],
        "calls saved": 1 - counted["calls"] / counted["calls planned"],
        "memory": counted["bytes"] / counted["bytes new"],
    }


def _drawn(times: Mapping[str, Array], memory: Mapping[str, Array], counted: Mapping[str, float], place: int) -> dict[str, Any]:
    faster = {name: times["eager"] / series for name, series in times.items() if name != "eager"}
    return {
        "time": {name: series.copy() for name, series in times.items()},
        "faster": faster,
        "memory": {name: series.copy() for name, series in memory.items()},
        "said": _lines(place, counted, times),
    }


def _lines(place: int, counted: Mapping[str, float], times: Mapping[str, Array]) -> list[str]:
    """What was counted at this width, and the newest medians."""
    nodes = rf"{counted['nodes']} \text{{ nodes, }} {counted['nodes left']} \text{{ after the passes}}"
    calls = rf"{counted['calls planned']} \text{{ calls planned, }} {counted['calls']} \text{{ after the passes}}"
    timed = [rf"\text{{{name}: }} {series[place]:.0f} \text{{ microseconds}}" for name, series in times.items()]
    return [rf"{WIDTHS[place]} \text{{ hidden units per layer}}", nodes, calls, *timed]


CARELESS = Ground(code="careless")
TAKEN = Claim("The passes take away this share of the nodes of the careless graph.", "taken away", at_least(0.2), CARELESS)
SAVED = Claim("And they save this share of the calls of its plan.", "calls saved", at_least(0.15), CARELESS)
MEMORY = Claim(
    "The optimized plan’s buffers, made once, over the new arrays that the interpreter makes at every step, in bytes.",
    "memory",
    at_most(0.5),
)
LESS_MEMORY = Title(
    "New arrays at every step, or buffers made once", "Memory: new arrays per step, and buffers made once", (MEMORY,)
)

demo = Demo(
    name="timing",
    title="What a graph buys",
    params=TimingParams,
    charts=charts,
    run=run,
    frames=ROUNDS * len(WIDTHS),
    timed=True,
    claims=(
        TAKEN,
        SAVED,
        MEMORY,
        Claim(
            "In tidy code they find little to take away: this share of the nodes.",
            "taken away",
            at_most(0.15),
            Ground(code="tidy"),
        ),
        Claim(
            "All five ways take the same step: over twenty steps their losses differ by at most this.",
            "apart",
            at_most(1e-3),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("careless code", {}),
        Preset("tidy code", {"code": "tidy"}),
        Preset("one hidden layer", {"layers": 1}),
        Preset("eight hidden layers", {"layers": 8}),
    ),
    guesses=guesses.TIMING,
    hint="Watch the left end, where bookkeeping is everything, and the right end, where the matrix products are.",
)
