"""Charts of the plane: a field with points, clouds that move, a path on a landscape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.base import Axis, Chart, Series, Update, colour_of, known
from app.charts.colours import CLASSES, HEIGHT_SCALE, PROBABILITY_SCALE


def _range(axis: Axis, title: str) -> tuple[float, float]:
    if axis.range is None:
        raise ValueError(f"chart {title!r}: needs a range on {axis.title!r}")
    return axis.range


def _heatmap(uid: str, x: Any, y: Any, z: Any, scale: Sequence[tuple[float, str]]) -> dict[str, Any]:
    """A picture of z over x and y, smoothed by the browser, which costs less than plotly's own smoothing."""
    named = {"type": "heatmap", "uid": uid, "x": x, "y": y, "z": z, "zsmooth": "fast"}
    return named | {"colorscale": [list(stop) for stop in scale], "hoverinfo": "skip"}


def _dots(name: str, points: Any, colour: str, size: float, **more: Any) -> dict[str, Any]:
    marker = {"color": colour, "size": size, "line": {"color": "#ffffff", "width": 0.8}}
    data = {"x": points[0], "y": points[1], "marker": marker}
    return {"type": "scatter", "mode": "markers", "name": name, "hoverinfo": "skip"} | data | more


def _moving(groups: Mapping[str, Series], size: float) -> list[dict[str, Any]]:
    """One empty cloud a group, which frames will fill."""
    named = enumerate(groups.items())
    return [_dots(one.name, ([], []), colour_of(one, place), size, uid=uid) for place, (uid, one) in named]


def _ground(chart: Chart, heights: ArrayLike, of: str) -> dict[str, Any]:
    """A landscape over the chart's ranges, as a picture with contour lines."""
    z = np.asarray(heights, dtype=np.float32)
    across = np.linspace(*_range(chart.x, chart.title), z.shape[1], dtype=np.float32)
    up = np.linspace(*_range(chart.y, chart.title), z.shape[0], dtype=np.float32)
    contours = {"coloring": "fill", "showlines": True}
    bar = {"title": {"text": of, "side": "right"}, "thickness": 10, "outlinewidth": 0, "len": 0.9}
    ground = _heatmap("ground", across, up, z, HEIGHT_SCALE) | {"type": "contour", "contours": contours}
    ground |= {"ncontours": 18, "line": {"width": 0.4, "color": "#ffffff"}, "colorbar": bar}
    del ground["zsmooth"]
    return ground


def _places(clouds: Mapping[str, ArrayLike]) -> dict[str, Any]:
    """Where all points of each cloud are now."""
    points = {uid: np.asarray(cloud, np.float32) for uid, cloud in clouds.items()}
    return {uid: {"x": cloud[0], "y": cloud[1]} for uid, cloud in points.items()}


@dataclass(frozen=True)
class Plane:
    """A stretch of the plane that a network is asked all over: `Field(**plane.axes, size=plane.size)` draws `plane.picture(...)`.

    `x` and `y` are axes with a range, and `size` is how many points stand along each. Raises ValueError for less than two.
    """

    x: Axis
    y: Axis
    size: int = 50

    def __post_init__(self) -> None:
        if self.size < 2:
            raise ValueError(f"plane: got {self.size} points along each axis, wanted at least 2")

    @cached_property
    def points(self) -> np.ndarray[Any, Any]:
        """Where it is asked, (2, size * size), float32, along x first."""
        return grid_of(_range(self.x, "plane"), _range(self.y, "plane"), self.size)

    @property
    def axes(self) -> dict[str, Any]:
        """What a chart of it is given for its axes."""
        return {"x": self.x, "y": self.y}

    def picture(self, values: ArrayLike) -> np.ndarray[Any, Any]:
        """A value for each point, of shape (size * size,) or (1, size * size), as z of shape (size, size)."""
        return np.asarray(values).reshape(self.size, self.size)


