"""What both demos share: the wines, and four ways to scale them, each fitted on the training wines alone."""

from __future__ import annotations

import numpy as np

from app.charts import Series
from app.charts.colours import BLUE, GREEN, GREY, PURPLE
from app.topic import streams
from engine.datasets import Dataset, Standardizer, split, wine
from engine.graph import Array

TRAIN = 133
"""Of 178 wines; the other 45 are for testing."""

SCALINGS = {
    "raw": Series("raw", GREY),
    "centred": Series("centred", PURPLE),
    "minmax": Series("min-max", BLUE),
    "standardized": Series("standardized", GREEN),
}
"""Each scaling's name and line, on every chart of the page."""
LABELS = {name: series.name for name, series in SCALINGS.items()}

SHORT_NAMES = (
    "alcohol",
    "malic acid",
    "ash",
    "alkalinity",
    "magnesium",
    "phenols",
    "flavanoids",
    "other phenols",
    "proanthocyanins",
    "colour",
    "hue",
    "OD280/OD315",
    "proline",
)
"""The 13 measurements in the order of the data, short enough for an axis."""


def wines(seed: int) -> tuple[Dataset, Dataset]:
    """Training and test wines, raw."""
    return split(streams(seed).data, wine(), TRAIN)


def scaler(name: str, inputs: Array) -> Standardizer:
    """Shift and scale of each feature, from training inputs (13, n): none, the mean, the range to [0, 1], or mean and spread."""
    zeros, ones = np.zeros((len(inputs), 1)), np.ones((len(inputs), 1))
    if name == "standardized":
        return Standardizer.fit(inputs)
    if name == "minmax":
        return Standardizer.to_unit_range(inputs)
    return Standardizer(Standardizer.fit(inputs).centre if name == "centred" else zeros, ones)


def chosen(name: str) -> dict[str, Series]:
    """The raw data, and the scaling that is compared with them."""
    return {each: SCALINGS[each] for each in dict.fromkeys(("raw", name))}


def thick(name: str) -> dict[str, Series]:
    """A line for each scaling, the chosen one thick."""
    return {each: Series(one.name, one.colour, width=4 if each == name else 2) for each, one in SCALINGS.items()}
