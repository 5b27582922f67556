"""The deck: a card for every question of the site, with what the prose says and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cards import Card, deck
from app.prose import blocks, follow_ups, plain_text
from app.topics import topics

KNOWN = Path(__file__).with_name("follow_ups.txt")
CARDS = [card for cards in deck().values() for card in cards]


@pytest.mark.parametrize("slug", list(topics()))
def test_a_topics_cards_are_its_question_and_its_follow_ups(slug: str) -> None:
    own, *others = deck()[slug]
    html = blocks(topics()[slug])
    assert (own.name, own.url, own.is_follow_up) == (slug, f"/topics/{slug}", False)
    assert [(one.name, one.question, one.answer) for one in others] == [
        (f"{slug}/{one.anchor}", one.question, one.answer) for one in follow_ups(html["follow_up"])
    ]
    assert (own.answer, own.error, own.formulas) == (html["short_answer"], html["wrong"], html["formulas"])


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_the_points_of_a_card_are_its_whole_answer_and_each_is_balanced(card: Card) -> None:
    assert " ".join(plain_text(one.said + one.beside) for one in card.points) == plain_text(card.answer)
    for point in card.points:
        paired = re.sub(r"<[^>]*/>", "", point.said)
        assert sorted(re.findall(r"<(\w+)", paired)) == sorted(re.findall(r"</(\w+)", paired))
        assert plain_text(point.said)
    assert card.is_follow_up or 3 <= len(card.points) <= 9


def test_no_follow_up_questions_address_was_ever_given_up() -> None:
    """Visitors link to them and keep schedules by them. A question that gets other words keeps its name by an `id`."""
    lost = set(KNOWN.read_text(encoding="utf-8").split()) - {card.name for card in CARDS}
    assert lost == set(), 'give the question in its template the id that it had: <details id="…">'
