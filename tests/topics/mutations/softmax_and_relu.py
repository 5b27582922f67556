"""Topic 12 without what it shows: a softmax turned around or without its exponential, a ReLU that leaks, labels to be sure of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.softmax_and_relu import calibration, sparsity, temperature
from engine import Mlp, Node, mlp, ops
from engine.networks.activations import softmax
from tests.topics.mutations import Mutation, Patch


def _multiplied_instead_of_divided(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(temperature, "softmax", lambda logits, hot: softmax(logits * hot, 1.0))


def _squares_instead_of_exponentials(patch: pytest.MonkeyPatch) -> None:
    def shares(logits: Node, _hot: Node) -> Node:
        squares = ops.square(logits)
        return squares / ops.total(squares, -2, keepdims=True)

    patch.setattr(temperature, "softmax", shares)


def _all_are(name: str) -> Patch:
    """All four networks have this activation function."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        def alike(graph: Any, sizes: Any, rng: Any, _activation: str, *rest: Any, **named: Any) -> Mlp:
            return mlp(graph, sizes, rng, name, *rest, **named)

        patch.setattr(sparsity, "mlp", alike)

    return patched


def _a_temperature_for_each_class(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calibration, "_cooled", lambda logits, warmth: logits / (warmth * np.linspace(0.5, 2, len(logits))[:, None]))


def _heated_instead_of_cooled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calibration, "_cooled", lambda logits, warmth: logits * warmth)


COLD = ("rise", "first entropy", "entropy")

MUTATIONS = [
    Mutation("temperature", "logits are multiplied by the temperature", COLD, patch=_multiplied_instead_of_divided),
    Mutation("temperature", "shares are of squares, not of exponentials", ("change",), patch=_squares_instead_of_exponentials),
    Mutation("temperature", "nothing is added to the logits", ("lost",), {"shift": 0.0}),
    Mutation("sparsity", "ReLU leaks", ("relu zeros at first", "relu zeros"), patch=_all_are("leaky_relu")),
    Mutation("sparsity", "all four cut off", ("smooth zeros", "gelu zeros", "dead"), patch=_all_are("relu")),
    Mutation(
        "sparsity",
        "all four cut off, and begin too far down to wake up",
        ("least right", "tanh right"),
        {"hidden_bias": -6.0},
        _all_are("relu"),
    ),
    Mutation(
        "calibration",
        "the training labels are right and there are plenty",
        ("overconfidence", "temperature", "ratio"),
        {"label_noise": 0.0, "samples": 600},
    ),
    Mutation("calibration", "the temperature is applied the wrong way", ("gap left",), patch=_heated_instead_of_cooled),
    Mutation("calibration", "each class is cooled by itself", ("changed",), patch=_a_temperature_for_each_class),
]
