"""Topic 18 without what it shows: the starts exchanged, so that each network has the scale, or the randomness, of another."""

from __future__ import annotations

import pytest

from app.topics.weight_initialization import scale, symmetry
from tests.topics.mutations import Mutation


def _scales_exchanged(patch: pytest.MonkeyPatch) -> None:
    starts = scale.REFERENCES
    other = {"small": "xavier", "large": "xavier", "xavier": "small", "relu_xavier": "he", "he": "relu_xavier"}
    patch.setattr(scale, "REFERENCES", {name: starts[other[name]] for name in starts})


def _randomness_exchanged(patch: pytest.MonkeyPatch) -> None:
    alike, random = symmetry.REFERENCES["sigmoid"].randomness, symmetry.REFERENCES["random"].randomness
    other = {name: one._replace(randomness=alike if one.randomness else random) for name, one in symmetry.REFERENCES.items()}
    patch.setattr(symmetry, "REFERENCES", other)


SCALES = (
    "small kept",
    "large returned",
    "relu_xavier kept",
    "he kept",
    "small",
    "large",
    "xavier",
    "ReLU with Xavier’s weights lags",
    "he",
)
ALIKE = ("tanh weights", "tanh", "sigmoid spread", "sigmoid", "against one unit", "random", "yours")

MUTATIONS = [
    Mutation("scale", "each network starts at the other scale of its activation", SCALES, patch=_scales_exchanged),
    Mutation("scale", "eight epochs are all there are", ("Twenty layers",), {"depth": 20}),
    Mutation("symmetry", "zeros are random and random ones are zeros", ALIKE, {"randomness": 0.0}, patch=_randomness_exchanged),
]
