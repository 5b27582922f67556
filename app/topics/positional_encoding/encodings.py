"""The ways to say where a token stands: added to it, turned into queries and keys, or subtracted from the scores."""

from __future__ import annotations

import numpy as np

from engine import Array, Graph, positions
from engine.networks.layers import Layer
from engine.networks.recurrent import embedding

WIDTH = 32
ROTARY_BASE = 10_000.0


def tokens(graph: Graph, name: str, encoding: str, sizes: tuple[int, int], rng: np.random.Generator) -> Layer:
    """Symbols (n, steps) to tokens (WIDTH, n, steps), with what `encoding` adds to each place; rotary and ALiBi add nothing here.

    `sizes`: how many symbols there are, and the longest sequence.
    """
    symbols, longest = sizes
    vectors = embedding(graph, f"{name}/symbol", symbols, WIDTH, rng, std=WIDTH**-0.5)
    if encoding == "learned":
        place = positions.learned(graph, f"{name}/positions", WIDTH, longest, rng, std=WIDTH**-0.5)
        return lambda given: place(vectors(given))
    if encoding == "sinusoidal":
        return lambda given: vectors(given) + positions.sinusoids(WIDTH, given.shape[-1]) * WIDTH**-0.5
    return vectors


def rotary(encoding: str, base: float = ROTARY_BASE) -> float | None:
    """The base by which a block rotates queries and keys, None for an encoding that does not."""
    return base if encoding == "rotary" else None


def distances(steps: int) -> Array:
    """What ALiBi adds to the scores: minus half the distance, (keys, 1, 1, queries) (Press et al., 2022; one head's slope)."""
    apart: Array = np.arange(steps)[None, :] - np.arange(steps)[:, None]
    return np.minimum(-0.5 * apart, 0.0)[:, None, None, :]
