"""Charts of lines: a series that grows by one point a frame, and curves that change their whole shape.

A chart of many lines opens with the two or three that make its point; the `further` ones wait for "more" in its legend.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.base import Axis, Chart, Series, Update, colour_of, known


def _line(uid: str, series: Series, place: int, x: Any = (), y: Any = (), *, mode: str) -> dict[str, Any]:
    colour = colour_of(series, place)
    line = {"color": colour, "width": series.width, "dash": series.dash}
    marker = {"color": colour, "size": 6}
    named = {"type": "scatter", "uid": uid, "name": series.name, "mode": mode, "x": x, "y": y}
    return named | {"line": line} | ({"marker": marker} if "markers" in mode else {})


def _ordered(lines: list[dict[str, Any]], further: Collection[str], title: str) -> list[dict[str, Any]]:
    """The further lines, which only the legend knows at first, beneath the rest. Raises ValueError for one that is not there."""
    known(dict.fromkeys(further), {line["uid"]: line for line in lines}, title)
    hidden = [line | {"visible": "legendonly"} for line in lines if line["uid"] in further]
    return hidden + [line for line in lines if line["uid"] not in further]


def _fixed(name: str, x: ArrayLike, y: ArrayLike) -> dict[str, Any]:
    """A reference that no frame changes: thin, grey, dotted, behind the rest."""
    line = {"color": "#84888f", "width": 1.5, "dash": "dot"}
    return {"type": "scatter", "name": name, "mode": "lines", "x": np.asarray(x), "y": np.asarray(y), "line": line}


@dataclass(frozen=True, kw_only=True)
class Lines(Chart):
    """Series that grow by a point a frame. Value: {uid: y}, or {uid: (x, y)} where x is not the step. None or NaN is a gap.

    `levels`: {name: y}, fixed horizontal references, drawn over the x range (which must be said then).
    """

    series: Mapping[str, Series]
    further: Collection[str] = ()
    x: Axis = field(default_factory=lambda: Axis("step"))
    levels: Mapping[str, float] = field(default_factory=dict)
    mode: str = "lines"

    def traces(self) -> list[dict[str, Any]]:
        """References first, then one growing trace a series."""
        if self.levels and self.x.range is None:
            raise ValueError(f"chart {self.title!r}: levels need a range on x")
        ends = self.x.range or (0.0, 1.0)
        fixed = [_fixed(name, ends, (level, level)) for name, level in self.levels.items()]
        grown = [_line(uid, one, place, mode=self.mode) for place, (uid, one) in enumerate(self.series.items())]
        return fixed + _ordered(grown, self.further, self.title)

    def update(self, value: Mapping[str, Any], step: int) -> Update:
        """One new point for each series named."""
        points = known(value, self.series, self.title).items()
        return {"append": {uid: point if isinstance(point, tuple) else (step, point) for uid, point in points}}


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """Curves over the same x whose whole y is new in a frame: profiles by layer, functions, spectra.

    `at`: x of all curves, shape (n,). `fixed`: {name: y (n,)}, references. Value: {uid: y (n,)}.
    `dots`: clouds of points among the curves, such as the data a curve is fitted to; the value of one is {uid: points (2, m)}.
    """

    at: ArrayLike
    series: Mapping[str, Series]
    further: Collection[str] = ()
    fixed: Mapping[str, ArrayLike] = field(default_factory=dict)
    dots: Mapping[str, Series] = field(default_factory=dict)
    mode: str = "lines"

    def traces(self) -> list[dict[str, Any]]:
        """References first, then one trace a curve, then one a cloud, empty until their first frame."""
        x = np.asarray(self.at)
        fixed = [_fixed(name, x, y) for name, y in self.fixed.items()]
        empty = [_line(uid, one, place, x, mode=self.mode) for place, (uid, one) in enumerate(self.series.items())]
        clouds = enumerate(self.dots.items(), start=len(self.series))
        return (
            fixed
            + _ordered(empty, self.further, self.title)
            + [_line(uid, one, place, mode="markers") for place, (uid, one) in clouds]
        )

    def update(self, value: Mapping[str, ArrayLike], step: int) -> Update:
        """The whole y of each curve named, and where the points of each cloud named are."""
        length = len(np.asarray(self.at))
        known(value, {**self.series, **self.dots}, self.title)
        clouds = {uid: np.asarray(points, np.float32) for uid, points in value.items() if uid in self.dots}
        curves = {uid: np.asarray(y) for uid, y in value.items() if uid in self.series}
        for uid, y in curves.items():
            if y.shape != (length,):
                raise ValueError(f"chart {self.title!r}, curve {uid!r}: shape {y.shape}, wanted ({length},)")
        places = {uid: {"x": points[0], "y": points[1]} for uid, points in clouds.items()}
        return {"set": {uid: {"y": y} for uid, y in curves.items()} | places}