def grid_of(x_range: tuple[float, float], y_range: tuple[float, float], size: int = 50) -> np.ndarray[Any, Any]:
    """The points a `Field` is evaluated on, shape (2, size * size), float32; reshape the values to (size, size)."""
    across, up = np.meshgrid(np.linspace(*x_range, size), np.linspace(*y_range, size))
    return np.stack([across.ravel(), up.ravel()]).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Field(Chart):
    """A probability over the plane with the data on it. Value: z in [0, 1], shape (size, size), first row at the bottom.

    `points`: (2, n) with `labels` (n,), drawn once. On the wire z is whole percent, the smallest honest type for a picture.
    `moving`: clouds that are new in every frame; the value is then {"field": z, uid: points (2, n)}.
    """

    compared = "beside"

    points: ArrayLike
    labels: ArrayLike
    class_names: Sequence[str]
    size: int = 50
    of: str = "probability"
    moving: Mapping[str, Series] = field(default_factory=dict)
    point_size: float = 6

    def traces(self) -> list[dict[str, Any]]:
        """The field below, one cloud a class above."""
        across, up = (np.linspace(*_range(axis, self.title), self.size) for axis in (self.x, self.y))
        undecided = np.full((self.size, self.size), 50, dtype=np.uint8)
        bar = {"title": {"text": f"{self.of}, %", "side": "right"}, "thickness": 10, "outlinewidth": 0, "len": 0.9}
        field_trace = _heatmap("field", across, up, undecided, PROBABILITY_SCALE)
        field_trace |= {"zmin": 0, "zmax": 100, "colorbar": bar, "opacity": 0.85}
        points, labels = np.asarray(self.points, np.float32), np.asarray(self.labels)
        clouds = [
            _dots(name, points[:, labels == place], CLASSES[place], self.point_size)
            for place, name in enumerate(self.class_names)
        ]
        return [field_trace, *clouds, *_moving(self.moving, self.point_size)]

    def update(self, value: ArrayLike | Mapping[str, ArrayLike], step: int) -> Update:
        """The whole field, and where the moving clouds are now."""
        if isinstance(value, Mapping):
            known(value, {"field": None, **self.moving}, self.title)
            clouds = _places({uid: points for uid, points in value.items() if uid != "field"})
            drawn = self.update(value["field"], step) if "field" in value else {}
            return {"set": drawn.get("set", {}) | clouds}
        z = np.asarray(value, dtype=float)
        if z.shape != (self.size, self.size):
            raise ValueError(f"chart {self.title!r}: field of shape {z.shape}, wanted {(self.size, self.size)}")
        if not np.isfinite(z).all():
            return {}
        return {"set": {"field": {"z": np.round(100 * np.clip(z, 0, 1)).astype(np.uint8)}}}


@dataclass(frozen=True, kw_only=True)
class Scatter(Chart):
    """Clouds that move. Value: {uid: points (2, n)}. `fixed`: {name: (points (2, n), colour)}, clouds that stay.

    `heights`: z over the ranges, shape (n, m), a landscape `of` something below the clouds.
    """

    compared = "beside"

    groups: Mapping[str, Series]
    fixed: Mapping[str, tuple[ArrayLike, str]] = field(default_factory=dict)
    size: float = 6
    heights: ArrayLike | None = None
    of: str = "loss"

    def traces(self) -> list[dict[str, Any]]:
        """The landscape, fixed clouds on it, moving ones above."""
        ground = [] if self.heights is None else [_ground(self, self.heights, self.of)]
        still = [_dots(name, np.asarray(p, np.float32), colour, self.size) for name, (p, colour) in self.fixed.items()]
        return ground + still + _moving(self.groups, self.size)

    def update(self, value: Mapping[str, ArrayLike], step: int) -> Update:
        """Where all points of each cloud named are now."""
        return {"set": _places(known(value, self.groups, self.title))}


@dataclass(frozen=True, kw_only=True)
class Path(Chart):
    """Paths on a landscape. Value: {uid: (x, y)}, one more point of each path; a marker stands at its newest point.

    `heights`: z over the ranges, shape (n, m), drawn once as a picture with contour lines said by the scale's steps.
    """

    compared = "ground"

    heights: ArrayLike
    series: Mapping[str, Series]
    of: str = "loss"

    def traces(self) -> list[dict[str, Any]]:
        """The landscape, then for each path its line and its head."""
        return [_ground(self, self.heights, self.of), *self._paths()]

    def _paths(self) -> list[dict[str, Any]]:
        traces = []
        for place, (uid, one) in enumerate(self.series.items()):
            colour = colour_of(one, place)
            line = {"color": colour, "width": one.width, "dash": one.dash}
            path = {"type": "scatter", "mode": "lines", "uid": uid, "name": one.name, "x": [], "y": [], "line": line}
            head = _dots(one.name, ([], []), colour, 11, uid=f"{uid}-head", showlegend=False)
            traces += [path, head]
        return traces

    def update(self, value: Mapping[str, tuple[float, float]], step: int) -> Update:
        """One more point of each path named, and its head moved there."""
        points = known(value, self.series, self.title).items()
        heads = {f"{uid}-head": {"x": [x], "y": [y]} for uid, (x, y) in points}
        return {"append": {uid: (x, y) for uid, (x, y) in points}, "set": heads}
