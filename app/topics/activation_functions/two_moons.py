"""What both demos learn: two moons, which no straight line separates, and the picture of what a network makes of them."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Field, Plane
from app.topic import streams
from engine.datasets import Dataset, moons
from engine.probabilities import softmax

POINTS = 300
CLASSES = ("upper moon", "lower moon")
PLANE = Plane(Axis("first input", (-2.2, 2.2)), Axis("second input", (-1.4, 1.4)))


def data(seed: int) -> Dataset:
    """The points, (2, 300), half of each moon."""
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
