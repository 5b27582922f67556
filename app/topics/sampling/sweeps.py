"""From cold to hot, from few words to many, from a small nucleus to all: sentences in each way, and what they are worth."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np

from app.topic import NOT_YET
from app.topics.sampling.drawing import GREEDY, Way, log_probability, right, variety, write
from app.topics.sampling.language import Language
from engine import Array
from engine.datasets.sentences import ADJECTIVES, NOUNS, NUMBER, STEPS, WORDS

TEMPERATURES = (0.05, 0.2, 0.4, 0.55, 0.7, 0.85, 1.0, 1.15, 1.3, 1.45, 1.6, 1.8, 2.0)
KS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 19, 25, 32)
PS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


class Tried(NamedTuple):
    """A way, where it stands in which chart, and what it wrote: sentences (n, STEPS), and of how many words each was drawn."""

    chart: str
    at: float
    way: Way
    made: Array
    options: Array

    @property
    def worth(self) -> dict[str, float]:
        """How many sentences are right, and how varied their nouns."""
        return {"right": right(self.made), "varied": variety(self.made)}


def ways(temperature: float, cut_first: bool) -> Iterator[tuple[str, float, Way]]:
    """Chart, place on its axis, and way of drawing, of each sweep in turn; the cuts are tried at `temperature`."""
    yield from (("temperature", one, Way(one)) for one in TEMPERATURES)
    yield from (("k", one, Way(temperature, top_k=one)) for one in KS)
    yield from (("p", one, Way(temperature, top_p=one, cut_first=cut_first)) for one in PS)


def attempt(language: Language, chart: str, at: float, way: Way, chances: Array) -> Generator[None, None, Tried]:
    """Sentences from `chances` (2, STEPS, n) in two halves, so that others get their turn between."""
    halves = []
    for half in chances:
        halves.append(write(language, way, half))
        yield NOT_YET
    made, options = (np.concatenate(parts) for parts in zip(*halves, strict=True))
    return Tried(chart, at, way, made, options)


def greedy_loss(language: Language) -> float:
    """The nats by which the sentence of the likeliest word each time is less likely than the same without its adjectives."""
    made, _ = write(language, GREEDY, np.zeros((STEPS, 1)))
    nats = log_probability(language, np.stack([made[0], _without_adjectives(made[0])]))
    return float(nats[1] - nats[0])


def _without_adjectives(made: Array) -> Array:
    """A sentence's subjects, verbs and nouns, with the articles that these nouns take, (STEPS,)."""
    words: list[str] = []
    for word in (WORDS[number] for number in made):
        if word in NOUNS:
            words += ["an" if word[0] in "aeiou" else "a", word]
        elif word not in (*ADJECTIVES, "a", "an", "."):
            words.append(word)
    return np.array([NUMBER[word] for word in [*words, *["."] * STEPS][:STEPS]])
