"""A decision tree as it grows: questions in the inner nodes, answers in the leaves, each leaf as wide as the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from app.charts.base import Axis, Chart, Update
from app.charts.colours import CLASSES, GREY

NO_TEXT = " "
CLEAR = 0.2
"""The share of a level's height that branches leave free above and below a question."""


class TreeNode(NamedTuple):
    """A node: the place of its parent in the list (-1 for the root), what it says, its class (an inner node has -1), its weight.

    Parents come before their children, and of two siblings the first is the left one. `weight`: the share of the samples in it.
    """

    parent: int
    text: str
    label: int = -1
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Tree(Chart):
    """A binary tree, root on top. Value: a list of `TreeNode`, parents before children; what is past `depth` levels is refused.

    Leaves have the colour of their class. Lines run between the levels and leave the questions on them free.
    """

    compared = "beside"

    depth: int
    class_names: Sequence[str]
    height: int = 360
    x: Axis = field(default_factory=lambda: Axis("leaves"))
    y: Axis = field(default_factory=lambda: Axis("depth"))

    def traces(self) -> list[dict[str, Any]]:
        """Branches, inner nodes, and leaves, one legend entry a class."""
        branches: dict[str, Any] = {"type": "scatter", "uid": "branches", "mode": "lines", "x": [], "y": [], "hoverinfo": "skip"}
        branches |= {"line": {"color": GREY, "width": 1.5}, "showlegend": False}
        inner = _marks("questions", GREY, "circle", 9) | {"mode": "text", "showlegend": False}
        leaves = [
            _marks(f"leaves-{place}", CLASSES[place], "square", 14) | {"name": name, "textposition": "bottom center"}
            for place, name in enumerate(self.class_names)
        ]
        return [branches, inner, *leaves]

    def layout(self) -> dict[str, Any]:
        """No axes: places are the tree's own."""
        said = super().layout()
        bare = {"visible": False, "fixedrange": True}
        down = said["yaxis"] | bare | {"range": [self.depth + 0.5, -0.5]}
        return said | {
            "xaxis": said["xaxis"] | bare | {"range": [-0.08, 1.08]},
            "yaxis": down,
            "margin": dict.fromkeys("lrtb", 8),
        }

    def update(self, value: Sequence[TreeNode], step: int) -> Update:
        """The whole tree as it is now."""
        across, down = _places(value)
        if value and down.max() > self.depth:
            raise ValueError(f"chart {self.title!r}: a tree of {down.max():g} levels below its root, wanted at most {self.depth}")
        news: dict[str, Any] = {"branches": _branches(value, across, down)}
        kinds = {"questions": -1} | {f"leaves-{place}": place for place in range(len(self.class_names))}
        for uid, label in kinds.items():
            mine = [place for place, node in enumerate(value) if node.label == label]
            news[uid] = {"x": across[mine], "y": down[mine], "text": [value[place].text or NO_TEXT for place in mine]}
        return {"set": news}


def _marks(uid: str, colour: str, symbol: str, size: float) -> dict[str, Any]:
    marker = {"color": colour, "size": size, "symbol": symbol}
    look = {
        "type": "scatter",
        "uid": uid,
        "mode": "markers+text",
        "marker": marker,
        "hoverinfo": "skip",
        "textfont": {"size": 12},
    }
    return look | {"x": [], "y": [], "text": []}


def _places(nodes: Sequence[TreeNode]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Where each node stands: leaves side by side in order, from 0 to 1, and a parent halfway between its children."""
    children: list[list[int]] = [[] for _ in nodes]
    depth = np.zeros(len(nodes))
    for place, node in enumerate(nodes):
        if node.parent >= 0:
            children[node.parent].append(place)
            depth[place] = depth[node.parent] + 1
    across = np.zeros(len(nodes))
    leaves = _leaves_in_order(children)
    for count, leaf in enumerate(leaves):
        across[leaf] = (count + 0.5) / len(leaves)
    for place in reversed(range(len(nodes))):
        if children[place]:
            across[place] = float(np.mean(across[children[place]]))
    return across, depth


def _leaves_in_order(children: Sequence[Sequence[int]]) -> list[int]:
    """The leaves from left to right; without recursion, so that depth has no limit."""
    found, stack = [], [0] if children else []
    while stack:
        place = stack.pop()
        stack.extend(reversed(children[place]))
        if not children[place]:
            found.append(place)
    return found


def _branches(nodes: Sequence[TreeNode], across: np.ndarray[Any, Any], down: np.ndarray[Any, Any]) -> dict[str, Any]:
    """A line from each child to its parent, with a gap after it, and free of the questions at both its ends."""
    ends = [(node.parent, place) for place, node in enumerate(nodes) if node.parent >= 0]
    x = [value for parent, child in ends for value in (across[parent], across[child], None)]
    clear = [CLEAR * (node.label < 0) for node in nodes]
    y = [value for parent, child in ends for value in (down[parent] + CLEAR, down[child] - clear[child], None)]
    return {"x": x, "y": y}
