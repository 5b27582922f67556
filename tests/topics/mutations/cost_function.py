"""Topic 7 without what it shows: costs exchanged, an undecided start, no outliers, a network that does not learn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import Node, losses
from engine.ops import sigmoid
from tests.topics.mutations import Mutation

Cost = Callable[[Node, Node], Node]


def _of_probabilities(cost: Cost) -> Cost:
    return lambda logits, targets: cost(sigmoid(logits), targets)


def _squared_in_its_place(patch: pytest.MonkeyPatch) -> None:
    """Cross-entropy loses the logarithm, and absolute error its straight arms."""
    patch.setattr(losses, "sigmoid_cross_entropy", _of_probabilities(losses.mean_squared_error))
    patch.setattr(losses, "mean_absolute_error", losses.mean_squared_error)


def _proper_and_improper_exchanged(patch: pytest.MonkeyPatch) -> None:
    squared, absolute = losses.mean_squared_error, losses.mean_absolute_error
    patch.setattr(losses, "sigmoid_cross_entropy", _of_probabilities(absolute))
    patch.setattr(losses, "mean_squared_error", absolute)
    patch.setattr(losses, "mean_absolute_error", squared)


MUTATIONS = [
    Mutation("saturation", "an undecided start", ("After 300 steps squared error", "first ratio"), {"output_bias": 0.0}),
    Mutation("saturation", "cross-entropy is squared error", ("cross",), patch=_squared_in_its_place),
    Mutation(
        "saturation",
        "cross-entropy is squared error, less certain",
        ("cross steps",),
        {"output_bias": -6.0},
        _squared_in_its_place,
    ),
    Mutation(
        "saturation", "squared error is as good as stuck", ("From a less certain",), {"output_bias": 0.0, "learning_rate": 0.001}
    ),
    Mutation(
        "outliers", "no outliers", ("Squared error’s line", "squared pull", "absolute pull", "With 30 %"), {"outliers": 0.0}
    ),
    Mutation("outliers", "there are outliers", ("Without outliers",)),
    Mutation(
        "outliers",
        "all three are squared",
        ("Absolute error’s line", "huber"),
        {"delta": 8.0},
        _squared_in_its_place,
    ),
    Mutation("probabilities", "the costs are exchanged", ("cross", "squared", "absolute"), patch=_proper_and_improper_exchanged),
]
