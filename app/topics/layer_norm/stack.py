"""A deep, narrow decoder with the norm before or after: what `depth` looks at as it begins, and `training` trains."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.layer_norm.decoder import shifted
from engine import Array, Graph, Node, Session, dense, gradients, layer_norm, losses, ops, positions
from engine.datasets.sentences import STEPS, WORDS
from engine.networks.activations import linear
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

WIDTH, HEADS = 16, 2


class Stack:
    """Words so far to the logits of the next, through `depth` blocks whose MLPs are `wide` times as wide as they are.

    `norm` is one of the engine's `transformer.NORMS`. One more norm comes before the logits, unless it is "post": there the last
    sum is normalized already.
    """

    def __init__(self, graph: Graph, name: str, norm: str, depth: int, rng: np.random.Generator, *, wide: int) -> None:
        before, start = len(graph.trainable()), WIDTH**-0.5
        self._word = embedding(graph, f"{name}/word", len(WORDS), WIDTH, rng, std=start)
        self._place = positions.learned(graph, f"{name}/positions", WIDTH, STEPS, rng, std=start)
        self._blocks = [
            block(graph, f"{name}/block {place}", WIDTH, HEADS, rng, hidden=wide * WIDTH, norm=norm) for place in range(depth)
        ]
        self._norm = linear if norm == "post" else layer_norm(graph, f"{name}/norm", WIDTH)
        self._out = dense(graph, f"{name}/out", WIDTH, len(WORDS), rng)
        self.variables = graph.trainable()[before:]

    def __call__(self, words: Node) -> Node:
        """`words` (n, STEPS) to logits (WORDS, n, STEPS)."""
        tokens = self._place(self._word(words))
        for layer in self._blocks:
            tokens = layer(tokens, causal_mask(STEPS)).outputs
        return ops.reshape(self._out(self._norm(columns(tokens))), (len(WORDS), *words.shape))


def sizes(norm: str, depth: int, wide: int, words: Array, rng: np.random.Generator) -> Generator[None, None, Array]:
    """How large the loss's gradient is by the weights of each block's MLP, as the stack begins: (depth,).

    `words` (n, STEPS) are what the stack should say, each seen one place late. In pieces.
    """
    graph = Graph()
    given, wanted = graph.placeholder("given", words.shape), graph.placeholder("wanted", (len(WORDS), *words.shape))
    loss = losses.sequence_cross_entropy(Stack(graph, "stack", norm, depth, rng, wide=wide)(given), wanted)
    weights = [each for name, each in graph.variables.items() if name.endswith(("up/weights", "down/weights"))]
    yield
    plan = yield from Session(graph).planning(gradients(loss, weights))
    plan.step(given=shifted(words), wanted=losses.one_hot(words.ravel(), len(WORDS)).reshape(wanted.shape))
    squares = np.array([np.square(each).sum() for each in plan.outputs])
    made: Array = np.sqrt(squares.reshape(depth, -1).sum(axis=1))
    return made
