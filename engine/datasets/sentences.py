"""Sentences made by a small grammar in which a word hangs on the next one: "she saw an old car and we drew a rose .".

Two clauses of subject, verb, article, half of the time an adjective, and noun. Half of the adjectives and nouns begin with a
vowel, so that "a" or "an" is decided by the word behind it. Everything about them is known exactly: how surprising each word is
to a reader who knows the grammar, and whether a text is a sentence at all.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np

from engine.datasets.table import at_least_one
from engine.graph import Array

SUBJECTS, VERBS = ("she", "he", "they", "we"), ("saw", "had", "drew", "sold")
VOWEL_ADJECTIVES, OTHER_ADJECTIVES = ("old", "odd", "icy", "ugly"), ("red", "big", "new", "soft")
VOWEL_NOUNS, OTHER_NOUNS = ("apple", "egg", "owl", "oak", "ant", "urn"), ("car", "dog", "lamp", "hat", "bird", "rose")
ADJECTIVES, NOUNS = VOWEL_ADJECTIVES + OTHER_ADJECTIVES, VOWEL_NOUNS + OTHER_NOUNS
WORDS = (".", "and", "a", "an", *SUBJECTS, *VERBS, *ADJECTIVES, *NOUNS)
"""By number. "." ends a sentence, and fills the steps behind one that is shorter than the longest."""
NUMBER = {word: number for number, word in enumerate(WORDS)}
STEPS = 12
"""The longest: two clauses of five words, "and" between them, "." at the end."""
ENTROPY = 2 * (log(len(SUBJECTS)) + log(len(VERBS)) + log(2) + log(len(ADJECTIVES)) / 2 + log(len(NOUNS)))
"""Nats per sentence of two clauses: the mean surprise to a reader who knows the grammar and the words before."""


def sentences(rng: np.random.Generator, n: int) -> Array:
    """`n` sentences as numbers of words, (n, STEPS). Raises ValueError for none."""
    at_least_one(n=n)
    clauses = [_clauses(rng, n) for _ in range(2)]
    made = np.zeros((n, STEPS), np.int64)
    for place, (first, second) in enumerate(zip(*clauses, strict=True)):
        text = [*first, NUMBER["and"], *second]
        made[place, : len(text)] = text
    return made


def text_of(numbers: Array) -> str:
    """A sentence's numbers (steps,) as words, up to its first full stop."""
    words = [WORDS[number] for number in numbers]
    return " ".join(words[: words.index(".") + 1] if "." in words else words)


def grammatical(numbers: Array) -> bool:
    """Whether numbers (steps,) are a sentence of the grammar."""
    words = [WORDS[number] for number in numbers]
    text = " ".join(words).rstrip(" .").split(" and ")
    return words[-1] == "." and len(text) == 2 and all(map(_is_clause, text))


def surprise(made: Array) -> Array:
    """The nats of each word of sentences (n, STEPS) to a reader who knows the grammar and the words before it, (n, STEPS)."""
    return np.array([[_nats(*pair) for pair in pairwise(["and", *(WORDS[number] for number in row)])] for row in made])


def _clauses(rng: np.random.Generator, n: int) -> list[list[int]]:
    """`n` clauses, every choice equally likely."""
    subjects, verbs = rng.integers(0, 4, (2, n))
    described, adjectives, nouns = rng.integers(0, 2, n), rng.integers(0, 8, n), rng.integers(0, 12, n)
    made = []
    for place in range(n):
        last = [ADJECTIVES[adjectives[place]]] * described[place] + [NOUNS[nouns[place]]]
        words = [SUBJECTS[subjects[place]], VERBS[verbs[place]], _article(last[0]), *last]
        made.append([NUMBER[word] for word in words])
    return made


def _article(word: str) -> str:
    return "an" if word in VOWEL_ADJECTIVES + VOWEL_NOUNS else "a"


def _is_clause(text: str) -> bool:
    words = text.split()
    if len(words) not in (4, 5):
        return False
    subject, verb, article, *described, noun = words
    known = subject in SUBJECTS and verb in VERBS and noun in NOUNS and all(word in ADJECTIVES for word in described)
    return known and article == _article((*described, noun)[0])


def _nats(before: str, word: str) -> float:
    """How surprising a word is behind another: log of one over its probability."""
    if before == "and" or before in SUBJECTS:
        return log(4)
    if before in VERBS:
        return log(2)
    if before in ("a", "an"):
        return log(8) if word in ADJECTIVES else log(12)
    return log(12) if before in ADJECTIVES else 0.0
