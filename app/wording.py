"""Numbers as people read them. Used by whatever says a range or a threshold: parameters, errors, claims, files of a run."""

from __future__ import annotations

import math
from decimal import Decimal

GROUPED_FROM, EXPONENT_FROM, EXPONENT_BELOW = 1e4, 1e9, 1e-4


def plain(number: float) -> str:
    """A number written out as it can be typed: "0.00001", "100000", never "1e-05"."""
    return f"{Decimal(repr(number)).normalize():f}" if number else "0"


def written(number: float, digits: int = 6) -> str:
    """A number to be read, much as `numberOf` in plot.js writes it: "−2.5", "1,000,000", and "1e−9" where that is shorter."""
    size = abs(number)
    if not math.isfinite(number):
        return "no finite number"
    if number and not EXPONENT_BELOW <= size < EXPONENT_FROM:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        said = f"{float(mantissa):g}e{int(exponent)}"
    elif size >= GROUPED_FROM:
        said = f"{float(f'{number:.{digits}g}'):,.0f}"
    else:
        said = f"{number:.{digits}g}"
    return said.replace("-", "−")
