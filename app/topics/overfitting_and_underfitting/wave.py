"""The wave that polynomials and networks are fitted to: few noisy points to learn from, many to be judged by."""

from __future__ import annotations

import re

import numpy as np

from app.charts import Axis
from app.topic import Streams
from engine import Array

LINE = np.linspace(-1, 1, 121)
"""Where curves are drawn."""
UNSEEN = 1000
"""Test points: enough that the test error is the risk and not a matter of luck."""
MOST_ADDED = 10
WIDEST, TALLEST = 1.0, 2.0
MARGIN = 1.05
"""The chart ends a little beyond the points; what is clicked out there is a point on the edge."""
ACROSS, UP = Axis("x", (-1.03, 1.03)), Axis("y", (-2.1, 2.1))


def wave(x: Array) -> Array:
    """What is to be found: not quite two bends in [-1, 1]."""
    values: Array = np.sin(1.8 * np.pi * x)
    return values


def scattered(rng: Streams, n: int, noise: float) -> tuple[Array, Array]:
    """`n` points uniform in [-1, 1] as x (n,) and y (n,), the wave with Gaussian noise of that spread."""
    x = rng.data.uniform(-1, 1, n)
    return x, wave(x) + noise * rng.noise.normal(size=n)


def spread_out(rng: Streams, n: int, noise: float) -> tuple[Array, Array]:
    """`n` points, x (n,) and y (n,), roughly evenly spread with both ends among them: no fit has to guess beyond its data."""
    x = np.linspace(-1, 1, n)
    x[1:-1] += rng.data.uniform(-1, 1, n - 2) / n
    return x, wave(x) + noise * rng.noise.normal(size=n)


def parse_points(text: str) -> str:
    """Points as "x y; x y", in their canonical form. Raises ValueError for anything else, naming what is allowed."""
    pairs = [pair.split() for pair in text.split(";") if pair.strip()]
    if len(pairs) > MOST_ADDED:
        raise ValueError(f"got {len(pairs)} points, wanted at most {MOST_ADDED}")
    return "; ".join(_point(pair) for pair in pairs)


def _point(pair: list[str]) -> str:
    number = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
    if len(pair) != 2 or not all(re.fullmatch(number, word) for word in pair):
        raise ValueError(f"got {' '.join(pair)!r}, wanted points like 0.5 1.2; -0.3 -0.8")
    x, y = (round(float(word), 4) + 0.0 for word in pair)  # + 0.0 makes of -0.0 a plain zero
    if abs(x) > MARGIN * WIDEST or abs(y) > MARGIN * TALLEST:
        raise ValueError(f"got {x:g} {y:g}, wanted x from {-WIDEST:g} to {WIDEST:g} and y from {-TALLEST:g} to {TALLEST:g}")
    return f"{_within(x, WIDEST):g} {_within(y, TALLEST):g}"


def _within(value: float, edge: float) -> float:
    return min(max(value, -edge), edge)


def points_of(text: str) -> Array:
    """The points of a parsed text, (2, m)."""
    pairs = [pair.split() for pair in text.split(";") if pair]
    return np.array(pairs, dtype=float).reshape(-1, 2).T
