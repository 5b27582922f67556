"""A topic's prose out of its template: blocks, follow-up questions with anchors, and plain text."""

from __future__ import annotations

import re

import pytest

from app.prose import BLOCKS, LONGEST_ANCHOR, anchor_of, anchored, blocks, follow_ups, plain_text
from app.topics import topics
from tests.conftest import Server


@pytest.mark.parametrize("slug", list(topics()))
def test_every_topic_has_every_block_and_each_fold_is_a_follow_up_question(slug: str) -> None:
    said = blocks(topics()[slug])
    assert list(said) == list(BLOCKS)
    assert all(plain_text(html) for name, html in said.items() if name != "formulas")
    assert len(follow_ups(said["follow_up"])) == said["follow_up"].count("<details") > 0


def test_plain_text_has_no_tags_keeps_formulas_in_the_line_and_words_apart() -> None:
    html = '<p>At <math>2<mi>&#x003BB;</mi></math>: <em>fast</em>er.</p><p>Next</p><div class="formula"><math>x</math></div>'
    assert plain_text(html) == "At 2λ: faster. Next"


def test_an_anchor_is_on_the_page_as_the_search_links_to_it(server: Server) -> None:
    slug, topic = next(iter(topics().items()))
    html = blocks(topic)["follow_up"]
    page = server.get(f"/topics/{slug}").text
    for one in follow_ups(html):
        assert f'href="/topics/{slug}/follow-up/{one.anchor}"' in page
        assert page.count(f'<details id="{one.anchor}"><summary>{one.question}</summary>') == 1
    assert anchored("<p>No questions.</p>", "/topics/x") == "<p>No questions.</p>"


@pytest.mark.parametrize("slug", list(topics()))
def test_each_follow_up_question_of_a_topic_has_a_name_of_its_own(slug: str) -> None:
    anchors = [one.anchor for one in follow_ups(blocks(topics()[slug])["follow_up"])]
    assert len(set(anchors)) == len(anchors)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", anchor) for anchor in anchors), anchors


def test_a_name_is_made_of_the_questions_words_and_kept_by_an_id_when_they_change() -> None:
    (one,) = follow_ups("<details><summary>Why isn’t <em>Poincaré’s</em> loss 0.5&nbsp;?</summary><p>It is.</p></details>")
    assert one.anchor == "why-isnt-poincares-loss-0-5"
    (one,) = follow_ups('<details id="why-not"><summary>And why?</summary><p>It is.</p></details>')
    assert (one.anchor, one.question) == ("why-not", "And why?")
    assert anchor_of("A " * 100).endswith("-a")
    assert len(anchor_of("word " * 100)) <= LONGEST_ANCHOR
