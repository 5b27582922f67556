r"""Numbers in lines of arithmetic, as LaTeX: those that a task gives as they are, results to so many decimals.

The lines are those of the `working` charts (`app.charts.working`): `z_1 = 0.5 \cdot 2 + (-0.3) \cdot 1 + 0.1 = 0.800`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from app.charts.working import latex
from app.wording import plain


def number(value: float, decimals: int | None = None) -> str:
    """A number to so many decimals, without a minus before a zero; as it was given when none are named."""
    if decimals is not None:
        return latex(round(value, decimals) + 0.0, decimals)
    said = plain(float(f"{value:.12g}"))
    return f"{{{said}}}" if said.startswith("-") else said


def inner(value: float, decimals: int | None = None) -> str:
    """A number behind a sign of its own: a negative one in brackets."""
    said = number(value, decimals)
    return f"({said})" if said.startswith("{-") else said


def term(value: float) -> str:
    """A given number as a further term of a sum: "+ 0.5", "- 0.5"."""
    return f"- {number(-value)}" if value < 0 else f"+ {number(value)}"


def products(pairs: Iterable[tuple[float, float]], decimals: int | None = None) -> str:
    """A sum of products, each of a given number and one of so many decimals."""
    return " + ".join(
        rf"{(inner if place else number)(one)} \cdot {inner(other, decimals)}" for place, (one, other) in enumerate(pairs)
    )


def total(values: Iterable[float], decimals: int) -> str:
    """A sum."""
    return " + ".join(inner(value, decimals) for value in values)


def shape(sizes: Sequence[int]) -> str:
    """A shape as Python writes it: "(3, 4)", "(3,)"."""
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(map(str, sizes))})"


def sigmoid(z: float) -> float:
    """The logistic function. Raises OverflowError far below 0."""
    return 1 / (1 + math.exp(-z))
