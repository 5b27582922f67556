"""The view into a hidden layer in which the output's cut stands upright, for layers of any width."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Field, Plane, Series
from app.charts.colours import CLASSES
from engine.graph import Array
from engine.probabilities import sigmoid

SIZE = 40
DEPTH = HEIGHT = (-3.2, 3.2)
HIDDEN = Plane(Axis("distance from the output’s cut", DEPTH), Axis("along the cut", HEIGHT), SIZE)


def hidden_chart(title: str, names: tuple[str, str], point_size: float = 6) -> Field:
    """Where a hidden layer puts the points, seen so that the output's cut is the upright line at 0."""
    return Field(
        title=title,
        points=np.zeros((2, 0)),
        labels=np.zeros(0),
        class_names=(),
        moving={name: Series(name, colour) for name, colour in zip(names, CLASSES, strict=False)},
        **HIDDEN.axes,
        size=HIDDEN.size,
        of=names[1],
        point_size=point_size,
    )


class HiddenView:
    """Turns a hidden space of any width so that it can be drawn: a rotation of it, flattened to two directions.

    Across: the signed distance from the plane where the output changes its mind. Up: the direction within that plane in which
    the points spread most, kept from flipping between frames.
    """

    def __init__(self, names: tuple[str, str], labels: Array) -> None:
        self._names, self._labels = names, labels
        self._up: Array | None = None

    def value(self, hidden: Array, output: Array) -> dict[str, Array]:
        """The chart's value: `hidden` (units, n), and the output's weights (1, units + 1), the last the bias."""
        normal, bias = output[0, :-1].astype(np.float64), float(output[0, -1])
        length = float(np.linalg.norm(normal)) + 1e-12
        across = (normal @ hidden + bias) / length
        flat = hidden - np.outer(normal / length, normal @ hidden / length)
        flat = flat - flat.mean(axis=1, keepdims=True)
        up = np.linalg.eigh(flat @ flat.T)[1][:, -1]
        if self._up is not None and up @ self._up < 0:
            up = -up
        self._up = up
        points = np.stack([np.clip(across, *DEPTH), np.clip(up @ flat, *HEIGHT)])
        clouds = {name: points[:, self._labels == place] for place, name in enumerate(self._names)}
        return {"field": HIDDEN.picture(sigmoid(length * HIDDEN.points[:1])), **clouds}
