"""Answers taken apart into points: sentences, items, and what goes with them."""

from __future__ import annotations

import pytest

from app.prose import plain_text
from app.sentences import Point, points, sentences


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("At 0.5 it stops. 2 is more.", ["At 0.5 it stops.", "2 is more."]),
        ("Between 0 and 1. At once.", ["Between 0 and 1.", "At once."]),
        ("So Cohen et al. (2021) say, e.g. Adam’s. It holds.", ["So Cohen et al. (2021) say, e.g. Adam’s.", "It holds."]),
        ("B. Polyak said it. Others knew.", ["B. Polyak said it.", "Others knew."]),
        ("He said “no.” They went.", ["He said “no.”", "They went."]),
        ("It <em>ends here.</em> <strong>“Next”</strong> begins.", ["It <em>ends here.</em>", "<strong>“Next”</strong> begins."]),
        ("The <em>one. Two</em> stay.", ["The <em>one. Two</em> stay."]),
        (
            "Below <math><mi>a</mi> <mo>.</mo> <mn>2</mn></math>. Then.",
            ["Below <math><mi>a</mi> <mo>.</mo> <mn>2</mn></math>.", "Then."],
        ),
        ("A line<br>goes on. And\n ends", ["A line<br>goes on.", "And ends"]),
        ("", []),
    ],
)
def test_a_paragraph_is_cut_where_a_sentence_ends_and_nowhere_else(html: str, expected: list[str]) -> None:
    assert sentences(html) == expected


def test_points_are_sentences_and_items_and_a_formula_goes_with_the_point_before_it() -> None:
    formula = '<div class="formula"><math><mi>x</mi></math></div>'
    items = "<ul>\n<li>An item. It has two sentences.</li><li>Another.</li></ul>"
    html = f'<p>First. Second:</p>\n{formula}\n{items}<p class="x">Last.</p>'
    assert points(html) == (
        Point("First."),
        Point("Second:", formula),
        Point("An item. It has two sentences."),
        Point("Another."),
        Point("Last."),
    )


def test_text_without_paragraphs_is_taken_apart_as_well() -> None:
    assert [plain_text(point.said) for point in points("A <em>short</em> answer.")] == ["A short answer."]
