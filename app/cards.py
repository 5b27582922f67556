"""The questions as cards to practise with: every topic's question and its follow-ups, out of the very prose of the pages.

`/practice` shows them, `app.anki` packs them. A topic's card has the short answer, sentence by sentence, and where the common
answer is wrong; a follow-up's card has its answer. A new topic or question is a new card by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import escape

from app.catalogue import Entry, entries
from app.prose import FollowUp, address_of, blocks, follow_ups
from app.sentences import Point, points
from app.templating import math
from app.topic import Topic
from app.topics import topics


@dataclass(frozen=True)
class Card:
    """One question; all but `name` and `url` are HTML.

    `name` is what schedules and packages know it by: the topic's slug, and for a follow-up its anchor after a stroke. `url`: its
    page. `error` and `formulas` are the topic's, and empty for a follow-up.
    """

    name: str
    url: str
    entry: Entry
    question: str
    answer: str
    error: str = ""
    formulas: str = ""

    @property
    def points(self) -> tuple[Point, ...]:
        """What a candidate may have said: the answer's sentences."""
        return points(self.answer)

    @property
    def is_follow_up(self) -> bool:
        """Whether it belongs under its topic's question."""
        return self.name != self.entry.slug


def cards_of(topic: Topic, formula: Callable[..., Any] = math) -> tuple[Card, ...]:
    """A topic's question, then its follow-ups; `formula(latex, block)` says a formula."""
    entry, said = entries()[topic.slug], blocks(topic, formula)
    own = Card(entry.slug, entry.url, entry, str(escape(entry.question)), said["short_answer"], said["wrong"], said["formulas"])
    return (own, *(_follow_up(entry, one) for one in follow_ups(said["follow_up"])))


def _follow_up(entry: Entry, one: FollowUp) -> Card:
    return Card(f"{entry.slug}/{one.anchor}", address_of(entry.url, one), entry, one.question, one.answer)


@cache
def deck() -> dict[str, tuple[Card, ...]]:
    """Slug -> the cards of a topic, in the order of the catalogue; made once, in half a second."""
    return {slug: cards_of(topics()[slug]) for slug in entries() if slug in topics()}
