"""What both demos share: the functions' names and lines, the data, and the field of the chosen network."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.charts import Axis, Field, Plane, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, OCHRE, PURPLE, VERMILION
from app.topic import streams
from engine.datasets import Dataset, moons
from engine.probabilities import softmax

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
"""Each function's name and line, on every chart of the page."""

POINTS = 300
CLASSES = ("upper moon", "lower moon")
PLANE = Plane(Axis("first input", (-2.2, 2.2)), Axis("second input", (-1.4, 1.4)))


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The options of a choice among these functions."""
    return {name: LINES[name].name for name in names}


def lines(names: Iterable[str], chosen: str) -> dict[str, Series]:
    """A line for each function, the chosen one thick."""
    styles = {name: LINES[name] for name in names}
    return {name: Series(one.name, one.colour, one.dash, 4.5 if name == chosen else 1.5) for name, one in styles.items()}


def data(seed: int) -> Dataset:
    """Two moons, which no straight line parts."""
    return moons(streams(seed).data, POINTS, noise=0.12)


def field_chart(title: str, seed: int) -> Field:
    """The chosen network's opinion over the plane, with the data on it."""
    points = data(seed)
    return Field(
        title=title,
        points=points.inputs,
        labels=points.labels,
        class_names=CLASSES,
        **PLANE.axes,
        size=PLANE.size,
        of="lower moon",
    )


def field_of(logits: np.ndarray) -> np.ndarray:
    """The probability of the second class over `PLANE`, from logits (2, points)."""
    return PLANE.picture(softmax(logits)[1])
