"""Reviews: the label follows from the words by the grammar, and not from the words without their order."""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.datasets import reviews, same_bags
from engine.datasets.grammar import BAD, GOOD, STEPS, WORDS, text_of


def sentiment(clause: str) -> int:
    words = clause.split()
    assert (words[-1] in GOOD) != (words[-1] in BAD)
    return int((words[-1] in GOOD) != ("not" in words))


def test_the_last_clause_counts_after_but_and_both_agree_after_and() -> None:
    made = reviews(np.random.default_rng(0), 400)
    assert made.words.shape == (STEPS, 400)
    assert made.labels.mean() == 0.5
    for numbers, label in zip(made.words.T, made.labels, strict=True):
        text = text_of(numbers)
        clauses = text.replace(" but ", "|").replace(" and ", "|").split("|")
        assert sentiment(clauses[-1]) == label
        if len(clauses) == 2:
            assert (sentiment(clauses[0]) == label) == (" and " in text)


def test_words_end_at_the_last_step_and_each_prefix_that_is_a_clause_has_its_sentiment() -> None:
    made = reviews(np.random.default_rng(0), 200)
    assert made.ends[-1].all()
    np.testing.assert_array_equal(made.so_far[-1], made.labels)
    for numbers, ends, so_far in zip(made.words.T, made.ends.T, made.so_far.T, strict=True):
        first = np.flatnonzero(numbers)[0]
        assert numbers[first:].all()
        for stop in np.flatnonzero(ends):
            clause = text_of(numbers[: stop + 1]).replace(" but ", "|").replace(" and ", "|").split("|")[-1]
            assert sentiment(clause) == so_far[stop]


def test_of_two_reviews_with_the_same_words_one_is_good() -> None:
    made = same_bags(np.random.default_rng(0), 50)
    for place in range(0, 100, 2):
        assert Counter(made.words[:, place]) == Counter(made.words[:, place + 1])
        assert made.labels[place] != made.labels[place + 1]
        assert sentiment(text_of(made.words[:, place]).split(" but ")[-1]) == made.labels[place]
        stops = np.flatnonzero(made.ends[:, place])
        assert made.so_far[stops, place].tolist() == [1 - made.labels[place], made.labels[place]]
        assert WORDS[made.words[stops[0] + 1, place]] == "but"


def test_there_are_thirty_five_words_and_one_for_none() -> None:
    assert len(WORDS) == len(set(WORDS)) == 36
