"""Drawings: one shape where it was asked for, two as their caption says."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets import scenes, shapes
from engine.datasets.drawings import COLOURS, MASKS, SHAPES, SIZE, WORDS

COLOUR_OF = np.array(list(COLOURS.values()))


@pytest.mark.parametrize(("side", "columns"), [("left", range(8)), ("right", range(8, 16)), ("both", range(16))])
def test_a_shape_lies_whole_in_its_half(side: str, columns: range) -> None:
    images, labels = shapes(np.random.default_rng(0), 200, side, noise=0.0)
    assert (images.shape, images.dtype.name, set(labels)) == ((1, 16, 16, 200), "float32", set(range(len(SHAPES))))
    np.testing.assert_array_equal(images.sum(axis=(0, 1, 2)), MASKS[labels].sum(axis=(1, 2)))
    assert set(np.flatnonzero(images.sum(axis=(0, 1, 3)))) == set(columns)


def test_shapes_differ_from_each_other_and_a_side_that_is_none_is_refused() -> None:
    assert len({mask.tobytes() for mask in MASKS}) == len(SHAPES)
    with pytest.raises(ValueError, match="side: got 'top', wanted one of left, right, both"):
        shapes(np.random.default_rng(0), 3, "top")


def test_a_scene_shows_what_its_caption_says() -> None:
    made = scenes(np.random.default_rng(0), 100, noise=0.0)
    assert (made.images.shape, made.captions.shape) == ((3, 16, 16, 100), (5, 100))
    for place in range(100):
        words = [WORDS[number] for number in made.captions[:, place]]
        image = made.images[..., place]
        parts = (image[:, :8], image[:, 8:]) if words[2] == "above" else (image[:, :, :8], image[:, :, 8:])
        for part, colour, shape in zip(parts, words[::3], (words[1], words[4]), strict=True):
            rows, columns = np.nonzero(part.sum(axis=0))
            drawn = part[:, rows.min() : rows.min() + SIZE, columns.min() : columns.min() + SIZE]
            wanted = COLOUR_OF[list(COLOURS).index(colour)][:, None, None] * MASKS[SHAPES.index(shape)]
            np.testing.assert_allclose(drawn, wanted, rtol=1e-6)


def test_no_scene_is_described_by_two_captions() -> None:
    made = scenes(np.random.default_rng(0), 500, noise=0.0)
    drawn = made.images.sum(axis=0) > 0
    tall, wide = (np.ptp(np.where(drawn.any(axis=axis), np.arange(16)[:, None], 8), axis=0) for axis in (1, 0))
    above = made.captions[2] == WORDS.index("above")
    np.testing.assert_array_equal(tall > wide, above)
    assert max(wide[above].max(), tall[~above].max()) < min(tall[above].min(), wide[~above].min())


def test_pairs_that_are_held_out_never_occur_and_all_others_do() -> None:
    made = scenes(np.random.default_rng(0), 2000, without=(("red", "disc"),))
    pairs = {(WORDS[colour], WORDS[shape]) for colour, shape in np.concatenate([made.captions[:2], made.captions[3:]], axis=1).T}
    assert pairs == {(colour, shape) for colour in COLOURS for shape in SHAPES} - {("red", "disc")}
