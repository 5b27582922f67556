"""The network diagram: nodes with their values in them; an edge's colour is the sign of its value, its width the size.

Edges are drawn as a few traces, one for each sign and width, with gaps between edges, so that a frame replaces some 2 KB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from app.charts.base import Axis, Chart, Update, known
from app.charts.colours import BLUE, GREY, OCHRE, PROBABILITY_SCALE, VERMILION
from app.wording import written

WIDTHS = (0.6, 1.6, 3.0, 5.0)
"""Pixels, for values up to an eighth, three eighths, three quarters of `edge_limit`, and above."""
BOUNDS = (0.125, 0.375, 0.75)
SIGNS = {"positive": VERMILION, "negative": BLUE}
LETTER, LAYER = 6.2, 130
"""Pixels: the width of a letter, on average, and what a layer takes where the numbers on edges can still be read."""
INK = "#14181d"
NO_TEXT = " "
"""What stands where there is nothing to read yet: a text that is empty loses its place in Plotly and comes back a frame late."""
WORDS = {"nodes": None, "edges": None, "notes": None, "highlight": None}


class Edge(NamedTuple):
    """From `source` of layer `layer` to `unit` of the next one; the source after the last node is the bias."""

    layer: int
    unit: int
    source: int


@dataclass(frozen=True, kw_only=True)
class NetworkDiagram(Chart):
    """A small network, layer by layer from left to right. A value may hold any of these; what it leaves out stays as it was:

    - ``nodes``: one array (units,) a layer; NaN for one that is not known yet;
    - ``edges``: one array (units, fan_in) for each layer but the first, as the engine's weights are, with one more column for
      the bias when `bias`; NaN for an edge that is not known yet, drawn thin and grey;
    - ``notes``: {(layer, unit): text} of all nodes that have one now, written below the node;
    - ``highlight``: the edges marked now, each (layer, unit, source) as in `Edge`.

    `layers`: the names of the nodes of each. `numbers` writes each edge's value on it, which needs room (`wide`).
    """

    compared = "beside"

    layers: Sequence[Sequence[str]]
    x: Axis = field(default_factory=lambda: Axis("layer"))
    y: Axis = field(default_factory=lambda: Axis("node"))
    bias: bool = False
    numbers: bool = False
    node_limit: float = 1.0
    edge_limit: float = 2.0
    edge_name: str = "weight"
    node_size: float = 38
    digits: int = 2
    height: int = 420

    def traces(self) -> list[dict[str, Any]]:
        """Marked edges, edges, the numbers on them, nodes, their names and notes."""
        edges = [_strand(f"{sign}-{width}", SIGNS[sign], WIDTHS[width]) for sign in SIGNS for width in range(len(WIDTHS))]
        unknown = _strand("unknown", GREY, WIDTHS[0])
        marked = _strand("highlight", OCHRE, 11) | {"opacity": 0.55}
        legend = [
            _strand("", colour, 3) | {"name": f"{sign} {self.edge_name}", "showlegend": True} for sign, colour in SIGNS.items()
        ]
        for entry in legend:
            entry |= {"x": [None], "y": [None]}
            del entry["uid"]
        return [
            marked,
            unknown,
            *edges,
            *legend,
            *self._numbers(),
            self._bias_nodes(),
            self._nodes(),
            self._names(),
            self._notes(),
        ]

    @property
    def least_width(self) -> int:
        """Numbers on edges need room between layers."""
        return LAYER * len(self.layers) if self.numbers else 0

    def layout(self) -> dict[str, Any]:
        """No axes: places are the diagram's own."""
        said = super().layout()
        hidden = {"visible": False, "fixedrange": True}
        across = hidden | {"range": [-self._left, len(self.layers) - 0.72]}
        margin = {"l": 8, "r": 8, "t": 8, "b": 8}
        return said | {
            "xaxis": said["xaxis"] | across,
            "yaxis": said["yaxis"] | hidden | {"range": [-0.12, 1.2]},
            "margin": margin,
        }

    def update(self, value: Mapping[str, Any], step: int) -> Update:
        """What is new of nodes, edges, notes and marks."""
        known(value, WORDS, self.title)
        news: dict[str, Any] = {}
        if "edges" in value:
            news |= self._drawn_edges(value["edges"])
        if "nodes" in value:
            news["nodes"] = self._drawn_nodes(value["nodes"])
        if "notes" in value:
            keys = [(at, unit) for at, names in enumerate(self.layers) for unit in range(len(names))]
            news["notes"] = {"text": [value["notes"].get(key, NO_TEXT) for key in keys]}
        if "highlight" in value:
            news["highlight"] = _line([self._ends(Edge(*edge)) for edge in value["highlight"]])
        return {"set": news}

    @property
    def _left(self) -> float:
        """The room, in layers, that nodes of the first one and the longest word beside them take."""
        longest = max(len(word) for name in self.layers[0] for word in name.split())
        return max(0.36, (self.node_size / 2 + LETTER * longest) / LAYER)

    @cached_property
    def _places(self) -> list[list[tuple[float, float]]]:
        """Where each node stands; x is its layer, y from 0 to 1, the bias below the rest."""
        return [[(at, _height(unit, self._slots(at))) for unit in range(len(names))] for at, names in enumerate(self.layers)]

    @property
    def _count(self) -> int:
        """Of nodes, without the biases."""
        return sum(map(len, self.layers))

    def _slots(self, layer: int) -> int:
        return len(self.layers[layer]) + (1 if self.bias and layer < len(self.layers) - 1 else 0)

    def _ends(self, edge: Edge) -> tuple[tuple[float, float], tuple[float, float]]:
        start = (edge.layer, _height(edge.source, self._slots(edge.layer)))
        return start, self._places[edge.layer + 1][edge.unit]

    def _edges(self) -> Iterator[Edge]:
        """All edges, in the order of the weights' rows and columns."""
        for layer, (_, after) in enumerate(pairwise(self.layers)):
            for unit in range(len(after)):
                yield from (Edge(layer, unit, source) for source in range(self._slots(layer)))

    def _drawn_edges(self, edges: Sequence[ArrayLike]) -> dict[str, Any]:
        matrices = [np.asarray(each, float) for each in edges]
        wanted = [(len(after), self._slots(layer)) for layer, after in enumerate(self.layers[1:])]
        if [each.shape for each in matrices] != wanted:
            raise ValueError(f"chart {self.title!r}: edges of shapes {[each.shape for each in matrices]}, wanted {wanted}")
        values = np.concatenate([each.ravel() for each in matrices])
        ends = [self._ends(edge) for edge in self._edges()]
        kinds = [self._kind(each) for each in values]
        names = ["unknown", *(f"{sign}-{width}" for sign in SIGNS for width in range(len(WIDTHS)))]
        drawn: dict[str, Any] = {
            name: _line([end for end, kind in zip(ends, kinds, strict=True) if kind == name]) for name in names
        }
        if self.numbers:
            drawn["numbers"] = {"text": [self._written(each) for each in values]}
        return drawn

    def _kind(self, value: float) -> str:
        if not np.isfinite(value):
            return "unknown"
        width = int(np.searchsorted(BOUNDS, abs(value) / self.edge_limit))
        return f"{'negative' if value < 0 else 'positive'}-{width}"

    def _drawn_nodes(self, nodes: Sequence[ArrayLike]) -> dict[str, Any]:
        arrays = [np.asarray(each, float) for each in nodes]
        wanted = [(len(names),) for names in self.layers]
        if [each.shape for each in arrays] != wanted:
            raise ValueError(f"chart {self.title!r}: nodes of shapes {[each.shape for each in arrays]}, wanted {wanted}")
        values = np.concatenate(arrays)
        shown = np.round(np.clip(np.nan_to_num(values), -self.node_limit, self.node_limit), 3)
        return {"text": [self._written(each) for each in values], "marker": self._look(shown.tolist())}

    def _written(self, value: float) -> str:
        """With `digits` decimals; what would be rounded to nothing by its first digit."""
        if not np.isfinite(value):
            return NO_TEXT
        plain = f"{round(value, self.digits) + 0.0:.{self.digits}f}"
        tiny = value != 0 and float(plain) == 0
        return written(value, 1) if tiny else plain.replace("-", "−")

    def _numbers(self) -> list[dict[str, Any]]:
        """One text an edge, each where it keeps farthest from those before it."""
        if not self.numbers:
            return []
        taken: list[np.ndarray[Any, Any]] = []
        for edge in self._edges():
            (x0, y0), (x1, y1) = self._ends(edge)
            share = np.linspace(0.16, 0.84, 35)
            spots = np.stack([x0 + share * (x1 - x0), y0 + share * (y1 - y0)], axis=1)
            apart = (spots[:, None] - np.array(taken or [spots[17]])) * ABREAST
            farthest = np.hypot(*apart.T).min(axis=0).argmax()
            taken.append(spots[farthest] if taken else spots[17])
        x, y = np.round(np.array(taken), 3).T
        look = {
            "text": [NO_TEXT] * len(x),
            "textfont": {"size": 11},
            "hoverinfo": "text",
            "hovertext": self._titles(),
            "showlegend": False,
        }
        return [{"type": "scatter", "uid": "numbers", "mode": "text", "x": x, "y": y} | look]

    def _titles(self) -> list[str]:
        """What each edge joins, for those who point at its number."""
        sources = [[*names, "bias"] for names in self.layers]
        return [f"{sources[at][source]} → {self.layers[at + 1][unit]}" for at, unit, source in self._edges()]

    def _bias_nodes(self) -> dict[str, Any]:
        at = [layer for layer in range(len(self.layers) - 1) if self.bias]
        y = [_height(len(self.layers[layer]), self._slots(layer)) for layer in at]
        look = {"size": self.node_size * 0.7, "color": GREY, "symbol": "square"}
        text = {"text": ["1"] * len(at), "textfont": {"color": INK}}
        return {"type": "scatter", "mode": "markers+text", "x": at, "y": y, "marker": look} | text | QUIET

    def _all(self, mode: str) -> dict[str, Any]:
        x, y = zip(*(place for layer in self._places for place in layer), strict=True)
        return {"type": "scatter", "mode": mode, "x": list(x), "y": list(y), "cliponaxis": False} | QUIET

    def _nodes(self) -> dict[str, Any]:
        look, text = self._look([0.0] * self._count), {"text": [NO_TEXT] * self._count, "textfont": {"color": INK, "size": 12}}
        return self._all("markers+text") | {"uid": "nodes", "marker": look} | text

    def _look(self, colours: list[float]) -> dict[str, Any]:
        """The markers of the nodes: blue below zero, red above."""
        scale = {"cmin": -self.node_limit, "cmax": self.node_limit, "colorscale": [list(stop) for stop in PROBABILITY_SCALE]}
        return {"size": self.node_size, "color": colours, "line": {"color": GREY, "width": 1.2}} | scale

    def _names(self) -> dict[str, Any]:
        """Names left of the first layer, a line a word, where a narrow page has most room, and above the others."""
        first, *others = self.layers
        text = [*(name.replace(" ", "<br>") for name in first), *(name for names in others for name in names)]
        return self._beside(text, "middle left", "top left", "top center")

    def _notes(self) -> dict[str, Any]:
        return self._beside([NO_TEXT] * self._count, "bottom center", "top right", "bottom center") | {"uid": "notes"}

    def _beside(self, text: list[str], first: str, between: str, last: str) -> dict[str, Any]:
        """Text beside nodes, placed by layer: hung on markers as large as they are, which nobody sees."""
        by_layer = [first, *[between] * (len(self.layers) - 2), last]
        places = [place for place, names in zip(by_layer, self.layers, strict=True) for _ in names]
        unseen = {"size": self.node_size + 2, "opacity": 0}
        return self._all("markers+text") | {"text": text, "textposition": places, "marker": unseen, "textfont": {"size": 12}}


ABREAST = (5.0, 11.0)
"""About how many numbers fit side by side, and above each other."""
QUIET = {"hoverinfo": "skip", "showlegend": False}


def _height(place: int, slots: int) -> float:
    """From 1 for the first of many down to 0 for the last; few stand apart by at most a third."""
    gap = min(1 / 3, 1 / max(slots - 1, 1))
    return round(0.5 + gap * ((slots - 1) / 2 - place), 4)


def _strand(uid: str, colour: str, width: float) -> dict[str, Any]:
    line = {"color": colour, "width": width}
    return {"type": "scatter", "uid": uid, "mode": "lines", "x": [], "y": [], "line": line} | QUIET


def _line(ends: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, list[float | None]]:
    """Edges one after another, with a gap after each."""
    x = [part for start, end in ends for part in (start[0], end[0], None)]
    y = [part for start, end in ends for part in (start[1], end[1], None)]
    return {"x": x, "y": y}
