"""The visitor's scene: read as its caption says it, drawn, and darkened patch by patch to see what each word hangs on."""

from __future__ import annotations

import re

import numpy as np

from engine import Array
from engine.datasets.drawings import COLOURS, MASKS, SHAPES, SIDE, SIZE

PATCH, PLACES = 6, SIDE // 2
"""A square of so many pixels, larger than a shape, is darkened at so many places along each side."""
ROW, COLUMN = 2, 6
"""Where in its half, and how far across, each shape of the visitor's scene begins."""
HUES = (*(f"#{''.join(f'{round(255 * part):02x}' for part in paint)}" for paint in COLOURS.values()), "#ffffff")
IN_COLOUR = tuple(stop for place, hue in enumerate(HUES) for stop in ((place / 5, "#000000"), ((place + 1) / 5, hue)))
"""Five scales in one: a fifth from black to each of the four colours, the last to white."""
WITHIN = (0.02, 0.98)
"""What is drawn of a fifth, so that no rounding leads into the next one."""
PHRASE = f"({'|'.join(COLOURS)}) ({'|'.join(SHAPES)})"
CAPTION = re.compile(f"{PHRASE} (above|left of) {PHRASE}")


def parse_scene(text: str) -> str:
    """A scene as its caption says it. Raises ValueError for anything else, saying which words there are."""
    found = CAPTION.fullmatch(" ".join(text.lower().split()))
    if not found:
        colours, kinds = (" or ".join([", ".join(names[:-1]), names[-1]]) for names in (tuple(COLOURS), SHAPES))
        raise ValueError(f"two shapes, such as red disc above blue cross: {colours}; {kinds}; above or left of")
    return found[0]


def drawn(caption: str, rng: np.random.Generator) -> Array:
    """The visitor's scene (3, 16, 16, 1), as noisy as those that are learned from."""
    words = caption.replace("left of", "left-of").split()
    image = np.zeros((3, SIDE, SIDE))
    for place, (colour, shape) in enumerate((words[:2], words[3:])):
        along = place * SIDE // 2 + ROW
        row, column = (along, COLUMN) if words[2] == "above" else (COLUMN, along)
        paint = np.array(COLOURS[colour])[:, None, None]
        image[:, row : row + SIZE, column : column + SIZE] = paint * MASKS[SHAPES.index(shape)]
    return (image + 0.05 * rng.normal(size=image.shape))[..., None].astype(np.float32)


def darkened(yours: Array) -> Array:
    """The scene, and after it the scene with a patch of black at each of 8 x 8 places (3, 16, 16, 65)."""
    every = np.repeat(yours, 1 + PLACES**2, axis=-1)
    for place in range(PLACES**2):
        row, column = (2 * at + 1 - PATCH // 2 for at in divmod(place, PLACES))
        every[:, max(row, 0) : row + PATCH, max(column, 0) : column + PATCH, 1 + place] = 0
    return every


def pictures(yours: Array, said: Array, odds: Array) -> Array:
    """The scene (3, 16, 16) and a map for each word said (5,), on the scale `IN_COLOUR`: (6, 16, 16).

    `odds` (entries, 5, 65): of all words as the scene is darkened. A map is as bright as the probability that the word loses.
    """
    kept = odds[said, np.arange(len(said))]
    lost = np.clip(kept[:, :1] - kept[:, 1:], *WITHIN).reshape(-1, PLACES, PLACES)
    maps = np.repeat(np.repeat(lost, 2, axis=1), 2, axis=2)
    return np.concatenate([_in_colour(yours)[None], (len(COLOURS) + maps) / len(HUES)])


def _in_colour(yours: Array) -> Array:
    """Each pixel in the nearest of the four colours, as bright as it is (16, 16)."""
    paints = np.array(list(COLOURS.values()))
    bright = np.einsum("kc,chw->khw", paints, yours) / np.square(paints).sum(axis=1)[:, None, None]
    apart = np.square(yours - bright[:, None] * paints[..., None, None]).sum(axis=1)
    nearest = apart.argmin(axis=0)
    shares = np.clip(np.take_along_axis(bright, nearest[None], axis=0)[0], *WITHIN)
    coloured: Array = (nearest + shares) / len(HUES)
    return coloured
