"""Search over the questions and the prose of their pages: what the catalogue shows for words typed in.

Between `app.catalogue`, which has the questions, and the page that lists them. Words match anywhere in a text, all must be found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape
from pathlib import Path

from app.catalogue import Chapter, Entry, chapters

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "topics"
LONGEST_QUERY = 100
QUOTES = str.maketrans(dict.fromkeys("‘’‚‛ʼʹ′´`＇", "'") | dict.fromkeys("“”„‟«»″＂", '"'))
DROPPED = {"Mn", "Cf", "Pd"}
"""Unicode's categories of accents, of invisible signs (a soft hyphen, a zero-width space) and of hyphens and dashes."""
MINUS = "−⁃"
"""What is typed for a hyphen and is of another category."""


def found(query: str) -> list[Chapter]:
    """The chapters with the topics that hold every word of the query; all of them for an empty one."""
    words = normalized(query[:LONGEST_QUERY]).split()
    kept = [(chapter, tuple(entry for entry in chapter.topics if _holds(entry, words))) for chapter in chapters()]
    return [Chapter(chapter.title, entries) for chapter, entries in kept if entries]


def _holds(entry: Entry, words: list[str]) -> bool:
    text = text_of_topic(entry)
    return all(word in text for word in words)


@cache
def text_of_topic(entry: Entry) -> str:
    """Number, question, chapter and prose of a topic, normalized, without markup."""
    path = TEMPLATES / f"{entry.slug}.html"
    prose = path.read_text(encoding="utf-8") if path.is_file() else ""
    plain = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", prose, flags=re.DOTALL)
    said = f"{entry.number} {entry.question} {entry.slug} {entry.chapter} {unescape(plain)}"
    return normalized(said)


def normalized(text: str) -> str:
    """Text as it is compared: without case, accents, hyphens or invisible signs, with straight quotes and single spaces.

    So it does not matter which of several signs that look alike a keyboard or a text has, nor whether a hyphen joins two words.
    """
    compatible = unicodedata.normalize("NFKD", text.translate(QUOTES)).casefold()
    kept = (
        sign
        for sign in unicodedata.normalize("NFKD", compatible)
        if unicodedata.category(sign) not in DROPPED and sign not in MINUS
    )
    return " ".join("".join(kept).split())
