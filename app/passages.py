"""What the search searches: a passage for every page, demo, follow-up question and exercise, their index, words and synonyms.

The index is a table of SQLite's FTS5 in memory: words by their stems (porter). `app.search` asks it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.catalogue import Entry, entries
from app.exercises import exercises, topic_of
from app.exercises.nouns import Exercise
from app.experiment import experiment_with
from app.prose import address_of, blocks, follow_ups, plain_text
from app.topic import Demo, Topic
from app.topics import topics
from app.words import Vocabulary, american, visible, words_of

SYNONYMS = Path(__file__).with_name("synonyms.txt")
PLACES = (
    (
        "/practice",
        "Practise",
        "practice flashcards flash cards quiz anki deck",
        "Questions as cards that come back before you forget them.",
    ),
    ("/exercises", "Exercises by hand", "exercise homework worksheet sums", "Sheets of arithmetic, marked line by line."),
    (
        "/room",
        "A class in one room",
        "classroom teach teacher teaching student lecture",
        "The pages of a class follow its teacher.",
    ),
)
"""What is of no topic: address, title, other names, and a sentence on it."""
SCHEMA = """
    CREATE VIRTUAL TABLE passages
    USING fts5(slug UNINDEXED, kind UNINDEXED, url UNINDEXED, title, names, body, rest, tokenize = 'porter')
"""


class Passage(NamedTuple):
    """A row of the index: a page, or a demo, follow-up question or exercise of it; or, without a slug, a place of no topic.

    `names` weighs more than the body, `rest` less.
    """

    slug: str
    kind: str
    url: str
    title: str
    names: str
    body: str
    rest: str = ""


@cache
def index() -> sqlite3.Connection:
    """All passages; made once, in half a second, and from then on only read."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    made.execute(SCHEMA)
    made.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", passages())
    return made


@cache
def vocabulary() -> Vocabulary:
    """The words of all passages and of the synonyms."""
    texts = [f"{one.title} {one.names} {one.body} {one.rest}" for one in passages() if one.kind == "page"]
    return Vocabulary([*texts, *(name for row in _rows() for name in row)], _is_known)


def _is_known(word: str) -> bool:
    return index().execute("SELECT 1 FROM passages WHERE passages MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is not None


@cache
def synonyms() -> dict[tuple[str, ...], list[str]]:
    """The words of a name -> the other names of the same."""
    said: dict[tuple[str, ...], list[str]] = {}
    for row in _rows():
        for name in row:
            said.setdefault(key_of(vocabulary().together(words_of(name))), []).extend(other for other in row if other != name)
    return said


def key_of(words: list[str]) -> tuple[str, ...]:
    """A name as `synonyms` has it, however it is spelled."""
    return tuple(map(american, words))


def _rows() -> list[list[str]]:
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    return [[" ".join(words_of(name)) for name in line.split(";")] for line in lines if not line.startswith("#")]


@cache
def passages() -> tuple[Passage, ...]:
    """Every page, demo, follow-up question and exercise, and the places where one practises and teaches."""
    pages = ((entry, topics().get(entry.slug)) for entry in entries().values())
    found = (one for entry, topic in pages for one in (_of_topic(entry, topic) if topic else [_page(entry)]))
    return (*found, *map(_of_exercise, exercises().values()), *(Passage("", "place", *place) for place in PLACES))


def _page(entry: Entry, names: str = "", body: str = "", rest: str = "") -> Passage:
    own = f"{entry.number} {entry.slug.replace('-', ' ')} {entry.chapter} {names}"
    return Passage(entry.slug, "page", entry.url, entry.question, visible(own), visible(body), visible(rest))


def _of_topic(entry: Entry, topic: Topic) -> Iterator[Passage]:
    texts = blocks(topic)
    sources = plain_text(texts.pop("sources"))
    demos = [_of_demo(topic, demo) for demo in topic.demos]
    names = " ".join(one.title for one in demos)
    yield _page(entry, names, " ".join(map(plain_text, texts.values())), " ".join([*(one.body for one in demos), sources]))
    yield from demos
    for one in follow_ups(texts["follow_up"]):
        yield Passage(
            entry.slug,
            "question",
            address_of(entry.url, one),
            visible(plain_text(one.question)),
            "",
            visible(plain_text(one.answer)),
        )


def _of_exercise(exercise: Exercise) -> Passage:
    return Passage(topic_of(exercise).slug, "exercise", exercise.url, exercise.title, "", exercise.about)


def _of_demo(topic: Topic, demo: Demo) -> Passage:
    """Its hint, controls, presets, chart titles and claims."""
    fields = (demo.params.schema_of(name) for name in demo.params.in_order() if name != "seed")
    controls = [f"{said['title']}: {said['description']}" for said in fields]
    charts = [chart.title for chart in demo.charts(demo.params()).values()]
    said = [demo.hint, *charts, *(claim.text for claim in demo.claims), *(one.title for one in demo.presets), *controls]
    return Passage(
        topic.slug, "demo", experiment_with(topic, demo.name, {}).url(), visible(demo.title), "", visible(" ".join(said))
    )
