"""A transformer that reads a review and says how good it is: the network of `order`."""

from __future__ import annotations

import numpy as np

from app.topics.positional_encoding.encodings import WIDTH, rotary, tokens
from engine import Graph, Node, dense, layer_norm, ops
from engine.datasets.grammar import STEPS, WORDS
from engine.networks.attention import causal_mask, columns
from engine.networks.transformer import block

HEADS = 4


class Judge:
    """Blocks over the words of a review, and one number out of the mean of all words, or out of the last."""

    def __init__(
        self,
        graph: Graph,
        name: str,
        rng: np.random.Generator,
        encoding: str = "none",
        *,
        layers: int = 1,
        causal: bool = False,
        last: bool = False,
    ) -> None:
        before = len(graph.variables)
        self._mask, self._last = causal_mask(STEPS) if causal else None, last
        self._tokens = tokens(graph, name, encoding, (len(WORDS), STEPS), rng)
        self._blocks = [
            block(graph, f"{name}/block {place}", WIDTH, HEADS, rng, hidden=2 * WIDTH, rotary=rotary(encoding))
            for place in range(1, layers + 1)
        ]
        self._norm, self._out = layer_norm(graph, f"{name}/norm", WIDTH), dense(graph, f"{name}/out", WIDTH, 1, rng)
        self.variables = list(graph.variables.values())[before:]

    def __call__(self, words: Node) -> Node:
        """Words (n, STEPS) to logits of "good", (1, n)."""
        seen = self._tokens(words)
        for each in self._blocks:
            seen = each(seen, self._mask).outputs
        said = ops.reshape(self._norm(columns(seen)), seen.shape)
        read = ops.rows(said, STEPS - 1, STEPS, axis=-1) if self._last else said
        return self._out(ops.mean(read, -1))
