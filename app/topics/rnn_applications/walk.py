"""Walking forward through series: at every time what is known so far, what follows, and the forecasts that need no network.

At time t the values before t are known and the value at t is to be forecast. Whatever is fitted or standardized at t uses the
values before t alone: with a single look ahead any method forecasts well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import Array
from engine.datasets import Series, stocks, sunspots

SUNSPOTS = "sunspots"
FIRST = {SUNSPOTS: 220, "stocks": 52}
"""How many values are known before the first forecast."""


@dataclass(frozen=True)
class Walk:
    """`data` (series, times), each cut into windows of so many values; `first` is the time of the first forecast."""

    data: Series
    window: int
    first: int

    @classmethod
    def through(cls, name: str, window: int) -> Walk:
        """Through the sunspots alone, or for the name of a company through all six prices side by side."""
        return cls(sunspots(), window, FIRST[SUNSPOTS]) if name == SUNSPOTS else cls(stocks(), window, FIRST["stocks"])

    @property
    def times(self) -> range:
        """Those of the forecasts."""
        return range(self.first, self.data.values.shape[1])

    def of(self, name: str) -> int:
        """The row of a series."""
        return self.data.names.index(name)

    @cached_property
    def windows(self) -> Array:
        """Each stretch of values, the oldest first, that some value follows (series, window, n)."""
        cut = np.lib.stride_tricks.sliding_window_view(self.data.values, self.window, axis=1)
        return cut[:, :-1].transpose(0, 2, 1)

    @cached_property
    def changes(self) -> Array:
        """From the last value of each window to the one that follows (series, n)."""
        following: Array = self.data.values[:, self.window :]
        return following - self.windows[:, -1]

    def known(self, time: int) -> int:
        """How many windows have a value after them that is known at that time; the next one is to be forecast from."""
        return time - self.window

    def standardized(self, time: int) -> tuple[Array, Array]:
        """All windows by mean and deviation of the values before `time`, and the deviation of their changes (series, 1)."""
        past = self.data.values[:, :time]
        mean, deviation = (each[:, None, None] for each in (past.mean(axis=1), past.std(axis=1)))
        return (self.windows - mean) / deviation, np.diff(past).std(axis=1, keepdims=True)

    def linear(self, time: int) -> Array:
        """Changes after all windows (series, n) by a linear autoregression, least squares on what is known at `time`."""
        known = self.known(time)
        made = []
        for windows, changes in zip(self.windows, self.changes, strict=True):
            inputs = np.vstack([windows, np.ones(windows.shape[1])]).T
            weights, *_ = np.linalg.lstsq(inputs[:known], changes[:known])
            made.append(inputs @ weights)
        return np.stack(made)

    def relative(self, changes: Array, start: int, stop: int) -> Array:
        """Errors of forecast changes, for windows from `start` to `stop`, over those of "no change" (series,).

        Each is the root of the mean square.
        """
        real = self.changes[:, start:stop]
        gaps = changes[:, start:stop] - real
        ratios: Array = np.sqrt(np.square(gaps).mean(axis=1) / np.square(real).mean(axis=1))
        return ratios
