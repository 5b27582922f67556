"""The cards as a package for Anki (apps.ankiweb.net): one deck, a note a card, formulas for its MathJax, pictures inside.

genanki writes Anki's tables; the rest of the file, a zip archive, is written here in memory, so that nothing is left on the disk
and the same edition gives the same bytes. Anki knows a note by its `guid` and takes a newer one over an older: importing the
package again brings corrections and new cards, and leaves the learner's schedule as it is.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import sqlite3
import time
import zipfile
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import genanki
from markupsafe import Markup, escape

from app.cards import Card, cards_of
from app.catalogue import entries
from app.facts import package_of
from app.templating import ROOT, SITE, STATIC
from app.topics import topics

DECK, NOTE_TYPE = 1704213561, 1387205944
"""Numbers by which Anki knows this deck and this kind of note; drawn once, for good."""
FIELDS = ("Question", "Topic", "Points", "Common error", "Formulas", "Picture", "Page")
FRONT = '{{#Topic}}<p class="topic">{{Topic}}</p>{{/Topic}}<h1>{{Question}}</h1>'
BACK = """{{FrontSide}}<hr id="answer"><ul>{{Points}}</ul>
{{#Common error}}<h2>Where the common answer is wrong</h2>{{Common error}}{{/Common error}}
{{#Formulas}}<h2>Formulas</h2>{{Formulas}}{{/Formulas}}
{{Picture}}<p>{{Page}}</p>"""
STYLE = """.card { font: 19px/1.5 Georgia, serif; max-width: 38em; margin: 0 auto; padding: 0.5em; }
h1 { font-size: 1.35em; line-height: 1.25; } h2 { font-size: 1.05em; margin: 1.4em 0 0.3em; }
li { margin: 0.35em 0; } .topic { opacity: 0.7; font-size: 0.85em; margin: 0; } img { max-width: 100%; }"""
PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_ONE_AT_A_TIME = Lock()


class Package(NamedTuple):
    """The file, and the tag by which caches know it."""

    content: bytes
    tag: str


def package(base: str) -> Package:
    """The package, whose links lead to the site at `base`; made once for each address of the site, in half a second."""
    with _ONE_AT_A_TIME:
        return _made(base)


@lru_cache(maxsize=4)
def _made(base: str) -> Package:
    content = _zipped(_database(base), _pictures())
    return Package(content, f'W/"{hashlib.sha256(content).hexdigest()[:16]}"')


@cache
def edition() -> int:
    """When the newest of what the cards are made of was written, in seconds: Anki takes newer notes over older ones."""
    prose = [ROOT / "templates" / "topics" / f"{slug}.html" for slug in topics()]
    measured = (package_of(slug) / "measured.json" for slug in topics())
    code = (Path(__file__).with_name(f"{name}.py") for name in ("anki", "cards", "catalogue", "prose", "sentences"))
    return int(max(path.stat().st_mtime for path in (*prose, *measured, *code, *_pictures()) if path.is_file()))


def _pictures() -> list[Path]:
    paths = (STATIC / "stills" / f"{slug}.webp" for slug in entries() if slug in topics())
    return [path for path in paths if path.is_file()]


def tex(latex: str, block: bool = False) -> Markup:
    """A formula as Anki hands it to MathJax."""
    return Markup("<div>\\[{}\\]</div>").format(latex) if block else Markup("<span>\\({}\\)</span>").format(latex)


def _database(base: str) -> bytes:
    """Anki's tables."""
    deck = genanki.Deck(DECK, SITE["name"], "Deep-learning interview questions, with points to make and common errors.")
    cards = [card for slug in entries() if slug in topics() for card in cards_of(topics()[slug], tex)]
    for place, card in enumerate(cards):
        deck.add_note(_note(card, base, place))
    with closing(sqlite3.connect(":memory:")) as connection:
        genanki.Package(deck).write_to_db(connection.cursor(), edition(), itertools.count(edition() * 1000))
        connection.commit()
        return connection.serialize()


def _note(card: Card, base: str, place: int) -> genanki.Note:
    kind = "follow-up" if card.is_follow_up else "question"
    tags = [_as_tag(card.entry.chapter), card.entry.slug, kind]
    return genanki.Note(_note_type(), _fields(card, base), tags=tags, guid=genanki.guid_for(SITE["name"], card.name), due=place)


@cache
def _note_type() -> genanki.Model:
    template = {"name": "Question", "qfmt": FRONT, "afmt": BACK}
    return genanki.Model(NOTE_TYPE, SITE["name"], [{"name": name} for name in FIELDS], [template], STYLE)


def _fields(card: Card, base: str) -> list[str]:
    """What `FIELDS` hold of a card, as HTML that stands by itself."""
    picture = f"{card.entry.slug}.webp"
    shown = not card.is_follow_up and (STATIC / "stills" / picture).is_file()
    said = [
        card.question,
        escape(card.entry.question) if card.is_follow_up else "",
        "".join(f"<li>{point.said}{point.beside}</li>" for point in card.points),
        card.error,
        card.formulas,
        Markup('<img src="{}">').format(picture) if shown else "",
        Markup('<a href="{}">{}</a>').format(card.url, "Watch it learn: the page with its live demo"),
    ]
    return [_by_itself(str(field), base, card.entry.url) for field in said]


def _by_itself(html: str, base: str, page: str) -> str:
    """HTML whose links lead to the site from elsewhere, on one line but for what is set as it stands."""
    absolute = re.sub(r'(?<=\bhref=")(?=/)', base, re.sub(r'(?<=\bhref=")(?=#)', page, html))
    parts = PREFORMATTED.split(absolute)
    return "".join(part if PREFORMATTED.fullmatch(part) else re.sub(r"\s+", " ", part) for part in parts).strip()


def _as_tag(title: str) -> str:
    return re.sub(r"[^\w’-]+", "-", title).strip("-")


def _zipped(database: bytes, pictures: list[Path]) -> bytes:
    """The archive: the tables, the pictures by number, and their names."""
    names = json.dumps({str(number): path.name for number, path in enumerate(pictures)})
    files = {"collection.anki2": database, "media": names.encode()}
    files |= {str(number): path.read_bytes() for number, path in enumerate(pictures)}
    written, when = io.BytesIO(), time.gmtime(edition())[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
