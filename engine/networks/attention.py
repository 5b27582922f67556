"""Attention: each token asks all others, and takes up what those that match have to say.

Tokens are columns, sample after sample: (features, n, steps). Weights have the keys in front, (keys, heads, n, queries), so that
each query's sum to 1 over the first axis: NumPy finds the largest of them there ten times as fast as over the last, or more.
In a sweep an axis of copies stands before these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from engine.graph import Array, Graph, GraphError, Node, Shape
from engine.networks.activations import softmax
from engine.networks.initializers import Initializer, initializer
from engine.networks.positions import rotate
from engine.ops import contract, matmul, reshape, rows, sigmoid


@dataclass(frozen=True)
class Attended:
    """What attention made of tokens: `outputs` (width, n, steps), and `weights` and `scores` (keys, heads, n, queries)."""

    outputs: Node
    weights: Node
    scores: Node


Attention = Callable[..., Attended]
"""(tokens, mask=None, bias=None) to what attention makes of them.

`tokens` is (width, n, steps). `mask` is 1 where a key may be seen and 0 where not, `bias` is added to the scores; both have the
axes (keys, heads, n, queries), of which any may be 1. Raises GraphError for other shapes.
"""


def attention(
    graph: Graph,
    name: str,
    width: int,
    heads: int,
    rng: np.random.Generator,
    *,
    inner: int | None = None,
    scale: float | None = None,
    rotary: float | None = None,
    smear: bool = False,
    start: str | Initializer = "lecun",
) -> Attention:
    """Multi-head attention of tokens to one another: softmax(K'Q scale) V in each head (Vaswani et al., 2017), without biases.

    `name/weights` (3 inner, width) make queries, keys and values, in this order and head by head; `name/output` (width, inner)
    puts the heads together. `inner` is the size of all heads, else `width`; `scale` is else 1 / sqrt(inner / heads).
    `rotary` is the base by which queries and keys are rotated (`positions.rotate`), None for not at all. `smear` mixes each
    key with the one before it, by a share that is learned (Olsson et al., 2022): `name/smear`.
    Raises GraphError for sizes below 1, or an `inner` that the heads cannot share.
    """
    inner = width if inner is None else inner
    if min(width, heads, inner) < 1 or inner % heads:
        raise GraphError(f"{name}: got width {width}, {heads} heads and inner {inner}, wanted heads of one size, at least 1")
    begin = np.concatenate([initializer(start)(rng, inner, width) for _ in range(3)])
    weights = graph.variable(f"{name}/weights", begin)
    output = graph.variable(f"{name}/output", initializer(start)(rng, width, inner))
    share = sigmoid(graph.variable(f"{name}/smear", np.zeros((1, 1, 1, 1)))) if smear else None
    factor = 1 / sqrt(inner / heads) if scale is None else scale
    scaled = weights * np.repeat([[factor], [1.0]], [inner, 2 * inner], axis=0)  # of the weights: they are fewer than the tokens

    def apply(tokens: Node, mask: Node | Array | None = None, bias: Node | Array | None = None) -> Attended:
        n, steps = shape_of(name, tokens, width)
        made = matmul(scaled, columns(tokens))
        front = made.shape[:-2]
        parts = [rows(made, part * inner, (part + 1) * inner) for part in range(3)]
        queries, keys, values = (reshape(part, (*front, heads, inner // heads, n, steps)) for part in parts)
        if rotary is not None:
            queries, keys = rotate(queries, rotary), rotate(keys, rotary)
        if share is not None:
            keys = _smeared(keys, share)
        scores = contract(keys, queries, "hdnk,hdnq->khnq").named(f"{name}/scores")
        for what, given in (("mask", mask), ("bias", bias)):
            _check(name, what, given, scores.shape)
        scores = scores if bias is None else (scores + bias).named(f"{name}/scores with bias")
        seen = softmax(scores, axis=-4, mask=_spread(mask, n)).named(f"{name}/attention")
        taken = reshape(contract(values, seen, "hdnk,khnq->hdnq"), (*front, inner, n * steps))
        return Attended(as_tokens(matmul(output, taken), n), seen, scores)

    return apply


def causal_mask(steps: int) -> Array:
    """(keys, 1, 1, queries): 1 where the key is not after the query, so that no token sees those to come, else 0."""
    return np.triu(np.ones((steps, steps)))[:, None, None]


def shape_of(name: str, tokens: Node, width: int) -> tuple[int, int]:
    """The samples and steps of tokens. Raises GraphError when they are not (width, n, steps)."""
    if tokens.shape[:-3] not in tokens.graph.leads or tokens.shape[-3:-2] != (width,):
        raise GraphError(f"{name}: got {tokens.title} {tokens.shape}, wanted ({width}, n, steps)")
    return tokens.shape[-2], tokens.shape[-1]


def columns(tokens: Node) -> Node:
    """Tokens (width, n, steps) as samples of a dense layer, (width, n steps)."""
    *front, n, steps = tokens.shape
    return reshape(tokens, (*front, n * steps))


def as_tokens(made: Node, n: int) -> Node:
    """Columns (width, n steps) as tokens (width, n, steps)."""
    *front, columns = made.shape
    return reshape(made, (*front, n, columns // n))


def _check(name: str, what: str, given: Node | Array | None, scores: Shape) -> None:
    """That a mask or bias has the axes of scores. One of (keys, queries) would be taken for one of (n, queries)."""
    got = scores if given is None else np.shape(given) if not isinstance(given, Node) else given.shape
    if len(got) < 4 or any(size not in (1, whole) for size, whole in zip(got[::-1], scores[::-1], strict=False)):
        raise GraphError(f"{name}: got a {what} {got}, wanted (keys, heads, n, queries) that broadcasts to {scores}")


def _spread(mask: Node | Array | None, n: int) -> Node | Array | None:
    """A mask that is the same for all samples, repeated: NumPy adds long stretches in a third of the time."""
    return mask if mask is None or isinstance(mask, Node) or mask.shape[-2] != 1 else np.repeat(mask, n, axis=-2)


def _smeared(keys: Node, share: Node) -> Node:
    """Each key mixed with the one before it; the first with none."""
    *front, steps = keys.shape
    before = reshape(matmul(reshape(keys, (prod(front), steps)), keys.graph.constant(np.eye(steps, k=1))), keys.shape)
    return keys * (1.0 - share) + before * share
