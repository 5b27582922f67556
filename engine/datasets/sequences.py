"""Sequences made from a generator, each a question that only memory can answer. Inputs are (features, steps, n), float32."""

from __future__ import annotations

import numpy as np

from engine.datasets.table import at_least_one
from engine.graph import Array


def recall(rng: np.random.Generator, n: int, steps: int = 20, delay: int = 3) -> tuple[Array, Array]:
    """Coin tosses of -1 and 1 (1, steps, n), and at every step the toss `delay` steps before, as 0 or 1 (1, steps, n).

    The first `delay` steps ask for what was never shown: their answers are 0, and a loss should leave them out. Raises ValueError
    for a delay that is not 0 to steps - 1.
    """
    at_least_one(n=n, steps=steps)
    if not 0 <= delay < steps:
        raise ValueError(f"delay: got {delay}, wanted 0 to {steps - 1}")
    tosses = rng.integers(0, 2, (1, steps, n))
    answers = np.zeros_like(tosses)
    answers[:, delay:] = tosses[:, : steps - delay]
    return (2 * tosses - 1).astype(np.float32), answers.astype(np.float32)


def parity(rng: np.random.Generator, n: int, steps: int = 8) -> tuple[Array, Array]:
    """Bits (1, steps, n), and at every step whether the ones so far are odd in number (1, steps, n)."""
    at_least_one(n=n, steps=steps)
    bits = rng.integers(0, 2, (1, steps, n))
    return bits.astype(np.float32), (bits.cumsum(axis=1) % 2).astype(np.float32)


def first_symbol(rng: np.random.Generator, n: int, steps: int = 20, symbols: int = 4) -> tuple[Array, Array]:
    """One symbol of `symbols`, then steps - 1 others that do not matter, one-hot (2 symbols, steps, n); labels (n,) of the first.

    Distractors are signs of their own, so that the first stands out: the question is only how long it is kept.
    """
    at_least_one(n=n, steps=steps, symbols=symbols)
    labels = rng.integers(0, symbols, n)
    numbers = symbols + rng.integers(0, symbols, (steps, n))
    numbers[0] = labels
    return np.eye(2 * symbols, dtype=np.float32)[numbers].transpose(2, 0, 1).copy(), labels


def adding(rng: np.random.Generator, n: int, steps: int = 30) -> tuple[Array, Array]:
    """Numbers in [0, 1] and a mark at two of them (2, steps, n), one in each half; the sum of the marked two (1, n).

    From Hochreiter and Schmidhuber (1997). Raises ValueError for less than two steps.
    """
    at_least_one(n=n)
    if steps < 2:
        raise ValueError(f"steps: got {steps}, wanted at least 2")
    numbers, marks, samples, half = rng.random((steps, n)), np.zeros((steps, n)), np.arange(n), steps // 2
    places = rng.integers(0, half, n), rng.integers(half, steps, n)
    for place in places:
        marks[place, samples] = 1
    return np.stack([numbers, marks]).astype(np.float32), (numbers * marks).sum(axis=0, keepdims=True).astype(np.float32)
