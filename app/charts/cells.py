"""Cells: an array of up to four axes drawn number by number, coloured by where in memory each number lies.

Two charts of this kind side by side, an array and the memory behind it, say by their colours which cell of the one is which
of the other: a transposed array has the same colours in another order, and a broadcast one has a colour more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.base import Axis, Chart, Update
from app.charts.colours import GREY, HEIGHT_SCALE, VERMILION, ink
from app.charts.grids import bare_axis, cell_trace, downwards, outline

MOST_AXES = 4
CELL_HEIGHT, LINE_HEIGHT, MARGINS = 26, 16, 66
Places = NDArray[np.intp]


def spread(shape: Sequence[int]) -> tuple[Places, Places]:
    """Row and column of every cell, each of the array's shape: the last axis across, the one before it down.

    The third from the end sets sheets side by side, the fourth sets rows of sheets beneath each other, a free cell between two.
    """
    if len(shape) > MOST_AXES:
        raise ValueError(f"cells of shape {tuple(shape)}: wanted at most {MOST_AXES} axes")
    far, sheets, rows, columns = (1,) * (MOST_AXES - len(shape)) + tuple(shape)
    band, sheet, row, column = np.indices((far, sheets, rows, columns))
    return (band * (rows + 1) + row).reshape(shape), (sheet * (columns + 1) + column).reshape(shape)


def room(shape: Sequence[int]) -> tuple[int, int]:
    """Rows and columns that an array of this shape takes, at least one of each."""
    return tuple(int(place.max(initial=0)) + 1 for place in spread(shape))  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class Cells(Chart):
    """An array, cell by cell. Value: {"text", "shades", "lit"}: what stands in the cells, their colours, the index of one.

    `text` (strings, of any shape up to four axes) may have `lines` lines, parted by <br>; `shades`, of the same shape, say how
    far through its memory each cell lies, from 0 to 1, NaN for no colour; `lit`, an index, is framed, None for no frame.
    `rows`, `columns`: the room on the chart, which every value has to fit.
    """

    compared = "beside"

    rows: int
    columns: int
    lines: int = 1
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()
    x: Axis = field(default_factory=lambda: Axis("axis −1"))
    y: Axis = field(default_factory=lambda: Axis("axis −2"))

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", self.rows * (CELL_HEIGHT + LINE_HEIGHT * (self.lines - 1)) + MARGINS)

    @property
    def least_width(self) -> int:
        """Forty CSS pixels a cell."""
        return 40 * self.columns + MARGINS

    def traces(self) -> list[dict[str, Any]]:
        """The cells, what is written in them, and the frame around one."""
        look = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "x": [], "y": []}
        empty = np.full((self.rows, self.columns), np.nan)
        return [
            cell_trace("cells", empty, HEIGHT_SCALE, 0, 1, xgap=1, ygap=1),
            look | {"uid": "numbers", "mode": "text", "text": [], "textfont": {"size": 13}},
            look | {"uid": "lit", "mode": "lines", "line": {"color": VERMILION, "width": 4}},
        ]

    def layout(self) -> dict[str, Any]:
        """Names of rows and columns where there are some."""
        said = super().layout()
        across, down = bare_axis(self.column_names, self.columns), downwards(bare_axis(self.row_names, self.rows))
        return said | {"xaxis": said["xaxis"] | across, "yaxis": said["yaxis"] | down}

    def update(self, value: Mapping[str, Any], step: int) -> Update:
        """All cells."""
        text, shades = np.asarray(value["text"], object), np.asarray(value["shades"], float)
        rows, columns = room(text.shape)
        if text.shape != shades.shape or rows > self.rows or columns > self.columns:
            wanted = f"one shape for both that fits in {self.rows} rows of {self.columns}"
            raise ValueError(f"chart {self.title!r}: text {text.shape} and shades {shades.shape}, wanted {wanted}")
        down, across = spread(text.shape)
        z = np.full((self.rows, self.columns), np.nan)
        z[down, across] = shades
        numbers = {"x": across.ravel(), "y": down.ravel(), "text": text.ravel().tolist(), "textfont": _letters(shades.ravel())}
        lit = {"x": [], "y": []} if value["lit"] is None else outline(int(down[value["lit"]]), int(across[value["lit"]]), 1, 1)
        return {"set": {"cells": {"z": z}, "numbers": numbers, "lit": lit}}


def _letters(shades: NDArray[np.float64]) -> dict[str, Any]:
    """Black or white on a colour, grey where there is none."""
    inks = zip(ink(HEIGHT_SCALE, np.nan_to_num(shades)), np.isfinite(shades), strict=True)
    return {"size": 13, "color": [each if known else GREY for each, known in inks]}
