"""Where a token stands: vectors that are added to tokens, learned or sinusoidal, and rotations of queries and keys."""

from __future__ import annotations

import numpy as np

from engine.graph import Array, Graph, GraphError, Node
from engine.networks.layers import Layer
from engine.ops import concatenate, rows

BASE = 10_000.0
"""The slowest of the waves is about so many times as long as the fastest (Vaswani et al., 2017)."""


def learned(graph: Graph, name: str, width: int, steps: int, rng: np.random.Generator, *, std: float = 0.1) -> Layer:
    """Adds a learned vector to the tokens of each step (Gehring et al., 2017): (width, n, steps) to the same.

    One variable `name/table` (width, 1, steps). Raises GraphError for more steps than it has.
    """
    table = graph.variable(f"{name}/table", rng.normal(0.0, std, (width, 1, steps)))

    def apply(tokens: Node) -> Node:
        *_, got_width, _, got = tokens.shape if len(tokens.shape) > 2 else (0, 0, 0)
        if got_width != width or not 0 < got <= steps:
            raise GraphError(f"{name}: got {tokens.title} {tokens.shape}, wanted ({width}, n, at most {steps} steps)")
        return tokens + rows(table, 0, got, axis=-1)

    return apply


def sinusoids(width: int, steps: int, base: float = BASE) -> Array:
    """(width, 1, steps), to be added to tokens: sines in the upper half of the rows, cosines below (Vaswani et al., 2017).

    Row i of either half turns by base^(-2 i / width) radians per step. Raises GraphError for an odd width.
    """
    angles = _angles("sinusoids", width, steps, base)
    return np.concatenate([np.sin(angles), np.cos(angles)])[:, None]


def rotate(vectors: Node, base: float = BASE) -> Node:
    """Queries or keys (..., features, n, steps), turned by their place: rotary position embedding (Su et al., 2021).

    Features i and i + features / 2 are one plane, turned by base^(-2 i / features) radians per step, so that the product of a
    query and a key depends on how far apart they stand alone. Raises GraphError for other axes, or an odd number of features.
    """
    if len(vectors.shape) < 3:
        raise GraphError(f"rotate {vectors.title}: got {vectors.shape}, wanted (..., features, n, steps)")
    features, _, steps = vectors.shape[-3:]
    angles = _angles(f"rotate {vectors.title}", features, steps, base)[:, None]
    cosines, sines = np.concatenate([np.cos(angles)] * 2), np.concatenate([-np.sin(angles), np.sin(angles)])
    upper, lower = (rows(vectors, start, start + features // 2, axis=-3) for start in (0, features // 2))
    return vectors * cosines + concatenate([lower, upper], axis=-3) * sines


def _angles(name: str, width: int, steps: int, base: float) -> Array:
    """(width / 2, steps), radians."""
    if width < 2 or width % 2 or steps < 1 or base <= 0:
        raise GraphError(f"{name}: got {width} features, {steps} steps and base {base}, wanted pairs of features")
    return np.outer(base ** (-np.arange(0, width, 2) / width), np.arange(steps))
