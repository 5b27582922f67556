"""How the next word is drawn from the logits: temperature, top-k, top-p; and what the sentences that come out are worth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.topics.sampling.language import FIRST, Language
from engine import Array
from engine.datasets.sentences import NOUNS, NUMBER, STEPS, WORDS, grammatical
from engine.probabilities import softmax


class Way(NamedTuple):
    """A way to draw: the temperature, at most how many words are kept, and how much probability they need to hold.

    `cut_first`: whether that is their probability before the temperature is applied, or after.
    """

    temperature: float = 1.0
    top_k: int = len(WORDS)
    top_p: float = 1.0
    cut_first: bool = False


GREEDY = Way(top_k=1)


def kept(logits: Array, way: Way) -> Array:
    """The probabilities (words, n) that are drawn from: those of the likeliest words that are kept, made to sum to 1.

    Of the words from the likeliest down at most `top_k`, and no more than are needed to reach `top_p` (Fan et al., 2018; Holtzman
    et al., 2020).
    """
    shares = softmax(logits / way.temperature)
    judged = softmax(logits) if way.cut_first else shares
    order = np.argsort(-judged, axis=0, kind="stable")
    falling = np.take_along_axis(judged, order, axis=0)
    within = (np.cumsum(falling, axis=0) - falling < way.top_p) & (np.arange(len(shares))[:, None] < way.top_k)
    ranks = np.argsort(order, axis=0)
    left = shares * np.take_along_axis(within, ranks, axis=0)
    return np.asarray(left / left.sum(axis=0))


def write(language: Language, way: Way, chances: Array) -> tuple[Array, Array]:
    """Sentences (n, STEPS) word by word, and from how many words each was drawn. `chances` (STEPS, n) are uniform in [0, 1)."""
    made = np.full(chances.shape[::-1], FIRST)
    options = np.zeros(made.shape)
    for step in range(STEPS):
        shares = kept(language.logits(made)[:, :, step], way)
        options[:, step] = (shares > 0).sum(axis=0)
        reached = np.cumsum(shares, axis=0)
        made[:, step] = (reached <= chances[step] * reached[-1]).sum(axis=0)
    return made, options


def log_probability(language: Language, made: Array) -> Array:
    """The nats by which the model expects each of these sentences (n, STEPS), all steps together: (n,)."""
    logits = language.logits(made)
    logs = logits - logits.max(axis=0)
    logs -= np.log(np.exp(logs).sum(axis=0))
    return np.asarray(np.take_along_axis(logs, made[None], axis=0)[0].sum(axis=1))


def right(made: Array) -> float:
    """The share of sentences (n, STEPS) that are grammatical."""
    return float(np.mean([grammatical(row) for row in made]))


def variety(made: Array) -> float:
    """The entropy of the nouns in sentences, over that of equal shares; 0 where there are none."""
    counts = np.array([(made == NUMBER[noun]).sum() for noun in NOUNS], float)
    shares = counts[counts > 0] / max(1.0, counts.sum())
    return float(-(shares * np.log(shares)).sum() / np.log(len(NOUNS)))
