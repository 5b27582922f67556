"""An array as a visitor types it: "1 2 3; 4 5 6", with semicolons between rows and bars between the sheets of a third axis."""

from __future__ import annotations

import re

import numpy as np

from app.topic import written
from engine.graph import Array

MOST_NUMBERS = 36
NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?")
WHAT = f"1 to {MOST_NUMBERS} numbers of at most six digits, spaces between them, “;” between rows, “|” between sheets"


def read(text: str) -> Array:
    """The array, with as many axes as the separators ask for: 5 has none, 1 2 one, 1; 2 two, 1 | 2 three.

    A separator at the end counts: "1 2 3;" is one row of three, and has two axes. Raises ValueError with what is wanted.
    """
    if text.count(";") + text.count("|") + len(text.replace(",", " ").split()) > 3 * MOST_NUMBERS:
        raise ValueError(WHAT)
    sheets = [[_row(row) for row in _parts(sheet, ";")] for sheet in _parts(text, "|")]
    if not 1 <= sum(len(row) for sheet in sheets for row in sheet) <= MOST_NUMBERS:
        raise ValueError(WHAT)
    _even([len(row) for sheet in sheets for row in sheet], "row", "numbers")
    _even([len(sheet) for sheet in sheets], "sheet", "rows")
    array = np.array(sheets, float)
    axes = 3 if "|" in text else 2 if ";" in text else int(array.size > 1)
    return array.reshape(array.shape[3 - axes :])


def parse_array(text: str) -> str:
    """The text in its one spelling. Raises ValueError with what is wanted."""
    array = read(text)
    deep = array.reshape((1,) * (3 - array.ndim) + array.shape)
    sheets = ["; ".join(" ".join(_plain(number) for number in row) for row in sheet) for sheet in deep]
    alone = {2: ";" if len(deep[0]) == 1 else "", 3: " |" if len(deep) == 1 else ""}
    return " | ".join(sheets) + alone.get(array.ndim, "")


def _parts(text: str, separator: str) -> list[str]:
    """The parts between separators; one at the end closes the last part and begins none."""
    parts = text.split(separator)
    return parts[:-1] if len(parts) > 1 and not parts[-1].strip() else parts


def _row(text: str) -> list[float]:
    words = text.replace("−", "-").replace(",", " ").split()
    if not all(NUMBER.fullmatch(word) for word in words):
        raise ValueError(WHAT)
    return [float(word) + 0.0 for word in words]


def _even(sizes: list[int], part: str, of: str) -> None:
    """Raises ValueError naming the first part that is longer or shorter than the first."""
    odd = next((place for place, size in enumerate(sizes) if size != sizes[0]), None)
    if odd is not None:
        raise ValueError(f"as many {of} in each {part}: {part} 1 has {sizes[0]}, {part} {odd + 1} has {sizes[odd]}")
    if not sizes[0]:
        raise ValueError(WHAT)


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def said(number: float) -> str:
    """A number as it stands in a cell; what a small dtype has no room for may be infinite."""
    return written(float(number), 6).replace(",", "") if np.isfinite(number) else f"{float(number)}".replace("-", "−")
