"""What the two demos on depth share: the named recipes of a deep network, the data, and the measure of what reaches a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.charts import Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, PURPLE, VERMILION
from engine import Graph, Mlp, mlp
from engine.graph import Array

WIDTH = 64
PIXELS, CLASSES = 64, 10
BATCH_SIZE = 64


class Recipe(NamedTuple):
    """How a deep network is made, apart from its depth: a name of at most two words a line, and the arguments of `engine.mlp`."""

    name: str
    activation: str
    initializer: str
    batch_norm: bool = False
    residual: bool = False


RECIPES = {
    "sigmoid": Recipe("sigmoid, Xavier", "sigmoid", "xavier"),
    "tanh": Recipe("tanh, Xavier", "tanh", "xavier"),
    "relu_xavier": Recipe("ReLU, Xavier", "relu", "xavier"),
    "relu": Recipe("ReLU, He", "relu", "he"),
    "sigmoid_norm": Recipe("sigmoid + batch norm", "sigmoid", "xavier", batch_norm=True),
    "relu_norm": Recipe("ReLU, He + batch norm", "relu", "he", batch_norm=True),
    "relu_residual": Recipe("ReLU, He + residual", "relu", "he", residual=True),
    "sigmoid_residual": Recipe("sigmoid + residual", "sigmoid", "xavier", residual=True),
}
"""The plain networks, and what has been put up against vanishing."""

STYLES = {
    "sigmoid": (PURPLE, "solid"),
    "tanh": (BLUE, "solid"),
    "relu_xavier": (OCHRE, "solid"),
    "relu": (VERMILION, "solid"),
    "sigmoid_norm": (PURPLE, "dash"),
    "relu_norm": (VERMILION, "dash"),
    "relu_residual": (VERMILION, "dot"),
    "sigmoid_residual": (PURPLE, "dot"),
}
"""One colour for each pair of activation and initializer; dashed with batch norm, dotted with residual links."""

YOURS = GREEN
FLAT = GREY


def line(name: str, width: float = 2) -> Series:
    """A recipe's line, the same on every chart."""
    return Series(RECIPES[name].name, *STYLES[name], width)


def network(graph: Graph, recipe: Recipe, depth: int, rng: np.random.Generator) -> Mlp:
    """`depth` hidden layers of 64 between the 64 pixels and the 10 classes."""
    sizes = (PIXELS, *[WIDTH] * depth, CLASSES)
    start, links = recipe.initializer, recipe.residual
    return mlp(graph, sizes, rng, recipe.activation, start, normalize=recipe.batch_norm, residual=links)


def norms(slopes: Sequence[Array]) -> Array:
    """The length of each gradient over all units and samples, (layers,); in float64, so that the smallest have a square."""
    return np.array([float(np.linalg.norm(slope.astype(np.float64))) for slope in slopes])
