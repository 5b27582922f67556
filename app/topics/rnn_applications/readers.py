"""Who reads reviews: a recurrent network, word by word, and two networks that see a bag of words, counts without an order.

All three give a score after every word, and learn from the same targets. Used by `sentiment`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np

from app.topic import Streams
from engine import Array, Graph, Node, dense, mlp, ops
from engine.datasets import Reviews, reviews
from engine.datasets.grammar import STEPS, WORDS
from engine.networks.recurrent import Recurrent, embedding, lstm, rnn, stacked

EMBEDDED, BAG_UNITS = 16, 32
CELLS: dict[str, Callable[..., Recurrent]] = {"rnn": rnn, "lstm": lstm}
KINDS = ("recurrent", "bag mlp", "bag linear")
PIECE = 250
"""So many reviews are made at once."""


def dealt(rng: np.random.Generator, n: int) -> Generator[None, None, Reviews]:
    """`n` reviews, a multiple of the piece, made in pieces of some milliseconds."""
    parts = list[Reviews]()
    for _ in range(n // PIECE):
        parts.append(reviews(rng, PIECE))
        yield
    whole = (np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in ("words", "labels", "ends", "so_far"))
    return Reviews(*whole)


def said_so_far(given: Reviews) -> Array:
    """After each word the sentiment of the last clause that is complete, one half before there is one: (steps, n)."""
    said, now = np.empty(given.words.shape, np.float32), np.full(given.words.shape[1], 0.5)
    for place, ended in enumerate(given.ends):
        said[place] = now = np.where(ended, given.so_far[place], now)
    return said


def bags(words: Array) -> Array:
    """How often each word has occurred so far: numbers of words (steps, n) to counts (words, steps, n), padding left out."""
    return np.eye(len(WORDS), dtype=np.float32)[words].cumsum(axis=0).transpose(2, 0, 1)[1:]


class Readers:
    """The three networks in one graph; the bags begin first, so that their weights are the same whatever is recurrent."""

    def __init__(self, network: str, units: int, rng: Streams) -> None:
        self.graph, self._counted = Graph(), len(WORDS) - 1
        self._linear = dense(self.graph, "linear", self._counted, 1, rng.weights)
        self._perceptron = mlp(self.graph, (self._counted, BAG_UNITS, 1), rng.weights, "relu", name="perceptron")
        self._vectors = embedding(self.graph, "words", len(WORDS), EMBEDDED, rng.weights)
        self._cell = CELLS[network](self.graph, "recurrent", EMBEDDED, units, rng.weights)
        self._head = dense(self.graph, "head", units, 1, rng.weights)

    def read(self, name: str, n: int, first: int = 0) -> tuple[dict[str, Node], Node]:
        """Of `n` reviews each reader's logits after every word from `first` on, (1, asked * n); the states (units, steps, n)."""
        asked = (STEPS - first) * n
        states = self._cell(self._vectors(self.graph.placeholder(f"{name} words", (STEPS, n))))
        seen = stacked(states.hidden[first:])
        counts = self.graph.placeholder(f"{name} bags", (self._counted, asked))
        logits = (self._head(ops.reshape(seen, (seen.shape[0], asked))), self._perceptron(counts), self._linear(counts))
        return dict(zip(KINDS, logits, strict=True)), states.sequence

    def feeds(self, name: str, words: Array, first: int = 0) -> dict[str, Array]:
        """Numbers of words (steps, n), as each reader wants them."""
        return {f"{name} words": words, f"{name} bags": bags(words)[:, first:].reshape(self._counted, -1)}
