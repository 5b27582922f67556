"""The package for Anki, opened by Anki's own library: every card, its fields, its pictures, and what a second import does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import Note

from app import anki
from app.anki import FIELDS, package
from app.cards import cards_of, deck
from app.prose import plain_text
from app.templating import STATIC
from app.topics import topics

BASE = "https://example.org/learn"


def brought_in(collection: Collection, content: bytes, folder: Path) -> tuple[int, int]:
    """Imports a package; how many notes were new, and how many were updated."""
    path = folder / "deck.apkg"
    path.write_bytes(content)
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())).log
    return len(log.new), len(log.updated)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def notes_of(collection: Collection) -> list[Note]:
    return [collection.get_note(one) for one in collection.find_notes("")]


def test_anki_reads_every_card_with_its_fields_and_pictures(collection: Collection, tmp_path: Path) -> None:
    expected = [card for slug in deck() for card in cards_of(topics()[slug], anki.tex)]
    assert brought_in(collection, package(BASE).content, tmp_path) == (len(expected), 0)
    notes = {note["Page"]: note for note in notes_of(collection)}
    assert collection.card_count() == len(notes) == len(expected)
    for card in expected:
        (note,) = [note for page, note in notes.items() if f'href="{BASE}{card.url}"' in page]
        assert list(note.keys()) == list(FIELDS)
        assert plain_text(note["Question"]) == plain_text(card.question)
        assert len(re.findall("<li>", note["Points"])) >= len(card.points) > 0
        assert bool(note["Common error"]) == bool(note["Formulas"]) == (not card.is_follow_up)
        assert card.entry.slug in note.tags
    check = collection.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])


def test_the_pictures_are_the_stills_of_the_site(collection: Collection, tmp_path: Path) -> None:
    brought_in(collection, package(BASE).content, tmp_path)
    for slug in deck():
        name = f"{slug}.webp"
        assert (Path(collection.media.dir()) / name).read_bytes() == (STATIC / "stills" / name).read_bytes()


def test_a_card_stands_by_itself_with_formulas_for_ankis_mathjax(collection: Collection, tmp_path: Path) -> None:
    brought_in(collection, package(BASE).content, tmp_path)
    said = "".join("".join(note.fields) for note in notes_of(collection))
    assert "<math" not in said
    assert r"\[w_{t+1} = w_t - \eta \nabla L(w_t)\]" in said
    assert re.findall(r'(?:href|src)="(?!https?://|[\w-]+\.webp")[^"]*', said) == []
    (card,) = [collection.get_card(one) for one in collection.find_cards('"Question:What is gradient descent?"')]
    back = card.answer()
    assert "Where the common answer is wrong" in back
    assert 'src="' in back


def test_a_newer_edition_updates_what_it_finds_and_an_equal_one_nothing(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = package(BASE).content
    new, _ = brought_in(collection, first, tmp_path)
    assert brought_in(collection, first, tmp_path) == (0, 0)
    later = anki.edition() + 60
    monkeypatch.setattr(anki, "edition", lambda: later)
    anki._made.cache_clear()
    try:
        moved = package("https://elsewhere.example").content
    finally:
        anki._made.cache_clear()
    assert brought_in(collection, moved, tmp_path) == (0, new)
    assert collection.card_count() == new
    assert all("https://elsewhere.example" in note["Page"] for note in notes_of(collection))


def test_the_same_edition_gives_the_same_bytes() -> None:
    before = package(BASE)
    anki._made.cache_clear()
    assert package(BASE) == before
    assert package(BASE) is package(BASE)
