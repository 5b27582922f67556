"""Sentences: all are grammatical, what is spoilt is not, and the surprise of their words adds up to what the grammar says."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets.sentences import ADJECTIVES, ENTROPY, NUMBER, STEPS, WORDS, grammatical, sentences, surprise, text_of


def numbers(text: str) -> np.ndarray:
    words = text.split()
    return np.array([NUMBER[word] for word in words + ["."] * (STEPS - len(words))])


def test_what_is_made_is_grammatical_and_different() -> None:
    made = sentences(np.random.default_rng(0), 300)
    assert made.shape == (300, STEPS)
    assert all(grammatical(row) for row in made)
    assert len({text_of(row) for row in made}) > 290


@pytest.mark.parametrize(
    "text",
    [
        "she saw a old car and we drew a rose .",
        "she saw an car and we drew a rose .",
        "she saw a car and we drew a .",
        "she saw a car .",
        "she saw a car and we drew a red red rose .",
        "saw she a car and we drew a rose .",
        "she saw a car and we drew a rose and he",
        "she saw a car . and we drew a rose",
    ],
)
def test_what_breaks_the_grammar_is_no_sentence(text: str) -> None:
    assert not grammatical(numbers(text))
    assert grammatical(numbers("she saw an old car and we drew a rose ."))


def test_every_subject_verb_and_noun_comes_and_half_of_the_nouns_have_an_adjective() -> None:
    made = sentences(np.random.default_rng(1), 2000)
    assert set(np.unique(made)) == set(range(len(WORDS)))
    described = np.isin(made, [NUMBER[word] for word in ADJECTIVES]).sum() / (2 * len(made))
    assert described == pytest.approx(0.5, abs=0.02)


def test_the_surprise_of_a_clause_is_that_of_its_choices() -> None:
    """Four subjects and verbs, two articles; then one of eight adjectives and of twelve nouns, or of twelve nouns."""
    nats = surprise(np.array([numbers("she saw an old car and we drew a rose .")]))[0]
    logs = np.log([4, 4, 2, 8, 12, 1, 4, 4, 2, 12, 1, 1])
    np.testing.assert_allclose(nats, logs)


def test_the_mean_surprise_is_the_entropy_of_the_grammar() -> None:
    """Two clauses, each of log 4 + log 4 for subject and verb, then the article and what follows it."""
    made = sentences(np.random.default_rng(2), 4000)
    clause = 2 * np.log(4) + np.log(2) + 0.5 * (np.log(8) + np.log(12)) + 0.5 * np.log(12)
    assert pytest.approx(2 * clause) == ENTROPY
    assert surprise(made).sum(axis=1).mean() == pytest.approx(ENTROPY, rel=0.01)


def test_none_is_refused() -> None:
    with pytest.raises(ValueError, match="n"):
        sentences(np.random.default_rng(0), 0)
