"""One window on the image: the nine pixels under a filter, their products with its weights, and the sum written out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.charts.colours import BLUE, VERMILION
from app.topic import numbers
from app.topics.cnn_layers.network import KERNEL, PADDING
from engine.datasets.drawings import SIDE
from engine.graph import Array

MOST = 1.5
"""The product, pixel or weight that is drawn in full colour where they stand as numbers."""
IN_WINDOW = ((0.0, "#000000"), (0.5, "#ffffff"), (0.5, BLUE), (0.75, "#a8a8a8"), (1.0, VERMILION))
"""Greys for pixels from 0 to 1; from 1 to 2 for the products in the window, negative ones blue."""


def parse_place(text: str) -> str:
    """Column and row of a pixel, whole numbers, as "column, row". Raises ValueError for what is not on the image."""
    try:
        places = numbers(text, 2, -0.5, SIDE + 0.5)
    except ValueError:
        raise ValueError(f"column and row of a pixel, each from 0 to {SIDE - 1}, with a comma between them") from None
    column, row = (min(max(round(place), 0), SIDE - 1) for place in places)
    return f"{column}, {row}"


@dataclass(frozen=True)
class Window:
    """A window by its middle pixel; part of it may lie outside of the image, where there are zeros."""

    column: int
    row: int

    @classmethod
    def at(cls, place: str) -> Window:
        """The window at a place in its canonical form."""
        column, row = map(int, place.split(", "))
        return cls(column, row)

    @property
    def within(self) -> tuple[slice, slice]:
        """Its rows and columns in the image with zeros around it."""
        return np.s_[self.row : self.row + KERNEL, self.column : self.column + KERNEL]

    def pixels(self, image: Array) -> Array:
        """What lies under it (3, 3)."""
        return np.pad(image, PADDING)[self.within]

    def marked(self, image: Array, products: Array) -> Array:
        """The image from 0 to just below 1, and in the window the products (3, 3) from just above 1 to 2."""
        marked = np.pad(np.clip(image, 0, 0.98), PADDING)
        marked[self.within] = 1.5 + 0.49 * np.clip(products / MOST, -1, 1)
        inside = slice(PADDING, -PADDING)
        return marked[inside, inside]

    def pooled_with(self, fired: Array) -> list[float]:
        """The four numbers of a map among which pooling takes the largest where this window's sum stands."""
        row, column = (place // 2 * 2 for place in (self.row, self.column))
        four: list[float] = fired[row : row + 2, column : column + 2].ravel().tolist()
        return four


def arithmetic(pixels: Array, weights: Array, four: list[float]) -> tuple[list[str], float]:
    """The lines of a sum in plain numbers, and the sum. `weights` (10,): nine and the bias; `four`: what is pooled."""
    *factors, bias = weights.tolist()
    terms = list(zip(pixels.ravel().tolist(), factors, strict=True))
    by_row = [terms[start : start + KERNEL] for start in range(0, len(terms), KERNEL)]
    totals = [sum(pixel * weight for pixel, weight in row) for row in by_row]
    total = sum(totals) + bias
    rows = zip(("top", "middle", "bottom"), by_row, totals, strict=True)
    added = " + ".join(map(_inside, [*totals, bias]))
    return [
        *(rf"\text{{{name}}} = {_products(terms)} = {_said(value)}" for name, terms, value in rows),
        rf"z = \text{{top}} + \text{{middle}} + \text{{bottom}} + b = {added} = {_said(total)}",
        rf"\text{{ReLU}}(z) = \max(0, {_inside(total)}) = {_said(max(0.0, total))}",
        rf"\text{{max pool}} = \max({', '.join(map(_said, four))}) = {_said(max(four))}",
    ], total


def _products(terms: list[tuple[float, float]]) -> str:
    return " + ".join(rf"{_inside(pixel)} \cdot {_inside(weight)}" for pixel, weight in terms)


def _said(value: float) -> str:
    """Two digits after the point, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def _inside(value: float) -> str:
    """The same in brackets where it is negative."""
    said = _said(value)
    return f"({said})" if said.startswith("-") else said
