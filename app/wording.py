"""Numbers as people read them: the one rule of every page, in Python here and for the browser in static/js/numbers.js.

Used by whatever says a range or a threshold: parameters, errors, claims, files of a run. Both are held to one table of cases,
tests/numbers.json.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

MEASURED, EXACT = 4, 12
"""Significant digits of a number that was measured, and of one that was chosen, which is said whole."""
DECIMALS, GROUPED, LONG = -4, 4, 9
"""Powers of ten from which on a number is written in full, in groups of three digits, and in full no more."""
LONGEST_TEXT = 200
"""Characters of a typed text that are repeated where a run is named."""


def plain(number: float) -> str:
    """A number written out as it can be typed: "0.00001", "100000", never "1e-05"."""
    return f"{Decimal(repr(number)).normalize():f}" if number else "0"


def written(number: float | None, digits: int = MEASURED) -> str:
    """A number to be read: "−2.5", "0.0005", "32,040,000", and "5e−5" or "1e9" where zeros would have to be counted.

    Rounded to so many significant digits, ties away from 0 as the browser rounds them, before its form is chosen.
    """
    if number is None or not math.isfinite(number):
        return "no finite number"
    if not number:
        return "0"
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(number)).normalize()
    exponent = rounded.adjusted()
    if not DECIMALS <= exponent < LONG:
        said = f"{rounded.scaleb(-exponent):f}e{exponent}"
    else:
        said = f"{rounded:,f}" if exponent >= GROUPED else f"{rounded:f}"
    return said.replace("-", "−")


def chosen(value: Any) -> str:
    """A parameter's value to be read: a number whole, a switch as on or off, a text as it is."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return written(value, EXACT) if isinstance(value, int | float) else shortened(str(value), LONGEST_TEXT)


def shortened(text: str, longest: int) -> str:
    """The first line of a text, cut to so many characters; "…" stands for the rest."""
    first = text.partition("\n")[0]
    return text if text == first and len(text) <= longest else first[: longest - 1].rstrip() + "…"
