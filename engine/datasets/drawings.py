"""Small images of drawn shapes, made from a generator: one shape to be named, or two to be described in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.datasets.table import at_least_one
from engine.graph import Array

DRAWN = {
    "square": ("#####", "#####", "#####", "#####", "#####"),
    "disc": (".###.", "#####", "#####", "#####", ".###."),
    "triangle": ("..#..", ".###.", ".###.", "#####", "#####"),
    "cross": ("..#..", "..#..", "#####", "..#..", "..#.."),
}
SHAPES = tuple(DRAWN)
MASKS: Array = np.array([[[sign == "#" for sign in line] for line in lines] for lines in DRAWN.values()], np.float32)
"""(shapes, 5, 5), 1 within the shape."""
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (1.0, 0.1, 0.1),
    "green": (0.1, 0.9, 0.1),
    "blue": (0.1, 0.2, 1.0),
    "yellow": (1.0, 0.9, 0.1),
}
WORDS = ("<begin>", *COLOURS, *SHAPES, "above", "left of")
"""The words of captions by number."""
SIDE, SIZE = 16, MASKS.shape[-1]


def shapes(rng: np.random.Generator, n: int, side: str = "both", noise: float = 0.1) -> tuple[Array, Array]:
    """Images (1, 16, 16, n) of one shape each, and which of `SHAPES` (n,).

    `side`: "left" or "right" keeps the whole shape in that half, "both" anywhere: training on one side and testing on the other
    shows what moves with its image. Raises ValueError for another side.
    """
    columns = {"left": (0, SIDE // 2 - SIZE), "right": (SIDE // 2, SIDE - SIZE), "both": (0, SIDE - SIZE)}
    if side not in columns:
        raise ValueError(f"side: got {side!r}, wanted one of {', '.join(columns)}")
    at_least_one(n=n)
    labels = rng.integers(0, len(SHAPES), n)
    rows = rng.integers(0, SIDE - SIZE + 1, n)
    places = rng.integers(columns[side][0], columns[side][1] + 1, n)
    images, within = np.zeros((n, SIDE, SIDE)), np.arange(SIZE)
    images[np.arange(n)[:, None, None], rows[:, None, None] + within[:, None], places[:, None, None] + within] = MASKS[labels]
    images += noise * rng.normal(size=images.shape)
    return images.transpose(1, 2, 0)[None].astype(np.float32), labels


@dataclass(frozen=True, eq=False)
class Scenes:
    """`images` (3, 16, 16, n) of two coloured shapes, and `captions` (5, n), numbers of `WORDS`: "red disc above blue cross"."""

    images: Array
    captions: Array


def scenes(rng: np.random.Generator, n: int, without: tuple[tuple[str, str], ...] = (), noise: float = 0.05) -> Scenes:
    """`n` scenes. The order is canonical: first the upper, or of two side by side the left one, so that each has one caption.

    Across the line on which they lie, both keep to the middle: two at opposite corners would be above and left of one another.
    `without`: pairs (colour, shape) that never occur, to be held out for a test of composition (Lake and Baroni, 2018).
    """
    allowed = [(c, s) for c, colour in enumerate(COLOURS) for s, shape in enumerate(SHAPES) if (colour, shape) not in without]
    at_least_one(n=n)
    if not allowed:
        raise ValueError(f"without: got all {len(without)} pairs, wanted one to be left")
    pairs = np.array(allowed)[rng.integers(0, len(allowed), (n, 2))]
    above = rng.integers(0, 2, n).astype(bool)
    along = np.array([0, SIDE // 2]) + rng.integers(0, SIDE // 2 - SIZE + 1, (n, 2))
    across = SIDE // 4 + rng.integers(0, SIDE // 2 - SIZE + 1, (n, 2))
    upright = above[:, None]
    images = _painted(pairs, np.where(upright, along, across), np.where(upright, across, along))
    images += noise * rng.normal(size=images.shape)
    (first_colour, first), (second_colour, second) = pairs.transpose(1, 2, 0)
    colours, kinds = 1, 1 + len(COLOURS)
    relation = np.where(above, WORDS.index("above"), WORDS.index("left of"))
    words = [colours + first_colour, kinds + first, relation, colours + second_colour, kinds + second]
    return Scenes(images.transpose(1, 2, 3, 0).copy(), np.stack(words))


def _painted(pairs: Array, rows: Array, columns: Array) -> Array:
    """Images (n, 3, 16, 16) of shapes that do not overlap: `pairs` (n, k, 2) colour and shape, upper left corners (n, k)."""
    images = np.zeros((len(pairs), 3, SIDE, SIDE), np.float32)
    paint = np.array(list(COLOURS.values()), np.float32)[pairs[..., 0]]
    pixels = paint[:, :, None, None] * MASKS[pairs[..., 1], ..., None]
    down, right = np.arange(SIZE)[:, None], np.arange(SIZE)
    which = np.arange(len(pairs))[:, None, None, None]
    images[which, :, rows[..., None, None] + down, columns[..., None, None] + right] = pixels
    return images
