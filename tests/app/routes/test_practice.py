"""The practice page, follow-up questions at addresses of their own, and the package for Anki, asked for over HTTP."""

from __future__ import annotations

import html
import re

import pytest

from app.cards import deck
from app.prose import plain_text
from tests.conftest import Server


def test_the_practice_page_holds_every_card_to_be_read_without_script(server: Server) -> None:
    page = server.get("/practice")
    assert page.status_code == 200
    for cards in deck().values():
        for card in cards:
            assert f'id="{card.name}"' in page.text
            assert all(point.said in page.text for point in card.points)
            assert card.error in page.text
            assert f'href="{card.url}"' in page.text


@pytest.mark.parametrize("slug", list(deck()))
def test_a_follow_up_question_has_a_page_with_its_answer(server: Server, slug: str) -> None:
    own, *others = deck()[slug]
    card = others[-1]
    page = server.get(card.url)
    assert page.status_code == 200
    assert card.question in page.text
    assert card.answer in page.text
    assert f'href="{own.url}"' in page.text
    title = re.search(r"<title>(.*?) ·", page.text, re.DOTALL)
    assert title is not None
    assert html.unescape(title[1]) == plain_text(card.question)
    assert all(f'href="{other.url}"' in page.text for other in others[:-1])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/topics/gradient-descent/follow-up/nothing", "has no follow-up question at this address"),
        ("/topics/gradient-descent/follow-up/%00%3Cb%3E", "has no follow-up question at this address"),
        ("/topics/gradient-decent/follow-up/when-do-you-stop", "There is no topic “gradient-decent”"),
    ],
)
def test_an_address_of_no_question_gets_the_sites_404_with_its_topic(server: Server, path: str, said: str) -> None:
    page = server.get(path)
    assert page.status_code == 404
    assert said in page.text
    assert 'href="/topics/gradient-descent"' in page.text


def test_the_package_is_saved_and_known_again(server: Server) -> None:
    got = server.get("/anki.apkg")
    assert got.status_code == 200
    assert got.content[:2] == b"PK"
    assert got.headers["content-type"] == "application/x-apkg"
    assert got.headers["content-disposition"] == 'attachment; filename="watch-it-learn.apkg"'
    again = server.get("/anki.apkg", headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
