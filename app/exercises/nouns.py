"""The nouns that exercises are written with: an `Exercise` makes a `Sheet` from a seed, and a sheet has `Line`s to fill in.

A line says how its value follows from the lines before it, in numbers and as arithmetic. All else derives from that: the right
answers, what follows from a visitor's own ones, the worked solution. Next in the flow: `app.exercises.marking`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from app.exercises.answers import Form, Number
from app.topic import streams

Values = Mapping[str, Any]
"""Values of the lines before, by their names."""


class Slip(NamedTuple):
    """A usual mistake: what one then gets, and a sentence that says what was done."""

    value: Callable[[Values], Any]
    says: str


@dataclass(frozen=True)
class Line:
    r"""One line to fill in.

    `name` stands in the address, `symbol` is LaTeX for what is asked and `words` says it; `formula` is the right side as LaTeX,
    `value` gives its number and `arithmetic` its LaTeX with numbers, "" where there is nothing to calculate.
    """

    name: str
    symbol: str
    words: str
    formula: str
    value: Callable[[Values], Any]
    arithmetic: Callable[[Values], str]
    form: Form = field(default_factory=Number)
    slips: tuple[Slip, ...] = ()

    def worked(self, values: Values) -> str:
        """The line as one writes it on a board: what is asked, the formula, its numbers, the result."""
        return " = ".join(filter(None, (self.symbol, self.formula, self.arithmetic(values), self.form.said(values[self.name]))))


@dataclass(frozen=True)
class Table:
    """Numbers that a task gives: heads of columns and, first in each row, of rows in words; the numbers as LaTeX."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """One exercise with its numbers: the task in words, what is given as LaTeX, and the lines."""

    task: str
    given: tuple[str, ...]
    lines: tuple[Line, ...]
    table: Table | None = None

    def solved(self) -> dict[str, Any]:
        """The exact value of each line, by name; nothing is rounded on the way."""
        values: dict[str, Any] = {}
        for line in self.lines:
            values[line.name] = line.value(values)
        return values

    def solution(self) -> list[str]:
        """All lines worked."""
        values = self.solved()
        return [line.worked(values) for line in self.lines]


@dataclass(frozen=True)
class Exercise:
    """A kind of exercise: its name in the address, its title, a sentence on it, the number of the question it belongs to."""

    name: str
    title: str
    about: str
    question: int
    make: Callable[[np.random.Generator], Sheet]

    @property
    def url(self) -> str:
        """Where its sheets are."""
        return f"/exercises/{self.name}"

    def sheet(self, seed: int) -> Sheet:
        """The sheet of a seed: the same numbers each time."""
        return self.make(streams(seed).data)


def drawn(draw: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
    """The first draw that fits. Give it conditions that are often met."""
    while not fits(made := draw()):
        pass
    return made
