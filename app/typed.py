"""Texts that a visitor types: what is wrong in one, its lines in their one form, and lists of numbers.

Below `app.params`, whose entries and editors take such texts, and below the topics that read them. Nothing but Python is needed.
"""

from __future__ import annotations

import re

from app.decimals import with_point
from app.wording import plain

NOT_ALLOWED = "not allowed"
MOST_LINES = 100
"""Lines of an editor: as many as static/line-numbers.svg has numbers."""


class LineError(ValueError):
    """What is wrong in one line of a text, counted from 1.

    `got`: the part of the line that cannot be used; `problem`: what it is, "not allowed" as a rule; `allowed`: what can be given.
    """

    def __init__(self, line: int, got: str, allowed: str, problem: str = NOT_ALLOWED) -> None:
        super().__init__(f"line {line}: {got!r} is {problem}: give {allowed}")
        self.line, self.got, self.allowed, self.problem = line, got, allowed, problem


def plain_lines(text: str) -> str:
    """A browser sends lines that end in a carriage return and a line feed, or in a line feed alone."""
    lines = [line.rstrip(" \t") for line in text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")]
    if len(lines) > MOST_LINES:
        raise LineError(MOST_LINES + 1, lines[MOST_LINES], f"at most {MOST_LINES} lines", "a line too many")
    return "\n".join(lines)


def numbers(text: str, count: int, low: float, high: float) -> list[float]:
    """The numbers of a typed list, with commas, semicolons or spaces between them, or with decimal commas and the others between.

    Raises ValueError saying how many, and how large.
    """
    said = text.strip().replace("−", "-")
    plainly, with_commas = (re.split(pattern, said) for pattern in (r"\s*[,;]\s*|\s+", r"\s*;\s*|\s+"))
    readings = (_floats(plainly), _floats([with_point(word) for word in with_commas]))
    values = next((values for values in readings if len(values) == count), [])
    if len(values) != count or not all(low <= value <= high for value in values):
        raise ValueError(f"{count} numbers from {plain(low)} to {plain(high)}, with commas between them")
    return values


def _floats(words: list[str]) -> list[float]:
    """The numbers that the words are; none when one of them is no number."""
    try:
        return [float(word) + 0.0 for word in words]
    except ValueError:
        return []
