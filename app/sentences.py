"""An answer taken apart into its points: the sentences of its paragraphs and the items of its lists, as HTML.

The cards of `app.cards` let a learner tick them one by one. What is neither, a formula on a line of its own or a table, belongs
to the point before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

OPENS = r"<(p|ul|ol|div|table|pre)\b[^>]*>"
BLOCK = re.compile(rf"{OPENS}(.*?)</\1>|((?:(?!{OPENS}).)+)", re.DOTALL)
"""An element that stands for itself, none of which holds another of its kind; or what stands between them."""
ITEM = re.compile(r"<li\b[^>]*>(.*?)</li>", re.DOTALL)
TAG = re.compile(r"(<[^>]*>)")
VOID = re.compile(r"<(?:br|wbr|img|hr)\b|<[^>]*/>$")
HIDDEN = "\x00"
"""What stands for the signs of a tag, and for the spaces in an element, while the ends of sentences are looked for."""
END = re.compile(rf"(?<!\b[A-Z])(?<!\.[a-z])(?<!\bal)(?<!\bvs)[.!?][”’)\]{HIDDEN}]*\s+(?=[^\sa-z])")
"""A stop with what closes behind it, and no abbreviation ("et al.", "e.g."), before anything but a small letter."""


@dataclass(frozen=True)
class Point:
    """What a candidate may have said; `beside` is what goes with it and is no text of one line. Both are HTML."""

    said: str
    beside: str = ""


def points(html: str) -> tuple[Point, ...]:
    """The points of an answer, in order."""
    found: list[Point] = []
    for block in BLOCK.finditer(html):
        kind, inner = block[1], block[2] if block[1] else block[3]
        if kind in ("ul", "ol"):
            found += map(Point, map(str.strip, ITEM.findall(inner)))
        elif kind in ("p", None):
            found += map(Point, sentences(inner))
        elif found:
            found[-1] = replace(found[-1], beside=found[-1].beside + block[0].strip())
    return tuple(found)


def sentences(html: str) -> list[str]:
    """The sentences of a paragraph's HTML; an element within it is never cut."""
    seen = _outline(html)
    cuts = [0, *(found.end() for found in END.finditer(seen)), len(html)]
    pieces = (html[start:end].strip() for start, end in pairwise(cuts))
    return [" ".join(piece.split()) for piece in pieces if piece]


def _outline(html: str) -> str:
    """As many signs, of which those of tags, and the spaces within elements, are hidden."""
    depth, seen = 0, []
    for part in TAG.split(html):
        if TAG.fullmatch(part):
            depth += 0 if VOID.match(part) else -1 if part.startswith("</") else 1
            seen.append(HIDDEN * len(part))
        else:
            seen.append(re.sub(r"\s", HIDDEN, part) if depth else part)
    return "".join(seen)
