"""Marking: each line against its exact value, and against what follows from the visitor's own lines before it.

So one slip costs one line: what is rightly calculated from a wrong number is told apart from what is wrong. Which lines a line
stands on is seen when its value is calculated. Next in the flow: `app/routes/exercises.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.exercises.answers import Unreadable
from app.exercises.nouns import Line, Sheet, Values

State = Literal["empty", "unreadable", "right", "follows", "wrong"]
RIGHT = ("right", "follows")


@dataclass(frozen=True)
class Mark:
    """What a line gets: its state, a sentence, and LaTeX of the visitor's lines that it rightly follows from."""

    state: State
    says: str = ""
    follows_from: tuple[str, ...] = ()


def marked(sheet: Sheet, answers: Mapping[str, str]) -> dict[str, Mark]:
    """A mark for each line of a sheet by name; `answers` are texts as they were typed."""
    marking = _Marking(sheet)
    return {line.name: marking.mark(line, answers.get(line.name, "")) for line in sheet.lines}


class _Reading(Mapping[str, Any]):
    """Values that remember which of them were asked for."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.read: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.read.append(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _Marking:
    """Goes through a sheet line by line. `own`: the visitor's values, what follows from them where a line is empty.

    `off`: of each line that is not as it should be the symbols to blame, its own or those of lines that it was left empty after.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.exact = sheet.solved()
        self.own: dict[str, Any] = {}
        self.off: dict[str, tuple[str, ...]] = {}

    def mark(self, line: Line, text: str) -> Mark:
        """The mark of the next line."""
        reading = _Reading(self.own)
        follows = _calculated(line.value, reading)
        blamed = tuple(dict.fromkeys(symbol for name in reading.read for symbol in self.off.get(name, ())))
        self.own[line.name] = self.exact[line.name] if follows is None else follows
        if not text.strip():
            self._blame(line, blamed)
            return Mark("empty", "Not filled in yet.")
        try:
            answer = line.form.read(text)
        except Unreadable as unreadable:
            self._blame(line, blamed)
            return Mark("unreadable", str(unreadable))
        self.own[line.name] = answer
        if line.form.same(answer, self.exact[line.name]):
            return Mark("right", "Right.")
        if follows is not None and line.form.same(answer, follows):
            self._blame(line, (line.symbol,) if blamed else ())
            return Mark("follows", "Right from your", blamed) if blamed else Mark("right", "Right.")
        self.off[line.name] = (line.symbol,)
        return Mark("wrong", self._slip(line, answer, follows))

    def _blame(self, line: Line, symbols: tuple[str, ...]) -> None:
        if symbols:
            self.off[line.name] = symbols

    def _slip(self, line: Line, answer: Any, follows: Any) -> str:
        """What was probably done, by the exact values before the line or by the visitor's own."""
        before = {name: value for name, value in self.own.items() if name != line.name}
        for slip in line.slips:
            results = (_calculated(slip.value, values) for values in (self.exact, before))
            if any(result is not None and line.form.same(answer, result) for result in results):
                return slip.says
        rights = [self.exact[line.name], *([] if follows is None else [follows])]
        return next(filter(None, (line.form.slip(answer, right) for right in rights)), NOT_RIGHT)


NOT_RIGHT = "Not right. The question mark shows the formula."


def _calculated(value: Callable[[Values], Any], values: Values) -> Any:
    """What a formula gives; None where it gives no finite number, as the logarithm of a negative one."""
    try:
        result = value(values)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(result, float) and not math.isfinite(result) else result
