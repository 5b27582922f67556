"""The record of a walk forward: every forecast as it was made, what is drawn of them, and how far off they were."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.topic import Snapshot
from app.topics.rnn_applications.walk import Walk
from engine import Array

MODELS = ("network", "linear")
SHOWN_BEFORE, LEAST = 40, 8
"""So many values before the first forecast are drawn, and after so many forecasts their errors."""
MOST = 4.0
"""The largest change that is drawn, in standard deviations."""


def times_drawn(walk: Walk) -> Array:
    """The times that are drawn."""
    return np.arange(walk.first - SHOWN_BEFORE, walk.times.stop)


def compared(walk: Walk) -> list[str]:
    """What the bars compare."""
    names = walk.data.names
    every = ["the past, as fitted", "all forecasts"]
    return every if len(names) == 1 else [*every, *names]


class Record:
    """All forecasts so far, each as it was made, and what is drawn and measured of them."""

    def __init__(self, name: str, walk: Walk) -> None:
        self._walk, self._row = walk, walk.of(name)
        self._made = {model: np.full(walk.changes.shape, np.nan) for model in MODELS}
        self._deviation = walk.standardized(walk.first)[1]

    def of_start(self, done: int, network: Array) -> Snapshot:
        """Before the first forecast: the fit of the past alone."""
        time = self._walk.first
        fitted = self._fitted({"network": network, "linear": self._walk.linear(time)}, time)
        none = {model: np.full(len(each), np.nan) for model, each in fitted.items()}
        return Snapshot(done, {"forecasts": self._curves(time), "bars": self._bars(fitted, none)})

    def of_forecast(self, done: int, time: int, network: Array) -> Snapshot:
        """The forecast of the value at `time` is made, and the value comes."""
        walk, known = self._walk, self._walk.known(time)
        said = {"network": network, "linear": walk.linear(time)}
        for model, changes in said.items():
            self._made[model][:, known] = changes[:, known]
        fitted = self._fitted(said, time)
        errors = {model: walk.relative(each, walk.known(walk.first), known + 1) for model, each in self._made.items()}
        lines = {model: float(each.mean()) for model, each in errors.items()} | {"fit": float(fitted["network"].mean())}
        drawn: dict[str, Any] = {
            "forecasts": self._curves(time + 1),
            "changes": {model: self._dots(each[self._row]) for model, each in self._made.items()},
            "bars": self._bars(fitted, errors),
        }
        if time - walk.first >= LEAST:
            drawn["errors"] = {name: (time, value) for name, value in lines.items()}
        against = {"against linear": lines["network"] / lines["linear"]}
        return Snapshot(done, drawn, measured=lines | against | self._directions(known))

    def _fitted(self, said: dict[str, Array], time: int) -> dict[str, Array]:
        """The errors on what is known at `time`, of each model as it is then."""
        return {model: self._walk.relative(each, 0, self._walk.known(time)) for model, each in said.items()}

    def _curves(self, now: int) -> dict[str, Array]:
        """What is drawn of the series: values before `now`, and forecasts of them."""
        windows, drawn = self._walk.windows[self._row], times_drawn(self._walk)
        today = np.concatenate([np.full(self._walk.window, np.nan), windows[-1]])
        gap = np.full(self._walk.window, np.nan)
        curves = {model: today + np.concatenate([gap, each[self._row]]) for model, each in self._made.items()}
        curves |= {"observed": self._walk.data.values[self._row].copy(), "naive": today}
        return {name: np.where(drawn < now, curve[drawn], np.nan) for name, curve in curves.items()}

    def _dots(self, made: Array) -> Array:
        """Real changes and forecast ones (2, m), in standard deviations of the changes before the first forecast."""
        there = np.isfinite(made)
        pairs = np.stack([self._walk.changes[self._row, there], made[there]]) / self._deviation[self._row]
        dots: Array = np.clip(pairs, -MOST, MOST)
        return dots

    def _bars(self, fitted: dict[str, Array], errors: dict[str, Array]) -> dict[str, Array]:
        """A bar for the fit, one for all forecasts, and of more than one series one for each."""
        groups = len(compared(self._walk))
        bars = {model: np.array([fitted[model].mean(), errors[model].mean(), *errors[model]])[:groups] for model in MODELS}
        return {"naive": np.ones(groups)} | bars

    def _directions(self, known: int) -> dict[str, float]:
        """How often the network's forecasts so far had the sign of the change that came, and how often it rose."""
        asked = slice(self._walk.known(self._walk.first), known + 1)
        said, came = self._made["network"][:, asked], self._walk.changes[:, asked]
        return {"direction": float((np.sign(said) == np.sign(came)).mean()), "rising": float((came > 0).mean())}
