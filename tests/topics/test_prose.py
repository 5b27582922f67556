"""Prose: short answers of the length one speaks in thirty seconds, no number typed by hand, links that lead to a run.

A number in a topic's text is a fact (see `app.facts`), a year, a value of the link around it, or stands with its reason in the
template's comment "Given, not measured: 0.9 (the usual momentum); ...".
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from markupsafe import Markup

from app.experiment import experiment_with
from app.routes.pages import templates
from app.topics import topics
from tests.topics.measuring import ROOT

EVERY_TOPIC = pytest.mark.parametrize("slug", list(topics()))
PARTS = ("short_answer", "fuller_answer", "wrong", "try_this", "follow_up")
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
GIVEN = re.compile(r"\{#\s*Given, not measured: (.*?)#\}", re.DOTALL)


def part(slug: str, name: str) -> str:
    """A block of a topic's template, with its facts and formulas left out, and links that say their values."""
    template = templates.env.get_template(f"topics/{slug}.html")

    def link(demo: str | None = None, *, at_step: int | None = None, light: str = "", **values: Any) -> str:
        experiment_with(topics()[slug], demo, values)
        return " ".join(str(value) for value in values.values())

    said = {"fact": lambda *_, **__: Markup(""), "math": lambda *_: Markup("FORMULA"), "experiment_url": link}
    return "".join(template.blocks[name](template.new_context(said)))


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))


def given(slug: str) -> set[str]:
    """The numbers for which the template's comment gives a reason."""
    source = (ROOT / "templates" / "topics" / f"{slug}.html").read_text(encoding="utf-8")
    reasons = re.findall(r"([^()]+)\(([^()]+)\)", " ".join(GIVEN.findall(source)))
    return {number for numbers, reason in reasons if reason.strip() for number in NUMBER.findall(numbers)}


def typed(html: str) -> set[str]:
    """The numbers in a text that are no year and none of its own link's values."""
    loose = re.sub(r'<a href="([^"]*)">(.*?)</a>', lambda found: _without(found[2], found[1].split()), html, flags=re.DOTALL)
    return {number for number in NUMBER.findall(words(loose)) if not re.fullmatch(r"(1[89]|20)\d\d", number)}


def _without(text: str, values: list[str]) -> str:
    same = {float(value) for value in values if re.fullmatch(r"-?\d[\d.]*(e[+-]?\d+)?", value)}
    return NUMBER.sub(lambda found: "" if float(found[0].replace(",", "")) in same else found[0], text)


@EVERY_TOPIC
def test_no_number_in_the_text_is_typed_by_hand(slug: str) -> None:
    found = {number for name in PARTS for number in typed(part(slug, name))}
    assert sorted(found - given(slug)) == [], "make it a fact, or give the reason in the comment"


@EVERY_TOPIC
def test_the_short_answer_is_what_one_says_in_thirty_seconds(slug: str) -> None:
    assert 75 <= len(words(part(slug, "short_answer")).split()) <= 95


@EVERY_TOPIC
def test_every_source_but_the_data_is_linked(slug: str) -> None:
    lines = re.findall(r"<li>(.*?)</li>", part(slug, "sources"), re.DOTALL)
    assert [line for line in lines if not line.startswith("Data:") and 'href="https://' not in line] == []
