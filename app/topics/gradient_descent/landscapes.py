"""The landscapes of both demos: text that `engine.expressions` turns into nodes, a map, a start, a rate for each optimizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.charts import Series
from app.charts.colours import BLUE, GREEN, OCHRE, PURPLE, VERMILION
from engine import Graph, Node, Session
from engine.expressions import expression
from engine.ops import rows

SERIES = {
    "sgd": Series("gradient descent", BLUE),
    "momentum": Series("momentum", VERMILION),
    "nesterov": Series("Nesterov", GREEN),
    "rmsprop": Series("RMSProp", OCHRE),
    "adam": Series("Adam", PURPLE),
}
"""The five, on every chart of the page."""
NAMES = tuple(SERIES)
FURTHER = ("nesterov", "rmsprop")
MESH = 81

Point = tuple[float, float]
Span = tuple[float, float]


@dataclass(frozen=True)
class Landscape:
    """A surface over the plane. `least`: its lowest height, None where nobody knows. `arrived`: the height above it that counts.

    `rates`: for each optimizer, in the order of `NAMES`. `turn`: degrees by which all is turned around (0, 0).
    """

    text: str
    start: Point
    across: Span
    up: Span
    rates: tuple[float, float, float, float, float]
    steps: int
    least: float | None = 0.0
    arrived: float = 1e-4
    log: bool = False
    turn: float = 0.0

    def height(self, position: Node) -> Node:
        """The height at positions (2, n), as a node (1, n)."""
        x, y = rows(position, 0, 1), rows(position, 1, 2)
        if self.turn:
            c, s = self._turned
            x, y = x * c + y * s, y * c - x * s
        return expression(self.text)(x=x, y=y)

    def usual_start(self) -> Point:
        """The start, turned with the landscape."""
        c, s = self._turned
        x, y = self.start
        return c * x - s * y, s * x + c * y

    def mesh(self) -> np.ndarray:
        """Heights over the map (MESH, MESH), from the same nodes that are descended; not finite where there are none."""
        across, up = np.meshgrid(np.linspace(*self.across, MESH), np.linspace(*self.up, MESH))
        graph = Graph(np.float64)
        heights = self.height(graph.constant(np.stack([across.ravel(), up.ravel()])))
        with np.errstate(all="ignore"):
            made: np.ndarray = Session(graph).run([heights])[0].reshape(MESH, MESH)
        return made

    @property
    def _turned(self) -> Point:
        angle = np.radians(self.turn)
        return float(np.cos(angle)), float(np.sin(angle))


def rastrigin(waves: float) -> str:
    """A bowl with egg-box waves of this height on it (Rastrigin's function has 10); its lowest minimum is at (0, 0), height 0."""
    return f"{2 * waves} + x**2 + y**2 - {waves}*(cos(2*pi*x) + cos(2*pi*y))"


LANDSCAPES: Mapping[str, Landscape] = {
    "ravine": Landscape(
        "0.5*(x**2 + 100*y**2)", (4, 1), (-4.6, 4.6), (-4.6, 4.6), (0.0198, 0.0075, 0.0075, 0.2, 0.2), 400, log=True
    ),
    "rosenbrock": Landscape(
        "(1 - x)**2 + 100*(y - x**2)**2",
        (-1.2, 1),
        (-2, 2),
        (-1, 3),
        (0.001, 0.001, 0.001, 0.002, 0.01),
        7000,
        arrived=1e-3,
        log=True,
    ),
    "saddle": Landscape(
        "x**2/2 - y**2/2 + y**4/4", (1, 1e-6), (-1.5, 1.5), (-1.5, 1.5), (0.05, 0.05, 0.05, 0.05, 0.05), 400, -0.25, 0.125
    ),
    "rastrigin": Landscape(
        rastrigin(10), (3.3, -2.6), (-4.2, 4.2), (-4.2, 4.2), (0.002, 0.002, 0.002, 0.05, 0.2), 300, arrived=0.01
    ),
    "typed": Landscape("x**2 + y**2", (-1, -1), (-5, 5), (-5, 5), (0.01, 0.01, 0.01, 0.05, 0.1), 500, None),
}
"""`typed` is filled in with the visitor's own text."""
