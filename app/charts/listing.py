"""A listing: the lines of a program, numbered, with the line at work, what each line printed, and the mistake at its line.

Drawn as `Working` is, by lines of HTML that the page sets as they come; all that a visitor typed is escaped here. To whoever
reads the stream as numbers it is a trace of texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from app.charts.base import Axis, Chart, Update, known

LINE_HEIGHT, ROOM = 21, 4
"""CSS pixels of a line, and how many lines more than the program has there is room for."""
WORDS = {"at": None, "printed": None, "wrong": None, "note": None}


@dataclass(frozen=True, kw_only=True)
class Listing(Chart):
    """The lines of a text. Value: any of these, of which those left out are nothing.

    - ``at``: the number of the line at work, counted from 1;
    - ``printed``: {number of a line: the lines that it has printed last};
    - ``wrong``: (number of a line, what is wrong there, a text for each line of the message);
    - ``note``: a last line, about what is going on.
    """

    compared = "beside"
    kind = "working"

    lines: Sequence[str]
    x: Axis = field(default_factory=lambda: Axis("column"))
    y: Axis = field(default_factory=lambda: Axis("line"))

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", LINE_HEIGHT * (len(self.lines) + ROOM) + 16)

    def traces(self) -> list[dict[str, Any]]:
        """One trace that holds the lines: as `text`, and as HTML in `customdata`."""
        return [{"type": "scatter", "uid": "listing", "mode": "text", "text": [], "customdata": [], "x": [], "y": []}]

    def layout(self) -> dict[str, Any]:
        """Nothing to lay out."""
        return super().layout() | {"meta": {"kind": self.kind}}

    def update(self, value: Mapping[str, Any], step: int) -> Update:
        """All lines. Raises ValueError for a number that no line has."""
        known(value, WORDS, self.title)
        at, printed, wrong = value.get("at"), value.get("printed", {}), value.get("wrong")
        for number in (*printed, *filter(None, (at, wrong and wrong[0]))):
            if not 1 <= number <= len(self.lines):
                raise ValueError(f"chart {self.title!r}: line {number}, wanted 1 to {len(self.lines)}")
        rows: list[tuple[str, str]] = []
        for number, line in enumerate(self.lines, start=1):
            rows.append(_line(number, line, number == at, wrong is not None and number == wrong[0]))
            rows += [_output(text) for text in printed.get(number, ())]
            rows += [_message(text) for text in (wrong[1] if wrong is not None and number == wrong[0] else ())]
        if value.get("note"):
            rows.append((value["note"], f"<small>{escape(value['note'])}</small>"))
        return {"set": {"listing": {"text": [text for text, _ in rows], "customdata": [html for _, html in rows]}}}


def _line(number: int, line: str, at: bool, wrong: bool) -> tuple[str, str]:
    """A line of the program: as text, with a mark before the one at work, and as HTML."""
    mark = "✗" if wrong else "▸" if at else " "
    kind = ' class="wrong"' if wrong else ' class="at" aria-current="step"' if at else ""
    return f"{mark}{number:3} {line}", f"<code{kind}><i>{number}</i>{escape(line)}</code>"


def _output(text: str) -> tuple[str, str]:
    return f"      {text}", f"<samp>{escape(text)}</samp>"


def _message(text: str) -> tuple[str, str]:
    return f"      {text}", f'<samp class="wrong">{escape(text)}</samp>'
