"""A data-flow graph: nodes are operations, edges the tensors that flow from one to the next, from the top down.

`app.charts.layers` says where each node stands; static/js/graph.js draws it, and lets the arrow keys walk along its edges.
To those who read the stream as a figure, and in the exported page, it is a scatter of nodes with lines between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from app.charts.base import Axis, Chart, Update, known
from app.charts.colours import BLUE, CYAN, GREEN, GREY, PURPLE, VERMILION
from app.charts.layers import Layered, layered, layers

MOST_NODES = 200
LETTER, MARGIN = 7.0, 20.0
"""CSS pixels of a letter of a label, and beside the text in its box."""
GAP, BETWEEN = 18.0, 34.0
"""CSS pixels between neighbours of a layer, and between layers."""
LONGEST_LABEL = 24
NO_TEXT = " "
WORDS = {"values": None, "lit": None, "gone": None, "focus": None}

Kind = Literal["constant", "variable", "placeholder", "operation", "gradient", "update"]

LOOKS: Mapping[str, tuple[str, str]] = {
    "constant": (GREY, "square"),
    "variable": (GREEN, "hexagon"),
    "placeholder": (CYAN, "diamond"),
    "operation": (BLUE, "circle"),
    "gradient": (VERMILION, "circle-open"),
    "update": (PURPLE, "octagon"),
}
"""Colour and shape of each kind."""


class GraphNode(NamedTuple):
    """A node: `key` names it in edges and values, `label` is what stands in it, `detail`, its shape say, is for those who ask."""

    key: str
    label: str
    kind: Kind
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class GraphDiagram(Chart):
    """A directed acyclic graph in layers, for at most `MOST_NODES` nodes. `edges` are pairs (source key, target key).

    A value may hold any of these; what it leaves out stays as it was:

    - ``values``: {key: text} of nodes whose value is new, written in the node; the other nodes keep theirs;
    - ``lit``: the keys of all nodes that stand out now, such as the fetched part; an edge between two of them does too;
    - ``gone``: the keys of all nodes that are faint now, such as those that a pass took away;
    - ``focus``: the key of the node at work now, or None.

    `value_letters`: how many letters of a value there is room for; the rest is left out in the picture. 0: nodes without values.
    """

    compared = "beside"
    kind = "graph"

    nodes: Sequence[GraphNode]
    edges: Sequence[tuple[str, str]]
    value_letters: int = 9
    wide: bool = True
    x: Axis = field(default_factory=lambda: Axis("within a layer"))
    y: Axis = field(default_factory=lambda: Axis("layer"))

    def __post_init__(self) -> None:
        if not 1 <= len(self.nodes) <= MOST_NODES:
            raise ValueError(f"chart {self.title!r}: got {len(self.nodes)} nodes, wanted 1 to {MOST_NODES}")
        if len({node.key for node in self.nodes}) < len(self.nodes):
            raise ValueError(f"chart {self.title!r}: got two nodes of one key, wanted a key for each")
        for node in self.nodes:
            if node.kind not in LOOKS:
                raise ValueError(
                    f"chart {self.title!r}, node {node.key!r}: got kind {node.kind!r}, wanted one of {', '.join(LOOKS)}"
                )
        depth = max(layers([node.key for node in self.nodes], self.edges).values()) + 1
        object.__setattr__(self, "height", round(self._row * depth + MARGIN))

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The kinds that there are; a page asks for it before anything is laid out."""
        kinds = [kind for kind in LOOKS if any(node.kind == kind for node in self.nodes)]
        return tuple(("dot", kind) for kind in kinds) if len(kinds) > 1 else ()

    def traces(self) -> list[dict[str, Any]]:
        """Edges, nodes by kind, then what changes: the value of each node, and which are lit, gone and at work."""
        marks = [self._marks("lit", GREY, 30), self._marks("gone", GREY, 22), self._marks("focus", GREY, 38)]
        return [self._lines(), *self._kinds(), *map(self._value, self.nodes), *marks]

    def layout(self) -> dict[str, Any]:
        """No axes: places are CSS pixels. `meta` says all that the page needs to draw it."""
        said = super().layout()
        bare = {"visible": False, "fixedrange": True}
        return said | {
            "xaxis": said["xaxis"] | bare | {"range": [-MARGIN, self._drawn.width + MARGIN]},
            "yaxis": said["yaxis"] | bare | {"range": [self.height, 0]},
            "margin": dict.fromkeys("lrtb", 8),
            "meta": {"kind": self.kind, "nodes": self._boxes(), "edges": self._curves(), "width": self._drawn.width},
        }

    def update(self, value: Mapping[str, Any], step: int) -> Update:
        """What is new of values, marks and focus. Raises ValueError for a node that the graph does not have."""
        known(value, WORDS, self.title)
        news: dict[str, Any] = {}
        for key, text in value.get("values", {}).items():
            self._node(key)
            news[f"value-{key}"] = {"text": [text or NO_TEXT]}
        for word in ("lit", "gone"):
            if word in value:
                news[word] = self._at(value[word])
        if "focus" in value:
            news["focus"] = self._at([] if value["focus"] is None else [value["focus"]])
        return {"set": news}

    @cached_property
    def _drawn(self) -> Layered:
        return layered(tuple((node.key, self._width(node)) for node in self.nodes), tuple(self.edges), GAP)

    @cached_property
    def _places(self) -> dict[str, tuple[float, float]]:
        """The middle of each node."""
        return {key: (round(across), self._down(self._drawn.layer[key])) for key, across in self._drawn.across.items()}

    @property
    def _box(self) -> float:
        """The height of a node: one line, or two."""
        return 44.0 if self.value_letters else 28.0

    @property
    def _row(self) -> float:
        return self._box + BETWEEN

    def _down(self, layer: int) -> float:
        return MARGIN / 2 + self._box / 2 + layer * self._row

    def _width(self, node: GraphNode) -> float:
        return LETTER * max(min(len(node.label), LONGEST_LABEL), self.value_letters, 3) + MARGIN

    def _node(self, key: str) -> str:
        if key not in self._places:
            raise ValueError(f"chart {self.title!r}: got node {key!r}, wanted one of the graph's {len(self.nodes)}")
        return key

    def _at(self, keys: Sequence[str]) -> dict[str, Any]:
        """Marks on nodes, with their keys for those who draw nodes as boxes."""
        places = [self._places[self._node(key)] for key in keys]
        return {"x": [x for x, _ in places], "y": [y for _, y in places], "customdata": list(keys)}

    def _boxes(self) -> list[dict[str, Any]]:
        """Each node as the page draws it."""
        return [
            node._asdict()
            | {"x": self._places[node.key][0], "y": self._places[node.key][1]}
            | {
                "width": self._width(node),
                "height": self._box,
                "colour": LOOKS[node.kind][0],
                "layer": self._drawn.layer[node.key],
            }
            for node in self.nodes
        ]

    def _curves(self) -> list[dict[str, Any]]:
        """Each edge with the points on its way, from under its source to the top of its target."""
        curves = []
        for (source, target), route in zip(self.edges, self._drawn.routes, strict=True):
            points = [[round(across), self._down(layer)] for across, layer in route]
            points[0][1] += self._box / 2
            points[-1][1] -= self._box / 2
            curves.append({"source": source, "target": target, "points": points})
        return curves

    def _lines(self) -> dict[str, Any]:
        """All edges, from middle to middle, with a gap after each."""
        ways = [[(round(across), self._down(layer)) for across, layer in route] for route in self._drawn.routes]
        x = [part for way in ways for part in (*(across for across, _ in way), None)]
        y = [part for way in ways for part in (*(down for _, down in way), None)]
        line = {"color": GREY, "width": 1.2}
        return {
            "type": "scatter",
            "mode": "lines",
            "x": list(x),
            "y": list(y),
            "line": line,
            "hoverinfo": "skip",
            "showlegend": False,
        }

    def _kinds(self) -> list[dict[str, Any]]:
        """A trace for each kind that there is, which a legend names."""
        traces = []
        for kind, (colour, symbol) in LOOKS.items():
            mine = [node for node in self.nodes if node.kind == kind]
            if mine:
                marker = {"color": colour, "symbol": symbol, "size": 16}
                text = {"text": [node.label for node in mine], "textposition": "top center"}
                places = {"x": [self._places[node.key][0] for node in mine], "y": [self._places[node.key][1] for node in mine]}
                look = {"type": "scatter", "mode": "markers+text", "name": kind, "marker": marker, "hoverinfo": "skip"}
                traces.append(look | places | text)
        return traces

    def _value(self, node: GraphNode) -> dict[str, Any]:
        x, y = self._places[node.key]
        look = {"type": "scatter", "mode": "text", "x": [x], "y": [y + 8], "text": [NO_TEXT], "textposition": "bottom center"}
        return look | {"uid": f"value-{node.key}", "hoverinfo": "skip", "showlegend": False}

    def _marks(self, uid: str, colour: str, size: float) -> dict[str, Any]:
        symbol = "x-thin-open" if uid == "gone" else "circle-open"
        marker = {"color": colour, "symbol": symbol, "size": size, "line": {"width": 2}}
        look = {"type": "scatter", "uid": uid, "mode": "markers", "x": [], "y": [], "customdata": [], "marker": marker}
        return look | {"hoverinfo": "skip", "showlegend": False}
