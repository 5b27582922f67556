"""What a number or a choice may be: at least, at most, between, one of. Said once, judged and written from the same words.

A claim's threshold is a `Bounds`, and `app.ground` is made of them. Below everything else that topics are written with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.wording import chosen, written


@dataclass(frozen=True)
class Bounds:
    """The numbers from `low` to `high`, both included. NaN is in none. Raises ValueError when nothing can be inside."""

    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if not self.low <= self.high or (self.low, self.high) == (-math.inf, math.inf):
            raise ValueError(f"bounds {self.low} to {self.high}: wanted a low end, a high end, or both in ascending order")

    def hold(self, value: Any) -> bool:
        """Whether a number is inside."""
        return bool(self.low <= value <= self.high)

    def said(self) -> str:
        """In words: "at least 0.97", "1.8 to 2.3", "0.05"."""
        if self.low == self.high:
            return written(self.low)
        if math.isinf(self.high):
            return f"at least {written(self.low)}"
        return f"at most {written(self.high)}" if math.isinf(self.low) else f"{written(self.low)} to {written(self.high)}"


@dataclass(frozen=True)
class OneOf:
    """One of a few values, which a choice or a switch can be."""

    values: tuple[Any, ...]

    def hold(self, value: Any) -> bool:
        """Whether a value is one of them."""
        return value in self.values

    def said(self, labels: Mapping[Any, str] | None = None) -> str:
        """In words, by the labels that the form has for them: "ReLU or ELU"."""
        return " or ".join((labels or {}).get(value, chosen(value)) or "empty" for value in self.values)


def at_least(low: float) -> Bounds:
    """That much or more."""
    return Bounds(low=low)


def at_most(high: float) -> Bounds:
    """That much or less."""
    return Bounds(high=high)


def between(low: float, high: float) -> Bounds:
    """From the one to the other."""
    return Bounds(low, high)


def exactly(value: float) -> Bounds:
    """That number and no other."""
    return Bounds(value, value)


def one_of(*values: Any) -> OneOf:
    """Any of these."""
    return OneOf(values)
