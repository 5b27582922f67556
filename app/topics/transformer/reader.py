"""The network of two demos: one block on sentences of a small grammar. What it may see is said by whoever applies it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine import Array, Graph, Node, dense, layer_norm, ops, positions
from engine.datasets.sentences import NUMBER, STEPS, WORDS
from engine.networks.attention import columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

WIDTH, HEADS = 32, 4
FULL_STOP = NUMBER["."]
HIDDEN = len(WORDS)
"""The number that stands in the place of a hidden word; it is read and never named."""


class Read(NamedTuple):
    """Logits (words, n, STEPS) and the weights of each layer (keys, heads, n, queries)."""

    logits: Node
    weights: list[Node]


class Reader:
    """Words and places through transformer blocks to logits of a word at each place."""

    def __init__(self, graph: Graph, name: str, layers: int, rng: np.random.Generator, symbols: int = len(WORDS)) -> None:
        before, start = len(graph.variables), WIDTH**-0.5
        self._word = embedding(graph, f"{name}/word", symbols, WIDTH, rng, std=start)
        self._place = positions.learned(graph, f"{name}/positions", WIDTH, STEPS, rng, std=start)
        self._layers = [
            block(graph, f"{name}/layer {layer}", WIDTH, HEADS, rng, hidden=2 * WIDTH) for layer in range(1, layers + 1)
        ]
        self._norm = layer_norm(graph, f"{name}/last norm", WIDTH)
        self._out = dense(graph, f"{name}/out", WIDTH, len(WORDS), rng)
        self.variables = list(graph.variables.values())[before:]

    def __call__(self, words: Node, mask: Node | Array) -> Read:
        """`words` (n, STEPS); `mask` is 1 where a key may be seen, (keys, 1, 1, queries), any of which may be 1."""
        tokens, weights = self._place(self._word(words)), []
        for layer in self._layers:
            seen = layer(tokens, mask)
            tokens = seen.outputs
            weights.append(seen.weights)
        logits = self._out(self._norm(columns(tokens)))
        return Read(ops.reshape(logits, (len(WORDS), words.shape[0], STEPS)), weights)


def shifted(words: Array) -> Array:
    """What stands before each word (n, STEPS): a full stop before the first."""
    return np.concatenate([np.full((len(words), 1), FULL_STOP), words[:, :-1]], axis=1)
