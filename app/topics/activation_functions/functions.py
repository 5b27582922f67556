"""The functions of the page: their names and lines on every chart, and each with its slope, drawn from the nodes that train."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.charts import Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, OCHRE, PURPLE, VERMILION
from engine import Graph, Session
from engine.networks.activations import activation, slope

LINES = {
    "step": Series("step", GREY, "dot"),
    "linear": Series("linear", GREY),
    "sigmoid": Series("sigmoid", PURPLE),
    "tanh": Series("tanh", BLUE),
    "relu": Series("ReLU", VERMILION),
    "leaky_relu": Series("leaky ReLU", VERMILION, "dash"),
    "elu": Series("ELU", GREEN),
    "gelu": Series("GELU", OCHRE),
    "silu": Series("SiLU", CYAN),
}

SUMS = np.linspace(-6, 6, 121)
"""Where a function is drawn, and the middles of the bins that its inputs are counted in."""


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The options of a choice among these functions."""
    return {name: LINES[name].name for name in names}


def lines(names: Iterable[str], chosen: str) -> dict[str, Series]:
    """A line for each function, the chosen one thick."""
    styles = {name: LINES[name] for name in names}
    return {name: Series(one.name, one.colour, one.dash, 4.5 if name == chosen else 1.5) for name, one in styles.items()}


def drawn(name: str) -> dict[str, np.ndarray]:
    """The function and its derivative over `SUMS`."""
    graph = Graph()
    z = graph.constant(SUMS[None])
    function = activation(name)
    value, steepness = Session(graph).run([function(z), slope(function, z)])
    return {"function": value[0], "slope": steepness[0]}


def shares_of(sums: np.ndarray) -> np.ndarray:
    """How often the sums fall into each bin of `SUMS`, the fullest bin being 1; what lies outside counts in the outermost."""
    half = (SUMS[1] - SUMS[0]) / 2
    edges = np.append(SUMS - half, SUMS[-1] + half)
    counts = np.histogram(np.clip(np.nan_to_num(sums), SUMS[0], SUMS[-1]), edges)[0]
    shares: np.ndarray = counts / counts.max()
    return shares
