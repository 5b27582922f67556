"""Search over questions, prose, demos and follow-up questions: what the catalogue shows for words typed in, the best page first.

FTS5 finds passages (`app.passages`), ranks them by bm25 and cuts out a snippet; pages where the words stand close together, or
a single one in the question, come first. What a word may stand for beside itself comes from `app.words`, and from the field's
synonyms in synonyms.txt. All words must be in a page; where no page has all of them, those that have some are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup, escape

from app.catalogue import Entry, entries
from app.passages import index, key_of, synonyms, vocabulary
from app.words import STOP, american, words_of

LONGEST_QUERY = 100
MOST_WORDS = 12
MOST_INSIDE = 3
"""Demos, and as many follow-up questions and exercises, that are listed under a page."""
SNIPPET_WORDS = 28
CLOSE = 6
"""Words that may stand between words that are close together."""
OPENS, CLOSES = "\x02", "\x03"
"""What FTS5 puts around a word that was found, until the rest is escaped."""

FIND = f"""
    SELECT slug, kind, url, highlight(passages, 3, '{OPENS}', '{CLOSES}') AS title,
           snippet(passages, 5, '{OPENS}', '{CLOSES}', '…', {SNIPPET_WORDS}) AS body,
           snippet(passages, 6, '{OPENS}', '{CLOSES}', '…', {SNIPPET_WORDS}) AS rest
    FROM passages WHERE passages MATCH ?
    ORDER BY kind = 'page' DESC, rowid IN (SELECT rowid FROM passages WHERE passages MATCH ?) DESC,
             bm25(passages, 0, 0, 0, 10, 5, 1, 0.3)
"""  # noqa: S608  # our own constants


@dataclass(frozen=True)
class Inside:
    """A demo, a follow-up question or an exercise that was found, or a place of no topic: marked up."""

    kind: str
    url: str
    title: Markup


@dataclass(frozen=True)
class Hit:
    """A page that was found: its question and the best piece of its text, marked up, and what was found inside it."""

    entry: Entry
    title: Markup
    snippet: Markup
    inside: tuple[Inside, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a query finds, the best page first. `places`: where one practises and teaches; `meant`: the words, where a slip was
    mended; `whole`: each page has all.
    """

    hits: tuple[Hit, ...]
    places: tuple[Inside, ...] = ()
    meant: str = ""
    whole: bool = True


@lru_cache(maxsize=1024)
def search(query: str) -> Found | None:
    """The pages for the words of a query; None where it has no word, and so asks for nothing."""
    typed = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
    asked = [word for word in typed if word not in STOP] or typed
    if not asked:
        return None
    words = vocabulary().corrected(asked)
    meant = vocabulary().said(words) if "".join(words) != "".join(asked) else ""
    groups = list(_groups(words))
    first = _close(words) if len(groups) > 1 else f"title : {_close(words)}"
    for joint in (" AND ", " OR "):
        hits, places = _hits(joint.join(groups), first)
        if hits or places:
            return Found(hits, places, meant, joint == " AND ")
    return Found(())


def _groups(words: list[str]) -> Iterator[str]:
    """What each word or name of several words may be, as FTS5 reads it."""
    place = 0
    while place < len(words):
        length = _longest_name(words, place)
        end = place + max(length, 1)
        here = words[place:end]
        others = [
            *(vocabulary().alternatives(here[0], end == len(words)) if length < 2 else ()),
            *synonyms().get(key_of(here), ()),
        ]
        yield "(" + " OR ".join([_close(here), *(f'"{one}"' for one in dict.fromkeys(others))]) + ")"
        place = end


def _close(words: list[str]) -> str:
    """Words close together, in any order."""
    apart = vocabulary().said([american(word) for word in words]).split()
    return "NEAR(" + " ".join(f'"{word}"' for word in apart) + f", {CLOSE})"


def _longest_name(words: list[str], place: int) -> int:
    """How many words from a place on are a name that has synonyms; 0 when none is."""
    lengths = range(len(words) - place, 0, -1)
    return next((length for length in lengths if key_of(words[place : place + length]) in synonyms()), 0)


def _hits(expression: str, first: str) -> tuple[tuple[Hit, ...], tuple[Inside, ...]]:
    """The pages with what was found inside them, and the places of no topic."""
    hits: dict[str, Hit] = {}
    places: list[Inside] = []
    for slug, kind, url, title, body, rest in index().execute(FIND, (expression, first)):
        if kind == "page":
            hits[slug] = Hit(entries()[slug], _marked(title), _marked(rest if OPENS in rest and OPENS not in body else body))
        elif kind == "place":
            places.append(Inside(kind, url, _marked(title)))
        elif slug in hits and sum(one.kind == kind for one in hits[slug].inside) < MOST_INSIDE:
            hits[slug] = replace(hits[slug], inside=(*hits[slug].inside, Inside(kind, url, _marked(title))))
    return tuple(hits.values()), tuple(places)


def _marked(text: str) -> Markup:
    return Markup(str(escape(text)).replace(OPENS, "<mark>").replace(CLOSES, "</mark>"))  # noqa: S704  # escaped just now
