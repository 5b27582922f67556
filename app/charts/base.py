"""What every chart kind is: a figure said once at the start of a run, then updates in two words.

`figure()` gives data and layout as plain values; `app.charts.figures` has plotly.py build and validate them for `start`.
`update(value, step)` gives what is new in one frame:

- ``append``: {uid: (x, y)}, one new point of the line series `uid`;
- ``set``: {uid: {attribute: value}}, attributes of the trace `uid` replaced whole.

The browser draws any chart from these two words, so that a new kind needs no JavaScript.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from app.charts.colours import PALETTE

Range = tuple[float, float]
Update = dict[str, dict[str, Any]]
NUMBERS = {"hoverformat": ",.4~r", "exponentformat": "none", "separatethousands": True}
"""Ticks and hover texts as near to `app.wording.written` as plotly.js comes: four digits, thousands apart, no "50μ", no "2k"."""

MARGIN = {"l": 58, "r": 26, "t": 20, "b": 53}
"""In pixels, around the axes: as much as most ticks and titles need. Where they need more, Plotly draws everything twice."""
BESIDE = 80
"""The margin with a scale of colours in it."""


@dataclass(frozen=True)
class Axis:
    """An axis: title with its unit, scale, and the range that saves the eye from jumps (in values, also when `log`)."""

    title: str
    range: Range | None = None
    log: bool = False
    ticks: Mapping[float, str] = field(default_factory=dict)

    def layout(self) -> dict[str, Any]:
        """The axis as plotly's layout has it."""
        said: dict[str, Any] = {"title": {"text": self.title}, "zeroline": False} | NUMBERS
        if self.log:
            said |= {"type": "log", "exponentformat": "power"}
        if self.log and self.range is not None:
            decades = math.log10(self.range[1] / self.range[0])
            said["dtick"] = max(1, math.ceil(decades / 6))  # labels at whole powers of ten only
        if self.range is not None:
            said["range"] = [math.log10(edge) for edge in self.range] if self.log else list(self.range)
        if self.ticks:
            said |= {"tickvals": list(self.ticks), "ticktext": list(self.ticks.values())}
        return said


@dataclass(frozen=True)
class Series:
    """One quantity on a chart: the name its legend shows, its colour (the next of the palette when not said), its line."""

    name: str
    colour: str | None = None
    dash: str = "solid"
    width: float = 2


def colour_of(series: Series, place: int) -> str:
    """The colour said, or the palette's at that place."""
    return series.colour or PALETTE[place % len(PALETTE)]


@dataclass(frozen=True)
class Squares:
    """The room of a chart of square cells: `ratio` is their height over their width, `beside` the CSS pixels at both their sides
    and `below` the text above and below them, in rem.
    """

    ratio: float
    beside: int
    below: float


@dataclass(frozen=True, kw_only=True)
class Chart(ABC):
    """A chart on a page. `title` says what to see; `wide` gives it the full width; `height` is in CSS pixels.

    A chart may take clicks: `click` names the entry into which the place clicked is written, as "x, y", or with `click_adds`
    behind what stands there, as "; x y"; `click_help` says beside the title what a click does.
    """

    compared: ClassVar[Literal["over", "ground", "beside"]] = "over"
    """How a pinned run is compared with the live one: its lines and bars faintly under the live ones; `beside`, as a picture of
    its own; `ground`, lines on a landscape: under the live ones where the landscape is the same, else beside."""

    kind: ClassVar[Literal["plot", "working", "graph"]] = "plot"
    """What draws it in the browser: Plotly, or for lines of arithmetic and data-flow graphs the page itself."""

    title: str
    x: Axis
    y: Axis
    wide: bool = False
    height: int = 300
    click: str = ""
    click_adds: bool = False
    click_help: str = ""

    @property
    def least_width(self) -> int:
        """CSS pixels below which nothing is made out: on a narrower page the chart scrolls sideways. 0: it fits any."""
        return 0

    @property
    def squares(self) -> Squares | None:
        """The room of a chart of square cells, so that a narrow page is no higher than they are; None: it fits any."""
        return None

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """Mark and name of each trace shown that has one: the page keeps room until legend.js writes. One thing needs none."""
        named = self._named
        return tuple((_mark(one), one["name"]) for one in named if not _waits(one)) if len(named) > 1 else ()

    @property
    def more(self) -> int:
        """How many series of the legend wait until the visitor asks for more."""
        return sum(_waits(one) for one in self._named)

    @property
    def _named(self) -> list[dict[str, Any]]:
        return [one for one in self.traces() if one.get("name") and one.get("showlegend", True) and "z" not in one]

    @abstractmethod
    def traces(self) -> list[dict[str, Any]]:
        """Plotly traces before the first frame; each that will change has a `uid`."""

    @abstractmethod
    def update(self, value: Any, step: int) -> Update:
        """What a frame says of `value`. Raises ValueError when the value does not fit the chart."""

    def layout(self) -> dict[str, Any]:
        """Plotly layout; colours of paper, text and grid are the theme's and left to the browser."""
        return {
            "xaxis": self.x.layout(),
            "yaxis": self.y.layout(),
            "margin": MARGIN,
            "height": self.height,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
            "hovermode": "closest",
        }

    def figure(self) -> dict[str, Any]:
        """Data and layout as plain values and arrays."""
        data, layout = self.traces(), self.layout()
        if any("colorbar" in trace for trace in data):
            layout["margin"] = layout["margin"] | {"r": BESIDE}
        return {"data": data, "layout": layout}


def _waits(trace: Mapping[str, Any]) -> bool:
    return trace.get("visible") == "legendonly"


def _mark(trace: Mapping[str, Any]) -> str:
    if "lines" in trace.get("mode", ""):
        return "line"
    return "square" if trace["type"] == "bar" else "dot"


def known(values: Mapping[str, Any], names: Mapping[str, Any], title: str) -> Mapping[str, Any]:
    """`values`, when every key is one of the chart's `names`. Raises ValueError naming the stranger."""
    for name in values:
        if name not in names:
            raise ValueError(f"chart {title!r} has no series {name!r}; it has {', '.join(names)}")
    return values
