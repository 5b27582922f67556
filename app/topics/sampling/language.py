"""The language model that writes: a transformer of one block that names the next word of a small grammar's sentences."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine import Array, Graph, Guard, Node, Session, dense, layer_norm, losses, ops, optimizers, positions
from engine.datasets.sentences import NUMBER, STEPS, WORDS
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

WIDTH, HEADS, HIDDEN = 32, 4, 64
BATCH_SIZE, WRITTEN = 32, 64
CLIP_NORM = 1.0
FIRST = NUMBER["."]
"""What stands before the first word of a sentence."""


class Language:
    """A decoder of one block: words so far to the logits of the next, in batches to train and in others to write."""

    def __init__(self, rng: np.random.Generator) -> None:
        graph = self._graph = Graph()
        self._word = embedding(graph, "word", len(WORDS), WIDTH, rng, std=WIDTH**-0.5)
        self._place = positions.learned(graph, "positions", WIDTH, STEPS, rng)
        self._block = block(graph, "block", WIDTH, HEADS, rng, hidden=HIDDEN)
        self._norm, self._head = layer_norm(graph, "norm", WIDTH), dense(graph, "head", WIDTH, len(WORDS), rng)

    def __call__(self, words: Node) -> Node:
        """The logits of the word behind each: (n, STEPS) to (words, n, STEPS)."""
        seen = self._block(self._place(self._word(words)), causal_mask(STEPS)).outputs
        return ops.reshape(self._head(self._norm(columns(seen))), (len(WORDS), *words.shape))

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        words, targets = self._graph.placeholder("words", (BATCH_SIZE, STEPS)), (len(WORDS), BATCH_SIZE, STEPS)
        loss = losses.sequence_cross_entropy(self(words), self._graph.placeholder("targets", targets))
        yield
        update = optimizers.adam(loss, self._graph.placeholder("learning_rate"), clip_norm=CLIP_NORM)
        read = self(self._graph.placeholder("read", (WRITTEN, STEPS)))
        session = Session(self._graph)
        train = yield from session.planning([loss], [update])
        self._read = yield from session.planning([read])
        self.guard = Guard(session, train)

    def step(self, sentences: Array, learning_rate: float) -> str:
        """One update on sentences (n, STEPS); in words what broke, "" while the loss is finite."""
        targets = losses.one_hot(sentences.ravel(), len(WORDS)).reshape(len(WORDS), *sentences.shape)
        return self.guard.step(words=before(sentences), targets=targets, learning_rate=learning_rate)

    def logits(self, sentences: Array) -> Array:
        """What it expects at each step of up to WRITTEN sentences (n, STEPS) from the words before: (words, n, STEPS)."""
        filled = np.full((WRITTEN, STEPS), FIRST)
        filled[: len(sentences)] = before(sentences)
        self._read.step(read=filled)
        return self._read.outputs[0][:, : len(sentences)].astype(np.float64)


def before(sentences: Array) -> Array:
    """The word before each: (n, STEPS) moved on by one, a full stop in front."""
    return np.concatenate([np.full((len(sentences), 1), FIRST), sentences[:, :-1]], axis=1)
