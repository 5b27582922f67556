"""Where the numbers of an array lie: their places in a stretch of memory, asked of NumPy's own pointers and strides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import NDArray

from app.charts import Axis, Cells

Numbers = NDArray[Any]
"""An array of any dtype."""
ITEMSIZE = 8
"""Bytes of a number of the chains of steps, which are of int64."""
WIDTH = 8
"""Numbers of memory that are drawn in one row."""


def offsets(array: Numbers) -> NDArray[np.int64]:
    """Bytes from an array's first number to each of its numbers, of the array's shape: the sum of index times stride."""
    indices = np.indices(array.shape, np.int64)
    return np.asarray(np.tensordot(np.array(array.strides, np.int64), indices, axes=1))


def bracketed(sizes: Sequence[int]) -> str:
    """Sizes, strides or an index as Python writes a tuple: "(3, 4)", "(3,)", "()"."""
    return str(tuple(int(size) for size in sizes))


@dataclass(frozen=True)
class Memory:
    """A stretch of memory: its first address, and how many numbers of how many bytes it holds."""

    start: int
    size: int
    itemsize: int

    @classmethod
    def of(cls, array: Numbers) -> Memory:
        """All that an array spans."""
        low, high = byte_bounds(array) if array.size else (0, 0)
        return cls(low, (high - low) // array.itemsize, array.itemsize)

    def places(self, array: Numbers) -> NDArray[np.int64]:
        """Which number of this stretch each number of an array is, of the array's shape."""
        first: int = array.__array_interface__["data"][0]
        return (first - self.start + offsets(array)) // self.itemsize

    @property
    def rows(self) -> int:
        """Rows in which it is drawn, at least one."""
        return max(1, -(-self.size // WIDTH))

    def shades(self, places: Any) -> NDArray[np.float64]:
        """How far through the stretch these places are, from 0 to 1."""
        return np.asarray(places, float) / max(1, self.size - 1)

    def drawn(self, texts: Sequence[str], places: Sequence[float]) -> dict[str, Any]:
        """The whole stretch as a chart of cells draws it, in rows: what stands in each, and the place of each that is read."""
        over = self.rows * WIDTH - self.size
        text = np.array([*texts, *[""] * over], object).reshape(self.rows, WIDTH)
        return {"text": text, "shades": self.shades([*places, *[np.nan] * over]).reshape(self.rows, WIDTH)}


def memory_chart(title: str, size: int, itemsize: int, lines: int = 1) -> Cells:
    """The chart of a stretch of memory: at the left the byte at which a row begins, below how much further on a number is."""
    rows = Memory(0, size, itemsize).rows
    return Cells(
        title=title,
        rows=rows,
        columns=WIDTH,
        lines=lines,
        row_names=[str(itemsize * WIDTH * row) for row in range(rows)],
        column_names=[f"+{itemsize * column}" for column in range(WIDTH)],
        x=Axis("bytes from the start of the line"),
        y=Axis("byte"),
    )
