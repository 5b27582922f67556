"""Charts of sequences: a heat map over time, and a text in which every token carries a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.base import Axis, Chart, Update
from app.charts.colours import GREY, PROBABILITY_SCALE, ink

Scale = Sequence[tuple[float, str]]
LETTER = 8.4
"""CSS pixels of a letter of the fixed-width text."""
MARGINS = 72
GAP = 0.3
"""Between two tokens, in letters."""


@dataclass(frozen=True, kw_only=True)
class SequenceMap(Chart):
    """Values over time: a row a unit, a column a time step. Value: (rows, columns); NaN is not there yet.

    Colour: blue at `low`, red at `high`. `row_names` and `column_names` (tokens, say) stand at the ticks where they are given;
    without them both axes count from 1.
    """

    compared = "beside"

    rows: int
    columns: int
    low: float = -1.0
    high: float = 1.0
    colours: Scale = PROBABILITY_SCALE
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()
    of: str = "value"
    x: Axis = field(default_factory=lambda: Axis("time step"))
    y: Axis = field(default_factory=lambda: Axis("unit"))

    def traces(self) -> list[dict[str, Any]]:
        """One heatmap, empty, with its scale beside it."""
        scale = {"colorscale": [list(stop) for stop in self.colours], "zmin": self.low, "zmax": self.high}
        bar = {"title": {"text": self.of, "side": "right"}, "thickness": 10, "outlinewidth": 0}
        z = np.full((self.rows, self.columns), np.nan)
        place = {"x": np.arange(1, self.columns + 1), "y": np.arange(1, self.rows + 1)}
        return [{"type": "heatmap", "uid": "map", "z": z, "hoverinfo": "skip", "colorbar": bar, "zsmooth": False} | place | scale]

    def layout(self) -> dict[str, Any]:
        """First row on top, time to the right, names where there are some."""
        said = super().layout()
        across = {"range": [0.5, self.columns + 0.5], "showgrid": False} | _ticks(self.column_names)
        down = {"range": [self.rows + 0.5, 0.5], "showgrid": False} | _ticks(self.row_names)
        return said | {"xaxis": said["xaxis"] | across, "yaxis": said["yaxis"] | down}

    def update(self, value: ArrayLike, step: int) -> Update:
        """All cells."""
        z = np.asarray(value, float)
        if z.shape != (self.rows, self.columns):
            raise ValueError(f"chart {self.title!r}: values {z.shape}, wanted {(self.rows, self.columns)}")
        return {"set": {"map": {"z": z}}}


def _ticks(names: Sequence[str]) -> dict[str, Any]:
    return {"tickvals": list(range(1, len(names) + 1)), "ticktext": list(names)} if names else {}


@dataclass(frozen=True, kw_only=True)
class Tokens(Chart):
    """A text whose tokens are coloured by a value each: what a reader makes of it word by word.

    Value: one number for each of `tokens`, (n,), NaN for one that is not read yet; or `{"tokens": [...], "values": (n,)}` where
    the text itself is new. `letters`: how long a line may get before it breaks; `lines`: how many there is room for.
    """

    compared = "beside"

    tokens: Sequence[str] = ()
    letters: int = 56
    lines: int = 3
    low: float = 0.0
    high: float = 1.0
    colours: Scale = PROBABILITY_SCALE
    digits: int | None = None
    height: int = 190
    x: Axis = field(default_factory=lambda: Axis("place in the line, in letters"))
    y: Axis = field(default_factory=lambda: Axis("line"))

    @property
    def least_width(self) -> int:
        """As wide as its longest line may be."""
        return round(self.letters * LETTER) + MARGINS

    def traces(self) -> list[dict[str, Any]]:
        """A bar a token, from where it begins to where it ends, with the token written inside."""
        look = {"type": "bar", "uid": "tokens", "orientation": "h", "hoverinfo": "skip", "showlegend": False, "textangle": 0}
        text = {"textposition": "inside", "insidetextanchor": "middle", "constraintext": "none", "cliponaxis": False}
        return [look | text | self._drawn(self.tokens, np.full(len(self.tokens), np.nan))]

    def layout(self) -> dict[str, Any]:
        """Lines from the top down, in letters."""
        said = super().layout()
        bare = {"visible": False, "fixedrange": True, "type": "linear"}
        across = said["xaxis"] | bare | {"range": [0, self.letters]}
        down = said["yaxis"] | bare | {"range": [self.lines - 0.45, -0.55]}
        margin = {"l": 12, "r": 12, "t": 8, "b": 8}
        return said | {"xaxis": across, "yaxis": down, "margin": margin, "bargap": 0.25}

    def update(self, value: Mapping[str, Any] | ArrayLike, step: int) -> Update:
        """The colours of all tokens, and the tokens where they are new."""
        tokens = list(value["tokens"]) if isinstance(value, Mapping) else list(self.tokens)
        values = np.asarray(value["values"] if isinstance(value, Mapping) else value, float)
        if values.shape != (len(tokens),):
            raise ValueError(f"chart {self.title!r}: values {values.shape}, wanted one for each of {len(tokens)} tokens")
        return {"set": {"tokens": self._drawn(tokens, values)}}

    def _drawn(self, tokens: Sequence[str], values: NDArray[np.float64]) -> dict[str, Any]:
        """Where each token stands, its text, and its colour; what does not fit in the lines is left out."""
        places = [place for place in _broken(tokens, self.letters) if place[0] < self.lines]
        shown = values[: len(places)]
        colours, inks = self._colours(shown)
        text = [self._said(token, value) for token, value in zip(tokens, shown, strict=False)]
        return {
            "x": [len(token) + 2 - GAP for token, _ in zip(tokens, places, strict=False)],
            "base": [start for _, start in places],
            "y": [line for line, _ in places],
            "text": text,
            "textfont": {"family": "monospace", "size": 13, "color": inks},
            "marker": {"color": colours, "line": {"width": 1, "color": GREY}},
        }

    def _said(self, token: str, value: float) -> str:
        known = self.digits is not None and np.isfinite(value)
        return f"{token}<br>{value:.{self.digits}f}".replace("-", "−") if known else token or " "

    def _colours(self, values: NDArray[np.float64]) -> tuple[list[str], list[str]]:
        """The colour of each token, and black or white for its letters; grey letters on nothing where there is no value."""
        shares = np.clip((np.nan_to_num(values) - self.low) / (self.high - self.low), 0, 1)
        blended = [_blended(self.colours, share) for share in shares]
        known = np.isfinite(values)
        colours = [colour if there else "rgba(0,0,0,0)" for colour, there in zip(blended, known, strict=True)]
        inks = [letters if there else GREY for letters, there in zip(ink(self.colours, shares), known, strict=True)]
        return colours, inks


def lines_of(tokens: Sequence[str], letters: int) -> int:
    """How many lines of that many letters these tokens take."""
    return 1 + max((line for line, _ in _broken(tokens, letters)), default=0)


def _broken(tokens: Sequence[str], letters: int) -> list[tuple[int, float]]:
    """Line and first letter of each token; a line is broken before a token that would not fit."""
    places, line, start = [], 0, 0
    for token in tokens:
        wide = len(token) + 2
        if start and start + wide > letters:
            line, start = line + 1, 0
        places.append((line, float(start)))
        start += wide
    return places


def _blended(scale: Scale, share: float) -> str:
    places = [place for place, _ in scale]
    channels = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for _, colour in scale], float)
    return "#" + "".join(f"{round(float(np.interp(share, places, channel))):02x}" for channel in channels.T)
