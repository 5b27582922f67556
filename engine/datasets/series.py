"""Series in time: small files beside this module, made by `scripts/make_dataset_files.py`, licences in `files/LICENSE`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.datasets.shipped import lasting, shipped, words
from engine.graph import Array


@dataclass(frozen=True, eq=False)
class Series:
    """`values` (series, times) float64, the name of each, and what each time is called ("1700", "2018-01-01")."""

    values: Array
    names: tuple[str, ...]
    times: tuple[str, ...]

    def lagged(self, name: str, lags: int) -> tuple[Array, Array]:
        """Each stretch of `lags` values of one series (lags, n), the oldest first, and the value that follows it (n,).

        Raises ValueError for an unknown name, or lags that leave nothing to follow.
        """
        if name not in self.names:
            raise ValueError(f"series {name!r}: unknown, wanted one of {', '.join(self.names)}")
        values = self.values[self.names.index(name)]
        if not 1 <= lags < values.size:
            raise ValueError(f"lags: got {lags}, wanted 1 to {values.size - 1}")
        return np.lib.stride_tricks.sliding_window_view(values, lags)[:-1].T, values[lags:]


def sunspots() -> Series:
    """The yearly mean of sunspots, 1700 to 2008, 309 years, with the cycle of some eleven that Schwabe saw (1844)."""
    return _read("sunspots")


def stocks() -> Series:
    """Weekly prices of six technology companies, 2018 and 2019, 105 weeks, each as a multiple of its first."""
    return _read("stocks")


@cache
def _read(name: str) -> Series:
    read = shipped(name)
    return Series(lasting(read["values"], np.float64), words(read["names"]), words(read["times"]))
