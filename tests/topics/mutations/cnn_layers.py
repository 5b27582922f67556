"""Topic 19 without what it shows: nothing is learned, one filter, another window, both halves, a shape moved by less."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.cnn_layers import layers, position
from app.topics.cnn_layers.window import Window
from engine import optimizers
from tests.topics.mutations import Mutation


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    adam = optimizers.adam
    patch.setattr(optimizers, "adam", lambda loss, rate: adam(loss, 0 * rate))


def _a_small_perceptron(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(layers, "HIDDEN", 8)


def _the_window_below(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Window, "within", property(lambda window: np.s_[window.row + 1 : window.row + 4, window.column : window.column + 3])
    )


def _a_shape_moved_by_seven(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(position, "MOVED", 7)


MUTATIONS = [
    Mutation("layers", "there is a single filter", ("right", "ahead"), {"filters": 1}),
    Mutation("layers", "the perceptron has eight units", ("larger",), patch=_a_small_perceptron),
    Mutation("layers", "the window of another place is multiplied", ("apart",), patch=_the_window_below),
    Mutation("position", "nothing is learned", ("seen",), patch=_weights_that_stay),
    Mutation(
        "position",
        "shapes are learned in both halves",
        ("In the other half, with the maps flattened", "perceptron unseen"),
        {"trained_on": "both"},
    ),
    Mutation(
        "position",
        "the maps are flattened",
        ("In the other half, with the global average", "In the other half, with the global maximum"),
    ),
    Mutation("position", "the shape is moved by seven pixels", ("moves",), patch=_a_shape_moved_by_seven),
    Mutation("drawing", "nothing is learned", ("right", "five"), patch=_weights_that_stay),
    Mutation("drawing", "training digits stand where they were written", ("Of those digits moved sideways",), {"moved": False}),
    Mutation("drawing", "training digits are moved", ("Trained without moved digits",)),
]
