"""Guesses: questions about a run that is still to come, and lines to sketch into its charts. The run is the judge.

Beside `app.claims` and made of the same `app.bounds`. No answer is stored and none stands in a page: a page has the question and
what may be answered, and `app.produce` sends what was measured, and why, at the end of a run at the guess's values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from app.bounds import Bounds

FEWEST, MOST = 2, 4
"""Answers that a guess lets one choose from."""


@dataclass(frozen=True)
class Ratio:
    """One measured number over another, such as the loss on unseen data over that on the training data."""

    above: str
    below: str

    def of(self, measured: Mapping[str, float]) -> tuple[float, list[float]]:
        """The ratio, twice: as it is judged and as it is shown. NaN where a number is missing."""
        above, below = _numbers(measured, (self.above, self.below))
        ratio = above / below if below else math.copysign(math.inf, above)
        return ratio, [ratio]


@dataclass(frozen=True)
class Lowest:
    """Which of several measured numbers is the lowest: its place, from 0."""

    names: tuple[str, ...]

    def of(self, measured: Mapping[str, float]) -> tuple[float, list[float]]:
        """The place, and all the numbers. No place where one is missing or two are equally low."""
        numbers = _numbers(measured, self.names)
        least = min(numbers)
        sure = not any(map(math.isnan, numbers)) and numbers.count(least) == 1
        return (float(numbers.index(least)) if sure else math.nan), numbers


@dataclass(frozen=True)
class Highest:
    """Which of several measured numbers is the highest: its place, from 0."""

    names: tuple[str, ...]

    def of(self, measured: Mapping[str, float]) -> tuple[float, list[float]]:
        """The place, and all the numbers. No place where one is missing or two are equally high."""
        place, _ = Lowest(self.names).of({name: -measured.get(name, math.nan) for name in self.names})
        return place, _numbers(measured, self.names)


def _numbers(measured: Mapping[str, float], names: tuple[str, ...]) -> list[float]:
    return [float(measured.get(name, math.nan)) for name in names]


@dataclass(frozen=True)
class Option:
    """An answer to choose: its text, and the numbers of which it is true."""

    text: str
    bounds: Bounds


@dataclass(frozen=True)
class Moment:
    """Where in a run an answer is seen: the first frame at which `measure` is within `bounds`, or the last frame.

    `text` says what is to be seen there; `measure` may be "step", which is the frame's own.
    """

    text: str
    measure: str = ""
    bounds: Bounds | None = None

    def seen(self, step: int, measured: Mapping[str, float]) -> bool:
        """Whether it is now."""
        value = {**measured, "step": step}.get(self.measure, math.nan)
        return self.bounds is not None and self.bounds.hold(value)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What guess and sketch have in common.

    `name` stands in its address and never changes. `values`: those over the defaults at which it is asked, with any seed.
    `why`: one or two sentences that explain the outcome.
    """

    name: str
    question: str
    why: str
    look: Moment
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", self.name):
            raise ValueError(f"guess {self.name!r}: wanted a name of small letters, digits and hyphens")


@dataclass(frozen=True, kw_only=True)
class Guess(Question):
    """A question with two to four answers, of which the run makes one true.

    `of`: the measured number that decides, by its name, or made of several. `said`: what the number is, in words. Raises
    ValueError when two answers could be true at once.
    """

    of: str | Ratio | Lowest | Highest
    said: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not FEWEST <= len(self.options) <= MOST:
            raise ValueError(f"guess {self.name!r} has {len(self.options)} options, wanted {FEWEST} to {MOST}")
        for one, other in combinations(self.options, 2):
            if one.bounds.low <= other.bounds.high and other.bounds.low <= one.bounds.high:
                raise ValueError(f"guess {self.name!r}: “{one.text}” and “{other.text}” can both be true")

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the measured numbers that decide."""
        if isinstance(self.of, str):
            return (self.of,)
        return (self.of.above, self.of.below) if isinstance(self.of, Ratio) else self.of.names

    def judge(self, measured: Mapping[str, float]) -> dict[str, Any]:
        """`right`: the place of the answer that the run makes true, None where it makes none; `measured`: what says so."""
        if isinstance(self.of, str):
            value = float(measured.get(self.of, math.nan))
            numbers = [value]
        else:
            value, numbers = self.of.of(measured)
        right = next((place for place, option in enumerate(self.options) if option.bounds.hold(value)), None)
        return {"right": right, "measured": numbers, "said": self.said}


def either(*texts: str) -> tuple[Option, ...]:
    """The options of a `Lowest` or `Highest`, in the order of its names."""
    return tuple(Option(text, Bounds(place, place)) for place, text in enumerate(texts))


@dataclass(frozen=True, kw_only=True)
class Sketch(Question):
    """A line to draw into a chart before the run: of `series` in `chart`, whose axes have ranges.

    The browser takes the area between the two. `points`: how many the line has.
    """

    chart: str
    series: str
    points: int = 7


class Watch:
    """Follows a run for one guess, frame by frame."""

    def __init__(self, guess: Question) -> None:
        self._guess = guess
        self._frame: int | None = None

    def saw(self, frame: int, step: int, measured: Mapping[str, float]) -> None:
        """A frame, and the newest of all that was measured up to it."""
        if self._frame is None and self._guess.look.seen(step, measured):
            self._frame = frame

    def told(self, frames: int, measured: Mapping[str, float]) -> dict[str, Any]:
        """What the last message of a run of so many frames says of the guess; a moment that never came is the last."""
        frame = max(0, frames - 1) if self._frame is None else self._frame
        shown = {"name": self._guess.name, "frame": frame, "seen": self._guess.look.text, "why": self._guess.why}
        return shown | (self._guess.judge(measured) if isinstance(self._guess, Guess) else {})
