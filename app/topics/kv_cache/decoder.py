"""The decoder that is trained on a stream of sentences, and whose weights then write."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine import Array, Graph, Guard, Node, Session, dense, layer_norm, losses, ops, optimizers, positions
from engine.datasets.sentences import NUMBER, STEPS, WORDS, sentences
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

WIDTH, HEADS, WIDER = 32, 4, 4
"""Numbers a token has, heads, and how many times as wide the MLP of a block is."""
TIME, BATCH_SIZE = 48, 12
CLIP_NORM = 1.0
FIRST = NUMBER["."]
"""What comes before the first word."""


class Decoder:
    """Words so far to the logits of the next, at each of TIME places: blocks with a causal mask, learned positions."""

    def __init__(self, rng: np.random.Generator, layers: int) -> None:
        graph = self._graph = Graph()
        self._word = embedding(graph, "word", len(WORDS), WIDTH, rng, std=WIDTH**-0.5)
        self._place = positions.learned(graph, "positions", WIDTH, TIME, rng, std=WIDTH**-0.5)
        self._blocks = [block(graph, f"block {layer}", WIDTH, HEADS, rng, hidden=WIDER * WIDTH) for layer in range(layers)]
        self._norm, self._head = layer_norm(graph, "norm", WIDTH), dense(graph, "head", WIDTH, len(WORDS), rng)

    def __call__(self, words: Node) -> Node:
        """The logits of the word after each: (n, TIME) to (words, n, TIME)."""
        seen = self._place(self._word(words))
        for each in self._blocks:
            seen = each(seen, causal_mask(TIME)).outputs
        return ops.reshape(self._head(self._norm(columns(seen))), (len(WORDS), *words.shape))

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        words = self._graph.placeholder("words", (BATCH_SIZE, TIME))
        targets = self._graph.placeholder("targets", (len(WORDS), BATCH_SIZE, TIME))
        loss = losses.sequence_cross_entropy(self(words), targets)
        yield
        update = optimizers.adam(loss, self._graph.placeholder("learning_rate"), clip_norm=CLIP_NORM)
        self._session = Session(self._graph)
        train = yield from self._session.planning([loss], [update])
        self._look = yield from self._session.planning([loss])
        self.guard = Guard(self._session, train)

    def step(self, text: Array, learning_rate: float) -> str:
        """One update on pieces of text (BATCH_SIZE, TIME + 1); in words what broke, "" while the loss is finite."""
        return self.guard.step(**_feeds(text), learning_rate=learning_rate)

    def nats(self, text: Array) -> float:
        """The mean surprise of a word of text (BATCH_SIZE, TIME + 1)."""
        self._look.step(**_feeds(text))
        return float(self._look.outputs[0])

    @property
    def weights(self) -> dict[str, Array]:
        """All of them by name, in double precision."""
        return {name: self._session.value(node).astype(np.float64) for name, node in self._graph.variables.items()}


def _feeds(text: Array) -> dict[str, Array]:
    follow = text[:, 1:]
    return {"words": text[:, :-1], "targets": losses.one_hot(follow.ravel(), len(WORDS)).reshape(len(WORDS), *follow.shape)}


def stream(rng: np.random.Generator, n: int) -> Array:
    """`n` sentences one after the other, each with one full stop after it."""
    made = sentences(rng, n)
    ends = (made == FIRST).argmax(axis=1)
    return np.asarray(made[np.arange(STEPS) <= ends[:, None]])


def pieces(rng: np.random.Generator, text: Array) -> Array:
    """BATCH_SIZE pieces of a text, from anywhere: (BATCH_SIZE, TIME + 1)."""
    starts = rng.integers(0, len(text) - TIME, BATCH_SIZE)
    return np.asarray(text[starts[:, None] + np.arange(TIME + 1)])
