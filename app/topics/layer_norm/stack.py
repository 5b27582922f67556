"""A decoder of blocks as it begins, with the norm before or after: the gradients of `depth`."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine import Array, Graph, Session, dense, gradients, layer_norm, losses, positions
from engine.datasets.sentences import NUMBER, STEPS, WORDS
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

WIDTH, HEADS = 16, 2


def sizes(norm: str, depth: int, wide: int, words: Array, rng: np.random.Generator) -> Generator[None, None, Array]:
    """How large the loss's gradient is by the weights of each block's perceptron, which is `wide` times as wide: (depth,).

    `words` (n, STEPS) are what the stack should say, each seen one place late. `norm` is one of the engine's. In pieces.
    """
    graph, start = Graph(), WIDTH**-0.5
    given, wanted = graph.placeholder("given", words.shape), graph.placeholder("wanted", (len(WORDS), words.size))
    tokens = embedding(graph, "word", len(WORDS), WIDTH, rng, std=start)(given)
    tokens = positions.learned(graph, "positions", WIDTH, STEPS, rng, std=start)(tokens)
    for place in range(depth):
        layer = block(graph, f"block {place}", WIDTH, HEADS, rng, hidden=wide * WIDTH, norm=norm)
        tokens = layer(tokens, causal_mask(STEPS)).outputs
    said = columns(tokens)
    if norm != "post":  # nothing has normalized the sum so far
        said = layer_norm(graph, "norm", WIDTH)(said)
    loss = losses.softmax_cross_entropy(dense(graph, "out", WIDTH, len(WORDS), rng)(said), wanted)
    weights = [each for name, each in graph.variables.items() if name.endswith(("up/weights", "down/weights"))]
    yield
    plan = yield from Session(graph).planning(gradients(loss, weights))
    seen = np.concatenate([np.full((len(words), 1), NUMBER["."]), words[:, :-1]], axis=1)
    plan.step(given=seen, wanted=losses.one_hot(words.ravel(), len(WORDS)))
    squares = np.array([np.square(each).sum() for each in plan.outputs])
    made: Array = np.sqrt(squares.reshape(depth, -1).sum(axis=1))
    return made
