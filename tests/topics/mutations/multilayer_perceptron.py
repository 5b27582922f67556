"""Topic 3 without what it shows: classes that a line parts, or does not; layers that do not bend, or all do."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.multilayer_perceptron import circles, four_points, starts
from app.topics.multilayer_perceptron.points import TABLES
from engine.datasets import Dataset
from engine.datasets import circles as two_circles
from tests.topics.mutations import Mutation
from tests.topics.mutations.what_is_deep_learning import bending


def _side_by_side(patch: pytest.MonkeyPatch) -> None:
    def apart(rng: np.random.Generator, points: int, noise: float) -> Dataset:
        both = two_circles(rng, points, noise)
        return Dataset(both.inputs + 3 * np.outer([1, 0], both.labels).astype(both.inputs.dtype), both.labels)

    patch.setattr(circles, "circles", apart)


def _and_instead_of_xor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(starts, "TARGETS", np.array([TABLES["and"]]))


MUTATIONS = [
    Mutation("four-points", "a line parts the points", ("best", "period"), {"task": "and"}),
    Mutation("four-points", "no line parts the points", ("last epoch",), {"task": "xor"}),
    Mutation(
        "four-points",
        "the hidden layer does not bend what it gets",
        ("network", "loss"),
        patch=bending(four_points, "tanh", "linear"),
    ),
    Mutation(
        "circles", "the hidden layer does not bend what it gets", ("With four tanh",), patch=bending(circles, "tanh", "linear")
    ),
    Mutation("circles", "there are four units after all", ("With one or two",), {"hidden_units": 4}),
    Mutation("circles", "both hidden layers bend", ("worth", "apart"), patch=bending(circles, "linear", "tanh")),
    Mutation("circles", "the circles lie side by side", ("line",), patch=_side_by_side),
    Mutation("starts", "a line parts the points", ("1", "2"), patch=_and_instead_of_xor),
    Mutation(
        "starts",
        "no hidden layer bends what it gets",
        ("2", "4", "8", "met", "one pair"),
        patch=bending(starts, "tanh", "linear"),
    ),
]
