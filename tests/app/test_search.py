"""The search compares texts and queries by one rule."""

from __future__ import annotations

import pytest

from app.search import found, normalized


def slugs(query: str) -> list[str]:
    return [entry.slug for chapter in found(query) for entry in chapter.topics]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TensorFlow's", "TensorFlow’s"),
        ("network's", "network`s"),
        ("back-propagation", "backpropagation"),
        ("mini‑batch", "minibatch"),
        ("mini–batch", "mini-batch"),
        ("mini−batch", "mini-batch"),
        ("soft\u00admax", "softmax"),
        ("soft\u200bmax", "softmax"),
        ("learning\u00a0rate", "  learning   rate "),
        ("learning\u202frate", "learning rate"),
        ("ＬＳＴＭ", "lstm"),
        ("Hochreiter é", "hochreiter e\u0301"),
        ("naïve", "NAIVE"),
        ("“deep”", '"deep"'),
        ("ﬁeld", "field"),
    ],
)
def test_signs_that_look_alike_are_the_same_to_a_search(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)
    assert slugs(one) == slugs(other)


@pytest.mark.parametrize("query", ["TensorFlow’s", "back-propagation", "mini-batch", "over–fitting"])
def test_what_the_texts_hold_in_another_spelling_is_found(query: str) -> None:
    assert 0 < len(slugs(query)) < 30
