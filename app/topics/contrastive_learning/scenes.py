"""Small pictures of one shape in one colour, their captions, and how they are drawn on a chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array

SIDE, SIZE, NOISE = 7, 5, 0.15
COLOURS = {
    "red": (1.0, 0.1, 0.1),
    "green": (0.1, 0.9, 0.1),
    "blue": (0.2, 0.2, 1.0),
    "yellow": (1.0, 0.9, 0.1),
    "pink": (0.9, 0.2, 0.9),
    "cyan": (0.1, 0.9, 0.9),
}
SHAPES = {
    "square": ("#####", "#####", "#####", "#####", "#####"),
    "plus": ("..#..", "..#..", "#####", "..#..", "..#.."),
    "frame": ("#####", "#...#", "#...#", "#...#", "#####"),
    "bar": (".....", "#####", "#####", "#####", "....."),
    "cross": ("#...#", ".#.#.", "..#..", ".#.#.", "#...#"),
    "triangle": ("..#..", ".###.", ".###.", "#####", "#####"),
}
PAINTS: Array = np.array(list(COLOURS.values()), np.float32)
MASKS: Array = np.array([[[sign == "#" for sign in line] for line in lines] for lines in SHAPES.values()], np.float32)
HUES = [f"#{''.join(f'{round(255 * part):02x}' for part in paint)}" for paint in COLOURS.values()]
IN_COLOUR = tuple(stop for at, hue in enumerate(HUES) for stop in ((at / 6, "#000000"), ((at + 1) / 6, hue)))
"""Six scales in one: a sixth from black to each colour."""


@dataclass(frozen=True)
class World:
    """The first `kinds` colours and shapes; a pair (colour, shape) has the number colour * kinds + shape."""

    kinds: int

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.kinds**2

    @property
    def held_out(self) -> list[int]:
        """The pairs that no training picture shows: each colour and each shape is missing one partner."""
        return [colour * self.kinds + (colour + 1) % self.kinds for colour in range(self.kinds)]

    @property
    def shown(self) -> list[int]:
        """All other pairs."""
        return [pair for pair in range(self.pairs) if pair not in self.held_out]

    def name(self, pair: int) -> str:
        """Such as "red plus"."""
        colour, shape = divmod(pair, self.kinds)
        return f"{list(COLOURS)[colour]} {list(SHAPES)[shape]}"

    def words(self, pairs: Array, whole: bool) -> Array:
        """Captions of pairs (n,) as marks of the words in them: (2 kinds, n), colours first, or `whole`, a mark a pair."""
        marks = np.eye(self.pairs) if whole else np.concatenate([np.eye(self.kinds).repeat(self.kinds, 1), self._shape_marks])
        return np.asarray(marks[:, pairs], np.float32)

    @property
    def _shape_marks(self) -> Array:
        return np.tile(np.eye(self.kinds), self.kinds)

    def pictures(self, rng: np.random.Generator, pairs: Array) -> Array:
        """A noisy picture (3 * 7 * 7, n) of each pair (n,), the shape at one of nine places."""
        n, (colours, shapes) = len(pairs), np.divmod(pairs, self.kinds)
        top, left = rng.integers(0, SIDE - SIZE + 1, (2, n, 1, 1))
        inside = np.arange(SIZE)
        scenes = np.zeros((n, 3, SIDE, SIDE), np.float32)
        which, channel = np.arange(n)[:, None, None, None], np.arange(3)[:, None, None]
        rows, columns = top[:, None] + inside[:, None], left[:, None] + inside
        scenes[which, channel, rows, columns] = PAINTS[colours][:, :, None, None] * MASKS[shapes][:, None]
        return np.asarray((scenes + NOISE * rng.normal(size=scenes.shape)).reshape(n, -1).T, np.float32)


def in_colour(pictures: Array) -> Array:
    """Pictures (147, n) on the scale `IN_COLOUR`, (n, 7, 7): each pixel in the nearest of the colours, as bright as it is."""
    pixels = pictures.T.reshape(-1, 3, SIDE, SIDE)
    bright = np.einsum("kc,nchw->nkhw", PAINTS, pixels) / np.square(PAINTS).sum(axis=1)[:, None, None]
    gaps = np.square(pixels[:, None] - bright[:, :, None] * PAINTS[:, :, None, None]).sum(axis=2)
    nearest = gaps.argmin(axis=1)
    shares = np.clip(np.take_along_axis(bright, nearest[:, None], axis=1)[:, 0], 0.02, 0.98)
    return np.asarray((nearest + shares) / len(COLOURS))
