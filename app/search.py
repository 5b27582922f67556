"""Search over the questions and the prose of their pages: what the catalogue shows for words typed in.

Between `app.catalogue`, which has the questions, and the page that lists them. Words match anywhere in a text, all must be found.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

from app.catalogue import Chapter, Entry, chapters

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "topics"
LONGEST_QUERY = 100


def found(query: str) -> list[Chapter]:
    """The chapters with the topics that hold every word of the query; all of them for an empty one."""
    words = query[:LONGEST_QUERY].lower().split()
    kept = [(chapter, tuple(entry for entry in chapter.topics if _holds(entry, words))) for chapter in chapters()]
    return [Chapter(chapter.title, entries) for chapter, entries in kept if entries]


def _holds(entry: Entry, words: list[str]) -> bool:
    text = text_of_topic(entry)
    return all(word in text for word in words)


@cache
def text_of_topic(entry: Entry) -> str:
    """Number, question, chapter and prose of a topic, in lower case, without markup."""
    path = TEMPLATES / f"{entry.slug}.html"
    prose = path.read_text() if path.is_file() else ""
    plain = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", prose, flags=re.DOTALL)
    said = f"{entry.number} {entry.question} {entry.slug} {entry.chapter} {unescape(plain)}"
    return " ".join(said.replace("’", "'").lower().split())
