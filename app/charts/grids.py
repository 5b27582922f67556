"""Charts of cells: a matrix with its numbers, small images side by side, samples that light up by state. Each is a heatmap.

Pictures go over the wire as bytes; the value after the last grey or the last state stands for a cell that holds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.base import Axis, Chart, Squares, Update
from app.charts.colours import BLUE, PROBABILITY_SCALE, ink

Array = NDArray[np.float64]
NOTHING = "rgba(0,0,0,0)"
BLANK = 255
"""The byte of the gaps between images; 0 to 254 are the greys."""
MARGIN = 76
"""In pixels, to the left and right of a narrow chart’s axes, beside the names of its rows."""
GREYS = ((0.0, "#000000"), (1.0, "#ffffff"))


def cell_trace(uid: str, z: Any, colours: Sequence[tuple[float, str]], low: float, high: float, **more: Any) -> dict[str, Any]:
    """The heatmap of a chart of cells: `colours` from `low` to `high`, no scale beside it."""
    scale = {"colorscale": [list(stop) for stop in colours], "zmin": low, "zmax": high, "showscale": False}
    return {"type": "heatmap", "uid": uid, "z": z, "hoverinfo": "skip"} | scale | more


def bare_axis(names: Sequence[str], size: int, pitch: float = 1) -> dict[str, Any]:
    """An axis of cells: their names where they have some, no grid."""
    said = [(pitch * place + (pitch - 1) / 2, name) for place, name in enumerate(names) if name.strip()]
    ticks = {"tickvals": [place for place, _ in said], "ticktext": [name for _, name in said]}
    bare = {"showgrid": False, "type": "linear", "fixedrange": True, "ticks": "outside", "ticklen": 4, "tickcolor": NOTHING}
    return bare | {"range": [-0.5, pitch * size - 0.5]} | (ticks if names else {"showticklabels": False})


def downwards(axis: dict[str, Any]) -> dict[str, Any]:
    """The first row on top."""
    return axis | {"range": axis["range"][::-1]}


@dataclass(frozen=True, kw_only=True)
class Matrix(Chart):
    """A matrix with its numbers in the cells, first row on top. Value: (rows, columns); NaN leaves a cell empty.

    Colour: blue below zero, red above, full at `limit`; `colours` is another scale from `low` (else -limit) to `limit`.
    `framed`: a frame lies on some cells; the value is then {"cells": (rows, columns), "frame": (top, left, height, width)}.
    """

    compared = "beside"

    rows: Sequence[str]
    columns: Sequence[str]
    limit: float = 2.0
    low: float | None = None
    colours: Sequence[tuple[float, str]] = PROBABILITY_SCALE
    digits: int = 2
    framed: bool = False

    @property
    def _lowest(self) -> float:
        return -self.limit if self.low is None else self.low

    def traces(self) -> list[dict[str, Any]]:
        """The cells, and the numbers in them, which Plotly would write in a grey that is hard to read on half of the colours."""
        empty = np.full((len(self.rows), len(self.columns)), np.nan)
        down, across = np.indices(empty.shape).reshape(2, -1)
        look = {"type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False}
        numbers = look | {"uid": "numbers", "x": across, "y": down, "text": [], "textfont": {"size": 13}}
        line = {"color": BLUE, "width": 4}
        frame = look | {"uid": "frame", "mode": "lines", "x": [], "y": [], "line": line}
        cells = cell_trace("cells", empty, self.colours, self._lowest, self.limit, xgap=1, ygap=1)
        return [cells, numbers, *([frame] if self.framed else [])]

    def layout(self) -> dict[str, Any]:
        """Names of rows and columns as ticks."""
        said = super().layout()
        across, down = bare_axis(self.columns, len(self.columns)), downwards(bare_axis(self.rows, len(self.rows)))
        return said | {"xaxis": said["xaxis"] | across, "yaxis": said["yaxis"] | down}

    def update(self, value: Mapping[str, Any] | ArrayLike, step: int) -> Update:
        """All cells, and where the frame lies."""
        z = np.asarray(value["cells"] if isinstance(value, Mapping) else value, float)
        if z.shape != (len(self.rows), len(self.columns)) or isinstance(value, Mapping) != self.framed:
            wanted = f"{(len(self.rows), len(self.columns))}{' and a frame' if self.framed else ''}"
            raise ValueError(f"chart {self.title!r}: matrix {z.shape}, wanted {wanted}")
        frame = {"frame": outline(*value["frame"])} if isinstance(value, Mapping) else {}
        return {"set": {"cells": {"z": z}, "numbers": self._numbers(z.ravel())} | frame}

    def _numbers(self, values: Array) -> dict[str, Any]:
        """What is written in the cells, each in black or white, whichever its colour leaves easier to read."""
        text = [f"{value:.{self.digits}f}".replace("-", "−") if np.isfinite(value) else " " for value in values]
        shares = np.clip((np.nan_to_num(values) - self._lowest) / (self.limit - self._lowest), 0, 1)
        return {"text": text, "textfont": {"size": 13, "color": ink(self.colours, shares)}}


def outline(top: int, left: int, height: int, width: int) -> dict[str, Any]:
    """The outline of cells, as a closed line."""
    low, right = top + height - 0.5, left + width - 0.5
    corners = [(left - 0.5, top - 0.5), (right, top - 0.5), (right, low), (left - 0.5, low), (left - 0.5, top - 0.5)]
    return {"x": [x for x, _ in corners], "y": [y for _, y in corners]}


@dataclass(frozen=True, kw_only=True)
class ImageGrid(Chart):
    """Small images side by side, row by row from the top left. Value: (n, height, width), n at most rows x columns.

    `low` is drawn as the scale's first colour (black), `high` as its last (white). `image`: height and width of one in pixels.
    """

    compared = "beside"

    rows: int
    columns: int
    image: tuple[int, int]
    low: float = 0.0
    high: float = 1.0
    colours: Sequence[tuple[float, str]] = GREYS
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()
    x: Axis = field(default_factory=lambda: Axis(""))
    y: Axis = field(default_factory=lambda: Axis(""))

    def traces(self) -> list[dict[str, Any]]:
        """One heatmap of all images, a pixel of nothing after each."""
        scale = [(place * (BLANK - 1) / BLANK, colour) for place, colour in self.colours]
        edge = (BLANK - 0.5) / BLANK  # the last grey is still drawn
        blank = np.full((self.rows * (self.image[0] + 1), self.columns * (self.image[1] + 1)), BLANK, np.uint8)
        return [cell_trace("images", blank, [*scale, (edge, scale[-1][1]), (edge, NOTHING), (1.0, NOTHING)], 0, BLANK)]

    @property
    def least_width(self) -> int:
        """Twenty-four CSS pixels an image, beside the names of the rows."""
        return 24 * self.columns + self.squares.beside

    @property
    def squares(self) -> Squares:
        """Beside the images stand the names of the rows, below them those of the columns."""
        height, width = (side + 1 for side in self.image)
        beside = 7 * max(map(len, self.row_names), default=0) + MARGIN
        return Squares(self.rows * height / (self.columns * width), beside, 6.5 if self.column_names else 4.5)

    def layout(self) -> dict[str, Any]:
        """Square pixels."""
        said = super().layout()
        across = bare_axis(self.column_names, self.columns, self.image[1] + 1) | {"constrain": "domain"}
        down = downwards(bare_axis(self.row_names, self.rows, self.image[0] + 1)) | {"constrain": "domain", "scaleanchor": "x"}
        return said | {"xaxis": said["xaxis"] | across, "yaxis": said["yaxis"] | down}

    def update(self, value: ArrayLike, step: int) -> Update:
        """All images; places without one stay empty."""
        images, most = np.asarray(value, float), self.rows * self.columns
        if images.ndim != 3 or images.shape[1:] != self.image or len(images) > most:
            raise ValueError(
                f"chart {self.title!r}: images {images.shape}, wanted (n, {self.image[0]}, {self.image[1]}), n <= {most}"
            )
        shares = np.clip((np.nan_to_num(images) - self.low) / (self.high - self.low), 0, 1)
        tiles = np.full((most, self.image[0] + 1, self.image[1] + 1), BLANK, np.uint8)
        tiles[: len(images), :-1, :-1] = np.round(shares * (BLANK - 1))
        grid = tiles.reshape(self.rows, self.columns, *tiles.shape[1:]).swapaxes(1, 2)
        return {"set": {"images": {"z": grid.reshape(self.rows * tiles.shape[1], self.columns * tiles.shape[2])}}}


@dataclass(frozen=True, kw_only=True)
class SampleGrid(Chart):
    """A cell a sample, row by row from the top left, coloured by the state it is in. Value: (n,) places in `states`.

    `states`: name -> colour, as the legend shows them. n may be less than rows x columns; the rest stays empty.
    """

    compared = "beside"

    rows: int
    columns: int
    states: Mapping[str, str]
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()
    x: Axis = field(default_factory=lambda: Axis(""))
    y: Axis = field(default_factory=lambda: Axis(""))

    def traces(self) -> list[dict[str, Any]]:
        """The cells, and a legend entry a state."""
        colours = [*self.states.values(), NOTHING]
        share = 1 / len(colours)
        scale = [(min(end * share, 1.0), colour) for place, colour in enumerate(colours) for end in (place, place + 1)]
        empty = np.full((self.rows, self.columns), len(self.states), np.uint8)
        cells = cell_trace("cells", empty, scale, -0.5, len(self.states) + 0.5, xgap=1, ygap=1)
        return [cells, *(_entry(name, colour) for name, colour in self.states.items())]

    def layout(self) -> dict[str, Any]:
        """Names of rows and columns where there are some."""
        said = super().layout()
        across, down = bare_axis(self.column_names, self.columns), downwards(bare_axis(self.row_names, self.rows))
        return said | {"xaxis": said["xaxis"] | across, "yaxis": said["yaxis"] | down}

    def update(self, value: ArrayLike, step: int) -> Update:
        """The state of every sample."""
        states, most = np.asarray(value).ravel(), self.rows * self.columns
        if states.size > most or not np.isin(states, range(len(self.states))).all():
            raise ValueError(
                f"chart {self.title!r}: {states.size} states, wanted at most {most}, each 0 to {len(self.states) - 1}"
            )
        cells = np.full(most, len(self.states), np.uint8)
        cells[: states.size] = states
        return {"set": {"cells": {"z": cells.reshape(self.rows, self.columns)}}}


def _entry(name: str, colour: str) -> dict[str, Any]:
    marker = {"color": colour, "size": 10, "symbol": "square"}
    return {"type": "scatter", "mode": "markers", "name": name, "x": [None], "y": [None], "marker": marker}
