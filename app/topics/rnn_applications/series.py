"""Series: sunspots and prices forecast one step ahead, against "no change" and a linear model. On prices no skill is claimed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

from app.charts import Axis, Bars, Chart, Curves, Lines, Series
from app.charts.colours import GREEN, GREY, OCHRE, TRAIN
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Title,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.rnn_applications import guesses
from app.topics.rnn_applications.record import MOST, SHOWN_BEFORE, Record, compared, times_drawn
from app.topics.rnn_applications.walk import SUNSPOTS, Walk
from engine import Array, Graph, Guard, Node, Session, dense, losses, optimizers
from engine.networks.recurrent import rnn

BATCH, LEARNING_RATE, CLIP_NORM = 32, 0.005, 1.0
START, UPDATES = Pace(300, 13), 20
"""The training before the first forecast, and the updates after each new value."""
COMPANIES = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
NAIVE = "tomorrow = today"
BOTH = {"network": Series("recurrent network", GREEN, width=3), "linear": Series("linear model", OCHRE)}
RELATIVE = "error, relative to no change"


class SeriesParams(Params):
    """Which series is forecast, from how much of its past, and by how well trained a network."""

    series: Literal["sunspots", "GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT"] = choice(
        SUNSPOTS,
        {SUNSPOTS: "sunspots by year", **{name: f"{name}, price by week" for name in COMPANIES}},
        label="series",
        help="For a price, all six companies are forecast side by side, and this one is drawn.",
    )
    window: int = slider(
        12, (2, 4, 8, 12, 16), label="window", unit="values", help="How far back both models look.", minimum=1, maximum=16
    )
    hidden_units: int = slider(8, (2, 4, 8, 16, 32), label="hidden units", help="Of the recurrent network.", minimum=1)
    weight_decay: float = slider(
        0,
        (0, 0.3, 1, 3, 10),
        label="weight decay",
        help="How firmly its weights are held near zero, where it forecasts “no change”.",
    )


def frames(params: SeriesParams) -> int:
    """Those of the start, and one a forecast."""
    return len(START) + len(Walk.through(params.series, params.window).times)


def charts(params: SeriesParams) -> dict[str, Chart]:
    """The series with its forecasts so far, all errors over those of "no change", and forecast against real changes."""
    walk = Walk.through(params.series, params.window)
    return {
        "forecasts": Curves(
            title="One step ahead: what was forecast, and what came",
            at=times_drawn(walk),
            series={"observed": Series("observed", TRAIN, width=3), "naive": Series(NAIVE, GREY, "dot"), **BOTH},
            further=["linear"],
            x=_time(walk, walk.first - SHOWN_BEFORE),
            y=Axis(_unit(params), (0, 1.2 * float(walk.data.values[walk.of(params.series)].max()))),
            wide=True,
            height=320,
        ),
        "errors": Lines(
            title=next((title.text for title in TITLES if title.at(params) == title.text), TITLES[0].otherwise),
            series={**BOTH, "fit": Series("network, on the past it learned from", GREEN, "dot")},
            levels={NAIVE: 1.0},
            x=_time(walk, walk.first),
            y=Axis(RELATIVE, (0, 2.2)),
        ),
        "changes": Curves(
            title="Forecast changes against the real ones",
            at=[-MOST, MOST],
            series={},
            fixed={"exact": [-MOST, MOST], NAIVE: [0, 0]},
            dots=BOTH,
            x=Axis("real change (standard deviations)", (-MOST, MOST)),
            y=Axis("forecast change (standard deviations)", (-MOST, MOST)),
        ),
        "bars": Bars(
            title="The past as fitted, and all forecasts so far",
            categories=compared(walk),
            series={"naive": Series(NAIVE, GREY), **BOTH},
            x=Axis("what is compared"),
            y=Axis(RELATIVE, (0, 2.5)),
            wide=True,
            height=260,
        ),
    }


def run(params: SeriesParams) -> Run:
    """A recurrent network 1-h-1 for each series, in one sweep; Adam at .005 on batches of 32 windows out of what is known."""
    walk = Walk.through(params.series, params.window)
    forecaster, record = Forecaster(params, walk), Record(params.series, walk)
    yield from forecaster.prepare()
    for done, shown in START:
        if shown:
            yield record.of_start(done, forecaster.changes(walk.first))
        if broke := forecaster.step(walk.first):
            return Diverged(done, broke)
    for count, time in enumerate(walk.times):
        done = START.steps + 1 + count * UPDATES
        yield record.of_forecast(done, time, forecaster.changes(time))
        for made in range(UPDATES):
            if broke := forecaster.step(time + 1):
                return Diverged(done + made, broke)
    return None


class Forecaster:
    """The networks of a walk, each trained on its own series: from a window of values to the change that follows."""

    def __init__(self, params: SeriesParams, walk: Walk) -> None:
        self._walk, self._params, self._rng = walk, params, streams(params.seed)
        self._series, _, self._count = walk.windows.shape

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        graph, units, weights = Graph(sweep=self._series), self._params.hidden_units, self._rng.weights
        cell, head = rnn(graph, "recurrent", 1, units, weights), dense(graph, "head", units, 1, weights)

        def changes(name: str, n: int) -> Node:
            return head(cell(graph.placeholder(name, (self._series, 1, self._walk.window, n))).last)

        loss = losses.mean_squared_error(changes("batch", BATCH), graph.placeholder("targets", (self._series, 1, BATCH)))
        session = Session(graph)
        decay = self._params.weight_decay
        update = optimizers.adam(loss, LEARNING_RATE, clip_norm=CLIP_NORM, weight_decay=decay)
        step = yield from session.planning([loss], [update])
        self._look = yield from session.planning([changes("all", self._count)])
        self._guard = Guard(session, step)

    def step(self, time: int) -> str:
        """One update on windows whose next value is known at `time`; in words what broke, "" while the losses are finite."""
        windows, deviation = self._walk.standardized(time)
        batch = self._rng.batches.integers(0, self._walk.known(time), BATCH)
        targets = (self._walk.changes / deviation)[:, batch]
        return self._guard.step(batch=windows[:, None][..., batch], targets=targets[:, None])

    def changes(self, time: int) -> Array:
        """What the networks say at `time` that comes after each window (series, n)."""
        windows, deviation = self._walk.standardized(time)
        (made,) = self._look(all=windows[:, None])
        return made[:, 0].astype(float) * deviation


def _time(walk: Walk, start: int) -> Axis:
    """Years, or weeks by month."""
    yearly = walk.data.names == (SUNSPOTS,)
    ticks = {float(time): walk.data.times[time][:7] for time in range(0, walk.times.stop, 20 if yearly else 13)}
    return Axis("year" if yearly else "week, by its month", (start, walk.times.stop - 1), ticks=ticks)


def _unit(params: SeriesParams) -> str:
    return "sunspots, mean of the year" if params.series == SUNSPOTS else "price over that of the first week"


USUAL: dict[str, Any] = {"window": 12, "hidden_units": 8}
SPOTS = Ground(series=SUNSPOTS, weight_decay=0, **USUAL)


def _on_prices(weight_decay: float) -> Ground:
    return Ground("a price", lambda params: params.series != SUNSPOTS, weight_decay=weight_decay, **USUAL)


PRICES = _on_prices(0)
SKILL = Claim("On sunspots the network’s error is this share of that of “next year = this year”.", "network", at_most(0.8), SPOTS)
NO_SKILL = Claim(
    "On prices its error is this many times that of “next week = this week”, on average over six companies.",
    "network",
    at_least(1.0),
    PRICES,
)
OTHERWISE = "Errors of all forecasts so far"
TITLES = (
    Title("Sunspots can be forecast", OTHERWISE, (SKILL,)),
    Title("On prices, no change is the better forecast", OTHERWISE, (NO_SKILL,)),
)

demo = Demo(
    name="series",
    title="Time series",
    params=SeriesParams,
    charts=charts,
    run=run,
    frames=frames,
    claims=(
        SKILL,
        Claim(
            "A linear model of the same window does about as well on sunspots: the network’s error over the linear model’s.",
            "against linear",
            between(0.8, 1.25),
            SPOTS,
        ),
        NO_SKILL,
        Claim(
            "On prices the linear model is no better than “next week = this week” either: its error over that.",
            "linear",
            at_least(1.0),
            PRICES,
        ),
        Claim(
            "On the past prices that it learned from, its error is this share of that of “next week = this week”.",
            "fit",
            at_most(0.8),
            PRICES,
        ),
        Claim("It gets this share of the prices’ ups and downs right, like a coin.", "direction", between(0.4, 0.6), PRICES),
        Claim(
            "With strong weight decay it all but forecasts “next week = this week”: the ratio of their errors.",
            "network",
            between(0.95, 1.05),
            _on_prices(10),
        ),
    ),
    presets=(
        Preset("sunspots", {}),
        Preset("Apple’s price", {"series": "AAPL"}),
        Preset("Google’s price, strong weight decay", {"series": "GOOG", "weight_decay": 10}),
        Preset("sunspots from two values", {"window": 2}),
    ),
    guesses=guesses.SERIES,
    hint="Below the dotted line a forecast beats “tomorrow = today”. Watch sunspots get there, then choose a price.",
)
