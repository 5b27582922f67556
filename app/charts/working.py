"""Working: a few lines of arithmetic that follow the frame, in mathematical notation, as one writes them on a board.

The lines are MathML, made from LaTeX on the server, so that they are read out as mathematics, and in pieces, so that a phone may
break them; to whoever reads the stream as numbers they are a trace of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.charts.base import Axis, Chart, Update
from app.notation import breakable

MOST_LINES = 8
LINE_HEIGHT = 34


@dataclass(frozen=True, kw_only=True)
class Working(Chart):
    r"""Lines of LaTeX. Value: at most `lines` of them, such as `f = \sigma(0.42 \cdot 1 + 5) = 0.99`."""

    compared = "beside"
    kind = "working"

    lines: int = 4
    x: Axis = field(default_factory=lambda: Axis("line"))
    y: Axis = field(default_factory=lambda: Axis("arithmetic"))

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= MOST_LINES:
            raise ValueError(f"chart {self.title!r}: {self.lines} lines, wanted 1 to {MOST_LINES}")
        object.__setattr__(self, "height", LINE_HEIGHT * self.lines + 24)

    def traces(self) -> list[dict[str, Any]]:
        """One trace that holds the lines: their LaTeX as `text`, their MathML as `customdata`."""
        return [{"type": "scatter", "uid": "working", "mode": "text", "text": [], "customdata": [], "x": [], "y": []}]

    def layout(self) -> dict[str, Any]:
        """Nothing to lay out."""
        return super().layout() | {"meta": {"kind": self.kind}}

    def update(self, value: Sequence[str], step: int) -> Update:
        """All lines."""
        if len(value) > self.lines:
            raise ValueError(f"chart {self.title!r}: {len(value)} lines, wanted at most {self.lines}")
        return {"set": {"working": {"text": list(value), "customdata": [breakable(line) for line in value]}}}


def latex(value: float, digits: int = 2) -> str:
    """A number for such a line: "0.25", or "{-0.25}", in braces so that its sign is set close to it and not as a subtraction."""
    said = f"{value:.{digits}f}"
    return f"{{{said}}}" if said.startswith("-") else said
