"""Reviews made by a small grammar, whose sentiment stands in the order: "the plot was not bad but the cast was dull"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.datasets.table import at_least_one
from engine.graph import Array

NOUNS = ("film", "plot", "cast", "music", "ending", "script", "hero", "pace", "humour")
GOOD = ("good", "great", "funny", "clever", "moving", "fresh", "brilliant", "warm", "gripping", "charming")
BAD = ("bad", "awful", "boring", "stupid", "flat", "stale", "dull", "cold", "tedious", "clumsy")
WORDS = ("", "the", "was", "not", "very", "but", "and", *NOUNS, *GOOD, *BAD)
"""By number; 0 is no word, and fills the steps before a review that is shorter than the longest."""
STEPS = 13
"""The longest: two clauses of six words and what joins them."""


@dataclass(frozen=True, eq=False)
class Reviews:
    """`words` (13, n), numbers of `WORDS`, the last word at the last step; `labels` (n,), 1 for a good review.

    `ends` (13, n) is 1 where a clause ends, and `so_far` (13, n) there the sentiment up to it, to supervise every prefix that
    has one.
    """

    words: Array
    labels: Array
    ends: Array
    so_far: Array


def reviews(rng: np.random.Generator, n: int) -> Reviews:
    """`n` reviews, half of them good. After "but" the last clause counts; "and" joins two that agree."""
    at_least_one(n=n)
    labels = rng.permutation(np.arange(n) % 2)
    words, ends, so_far = (np.zeros((STEPS, n), np.int64) for _ in range(3))
    for place, label in enumerate(labels):
        clauses, joint = _plan(rng, int(label))
        text: list[int] = []
        for sentiment in clauses:
            text += ([WORDS.index(joint)] if text else []) + _clause(rng, sentiment)
            ends[len(text) - 1, place], so_far[len(text) - 1, place] = 1, sentiment
        words[: len(text), place] = text
        for array in (words, ends, so_far):
            array[:, place] = np.roll(array[:, place], STEPS - len(text))
    return Reviews(words, labels, ends, so_far)


def same_bags(rng: np.random.Generator, n: int) -> Reviews:
    """`n` pairs of reviews side by side, of the same words and opposite sentiment: "A but B" and "B but A"."""
    at_least_one(n=n)
    pairs = []
    for _ in range(n):
        good, bad = _clause(rng, 1), _clause(rng, 0)
        pairs += [((bad, good), 1), ((good, bad), 0)]
    words, ends, so_far = (np.zeros((STEPS, 2 * n), np.int64) for _ in range(3))
    for place, ((first, last), label) in enumerate(pairs):
        text = [*first, WORDS.index("but"), *last]
        words[STEPS - len(text) :, place] = text
        middle = STEPS - len(last) - 2
        ends[[middle, STEPS - 1], place], so_far[[middle, STEPS - 1], place] = 1, (1 - label, label)
    return Reviews(words, np.array([label for _, label in pairs]), ends, so_far)


def text_of(numbers: Array) -> str:
    """A review's numbers (steps,) as words."""
    return " ".join(WORDS[number] for number in numbers if number)


def _plan(rng: np.random.Generator, label: int) -> tuple[tuple[int, ...], str]:
    """The sentiment of each clause, and what joins them."""
    kind = rng.integers(0, 3)
    if kind == 0:
        return (label,), ""
    return ((1 - label, label), "but") if kind == 1 else ((label, label), "and")


def _clause(rng: np.random.Generator, sentiment: int) -> list[int]:
    negated, very = rng.integers(0, 2, 2)
    adjectives = GOOD if sentiment != negated else BAD
    words = ["the", NOUNS[rng.integers(len(NOUNS))], "was", *["not"] * negated, *["very"] * very]
    return [WORDS.index(word) for word in [*words, adjectives[rng.integers(len(adjectives))]]]
