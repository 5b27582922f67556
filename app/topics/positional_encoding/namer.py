"""A decoder of one block and one head that names a symbol at each step: the network of `length`."""

from __future__ import annotations

import numpy as np

from app.topics.positional_encoding.encodings import WIDTH, distances, rotary, tokens
from engine import Graph, Node, dense, layer_norm, ops
from engine.networks.attention import causal_mask, columns
from engine.networks.transformer import block

SYMBOLS, LONGEST = 8, 64


class Namer:
    """Symbols with one of the encodings, one block under a causal mask, and the logits of a symbol at each step."""

    def __init__(self, graph: Graph, name: str, rng: np.random.Generator, encoding: str, base: float) -> None:
        before, self._encoding = len(graph.variables), encoding
        self._tokens = tokens(graph, name, encoding, (SYMBOLS, LONGEST), rng)
        self._block = block(graph, name, WIDTH, 1, rng, hidden=2 * WIDTH, rotary=rotary(encoding, base))
        self._norm = layer_norm(graph, f"{name}/norm", WIDTH)
        self._head = dense(graph, f"{name}/head", WIDTH, SYMBOLS, rng)
        self.variables = list(graph.variables.values())[before:]

    def __call__(self, symbols: Node) -> tuple[Node, Node]:
        """Logits (SYMBOLS, n, steps) for symbols (n, steps), and the weights (keys, 1, n, queries)."""
        steps = symbols.shape[-1]
        bias = distances(steps) if self._encoding == "linear" else None
        seen = self._block(self._tokens(symbols), causal_mask(steps), bias)
        return ops.reshape(self._head(self._norm(columns(seen.outputs))), (SYMBOLS, *symbols.shape)), seen.weights
