"""What a line asks for, and how what is typed there is read and compared: a number to so many decimals, a count, a shape.

Next in the flow: `app.exercises.nouns` writes lines with these forms, `app.exercises.marking` reads answers by them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

from app.exercises.arithmetic import number, shape
from app.wording import shortened

LONGEST = 40
"""Characters of an answer."""
QUOTED = 24
"""Characters of an answer that are repeated in a message."""
SMALL = 1e-9
"""How far apart two numbers are, by their size, when only their last binary digits differ."""

MINUS = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"
SIGNS = str.maketrans(dict.fromkeys(MINUS, "-") | dict.fromkeys("⁄∕÷", "/") | dict.fromkeys("×·⋅∙∗", "*") | {"٫": "."})
SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
DECIMAL = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)"
PLAIN = re.compile(rf"[+-]?\s*{DECIMAL}(?:e[+-]?\d+)?")
POWER = re.compile(rf"([+-]?)\s*(?:({DECIMAL})\s*\*\s*)?10\s*(?:\^|\*\*)\s*\(?([+-]?\d+)\)?")
FRACTION = re.compile(rf"([+-]?)\s*(?:(\d+)\s+)?({DECIMAL})\s*/\s*({DECIMAL})")
GROUPED = re.compile(r"[+-]?\s*\d{1,3}(?:[.,'’\s]\d{3})+")
SIZES = re.compile(r"\d{1,6}(?:[\s,;x*]+\d{1,6}){0,7}[\s,]*")


class Unreadable(ValueError):
    """An answer that cannot be read; its text tells the visitor what can."""


class Form(Protocol):
    """What is asked for."""

    @property
    def asked(self) -> str:
        """In words: "three decimals"."""

    def read(self, text: str) -> Any:
        """The answer that a text holds. Raises Unreadable."""

    def same(self, answer: Any, right: Any) -> bool:
        """Whether an answer is as exact as was asked."""

    def said(self, answer: Any) -> str:
        """An answer as LaTeX."""

    def slip(self, answer: Any, right: Any) -> str:
        """What is wrong with an answer where it is a usual slip whatever the line is about; "" where it is none."""


@dataclass(frozen=True)
class Number:
    """A number to so many decimals, of which the last may be off by one; of none a count, which is right or wrong."""

    decimals: int = 3

    @property
    def asked(self) -> str:
        """In words."""
        return (
            f"{('no', 'one', 'two', 'three', 'four', 'five', 'six')[self.decimals]} decimals" if self.decimals else "whole number"
        )

    @property
    def tolerance(self) -> float:
        """One in the last decimal place that is asked for."""
        return 10.0**-self.decimals if self.decimals else 0.0

    def read(self, text: str) -> float:
        """Reads decimal points and commas, fractions, powers of ten and per cent; in a count, signs between thousands."""
        said = _tidy(text)
        if not self.decimals and GROUPED.fullmatch(said):
            said = re.sub(r"[.,'’\s]", "", said)
        part = 100.0 if said.endswith("%") else 1.0
        value = _number(said.removesuffix("%").strip())
        if value is None:
            examples = "448" if not self.decimals else "−0.25, 0,25, 3/4 or 2.5e-3"
            raise Unreadable(f"“{shortened(text.strip(), QUOTED)}” cannot be read as a number. Write it like {examples}.")
        if not math.isfinite(value):
            raise Unreadable("This number is too large to calculate with.")
        return value / part

    def same(self, answer: float, right: float) -> bool:
        """Whether the two differ by no more than the tolerance."""
        return abs(answer - right) <= self.tolerance + SMALL * max(1.0, abs(right))

    def said(self, answer: float) -> str:
        """To the decimals asked for."""
        return number(answer, self.decimals)

    def slip(self, answer: float, right: float) -> str:
        """A sign, a share said in per cent, fewer decimals than were asked for."""
        if self.same(-answer, right):
            return "The number is right, the sign is not."
        if self.decimals and self.same(answer / 100, right):
            return "This is one hundred times the answer: give the share itself, or write % after it."
        if any(_is_rounded(answer, right, decimals) for decimals in range(1, self.decimals)):
            return f"Rounded too far: give {self.asked}."
        return ""


@dataclass(frozen=True)
class Shape:
    """The shape of an array; where there is none, since two shapes do not fit, `MISFIT`."""

    asked: str = "shape"

    def read(self, text: str) -> tuple[int, ...]:
        """Reads sizes in brackets or without, with commas, blanks or crosses between them; and "none"."""
        said = _tidy(text).strip("()[] ")
        if said in NO_SHAPE:
            return MISFIT
        if not SIZES.fullmatch(said):
            raise Unreadable(
                f"“{shortened(text.strip(), QUOTED)}” cannot be read as a shape. Write it like (3, 4), or write none."
            )
        return tuple(int(size) for size in re.findall(r"\d+", said))

    def same(self, answer: tuple[int, ...], right: tuple[int, ...]) -> bool:
        """Whether they are equal."""
        return answer == right

    def said(self, answer: tuple[int, ...]) -> str:
        """As Python writes it."""
        return r"\text{none}" if answer == MISFIT else shape(answer)

    def slip(self, answer: tuple[int, ...], right: tuple[int, ...]) -> str:
        """The order, a shape where there is none, and none where there is one."""
        if right == MISFIT:
            return "These shapes do not fit: here the answer is none."
        if answer == MISFIT:
            return "These shapes do fit."
        return "The sizes are right, their order is not." if sorted(answer) == sorted(right) else ""


MISFIT = (-1,)
NO_SHAPE = ("none", "error", "no", "impossible")


def _tidy(text: str) -> str:
    """A text with one sign for each thing: digits, minus, fraction bar, times, powers. Raises Unreadable when it is too long."""
    if len(text.strip()) > LONGEST:
        raise Unreadable(f"This is too long to be an answer: at most {LONGEST} characters.")
    raised = SUPERSCRIPT.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), text)
    apart = "".join(f" {sign}" if "<fraction>" in unicodedata.decomposition(sign) else sign for sign in raised)
    return unicodedata.normalize("NFKC", apart).translate(SIGNS).lower().strip().lstrip("=≈~ ")


def _number(text: str) -> float | None:
    """The number that a tidy text holds, which may be infinite; None for a text that holds none."""
    if PLAIN.fullmatch(text):
        return _float(text)
    if power := POWER.fullmatch(text):
        return _float(f"{power[1]}{power[2] or '1'}e{power[3]}")
    if (fraction := FRACTION.fullmatch(text)) and (below := _float(fraction[4])):
        value = _float(fraction[2] or "0") + _float(fraction[3]) / below
        return -value if fraction[1] == "-" else value
    return None


def _float(text: str) -> float:
    return float("".join(text.split()).replace(",", "."))


def _is_rounded(answer: float, right: float, decimals: int) -> bool:
    """Whether an answer has so many decimals and is the right number rounded to them."""
    return abs(answer - round(answer, decimals)) < SMALL and abs(answer - right) <= 0.5 * 10.0**-decimals + SMALL
