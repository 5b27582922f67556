"""Decimal commas: most of the world writes 0,3 where this site writes 0.3, and nobody should have to know.

Used by `app.query` for the numbers of an address and by `app.params` for typed lists; in the browser static/js/decimals.js does
the same in a form, and tests/decimals.json holds both to one table of cases.
"""

from __future__ import annotations

import re

DECIMAL = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""A comma that may as well stand between thousands."""


def with_point(text: str) -> str:
    """A number with a point for its decimal comma where the comma can be nothing else; any other text as it is."""
    plain = text.strip().replace("−", "-")
    if plain.count(",") != 1 or not DECIMAL.fullmatch(plain) or THOUSANDS.fullmatch(plain):
        return text
    return re.sub(r"^([+-]?),", r"\g<1>0,", plain).replace(",", ".")


def is_ambiguous(text: str) -> bool:
    """Whether the comma of a number may be either: "1,000"."""
    return bool(THOUSANDS.fullmatch(text.strip()))
