"""Topic 6 without what it shows: no bend, no depth, slopes cut down or given where there was none, the off side closed."""

from __future__ import annotations

import pytest

from engine.networks.activations import ACTIVATIONS, Activation
from engine.ops import relu, sigmoid, tanh
from tests.topics.mutations import Mutation, Patch


def _instead(**functions: Activation) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        for name, function in functions.items():
            patch.setitem(ACTIVATIONS, name, function)

    return patched


_without_bend = dict.fromkeys(("tanh", "relu", "leaky_relu", "elu", "gelu", "silu"), ACTIVATIONS["linear"])
_without_slope_when_off = dict.fromkeys(("leaky_relu", "elu"), relu)

MUTATIONS = [
    Mutation("race", "none of the six bends", ("six",), {"hidden_layers": 1}, _instead(**_without_bend)),
    Mutation("race", "one hidden layer", ("sigmoid", "sigmoid ratio"), {"hidden_layers": 1, "learning_rate": 0.2}),
    Mutation(
        "race",
        "tanh and ReLU are no steeper than sigmoid",
        ("tanh ratio", "relu ratio"),
        patch=_instead(tanh=lambda a: tanh(a * 0.25), relu=lambda a: relu(a) * 0.25),
    ),
    Mutation(
        "race",
        "the line bends and the step has a slope",
        ("linear", "step hidden"),
        {"hidden_layers": 2},
        _instead(linear=tanh, step=sigmoid),
    ),
    Mutation("dead-relu", "the units start half on", ("relu moved", "So ReLU"), {"hidden_bias": 0.0}),
    Mutation(
        "dead-relu", "the units start half on, at a moderate rate", ("From a bias of 0 at a rate of 10",), {"hidden_bias": 0.0}
    ),
    Mutation("dead-relu", "the units start off", ("From a bias of 0 at a rate of 0.5",)),
    Mutation(
        "dead-relu",
        "no relative has a slope where it is off",
        ("ELU, from the same weights", "elu lead", "leaky_relu alive"),
        patch=_instead(**_without_slope_when_off),
    ),
]
