"""Topic 8 without what it shows: round bowls, no memory of the last step, no waves, a start off the ridge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.topics.gradient_descent import params
from app.topics.gradient_descent.landscapes import LANDSCAPES, Landscape, rastrigin
from engine import optimizers
from tests.topics.mutations import Mutation, Patch


def _instead(name: str, other: Landscape) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(params, "LANDSCAPES", {**LANDSCAPES, name: other})

    return patched


def _squares_that_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(optimizers.OPTIMIZERS, "rmsprop", optimizers.adagrad)


ROUND_RAVINE = replace(LANDSCAPES["ravine"], text="50*(x**2 + y**2)", rates=(0.01, 0.0075, 0.0075, 0.2, 0.2))
ROUND_VALLEY = replace(LANDSCAPES["rosenbrock"], text="(1 - x)**2 + (1 - y)**2", rates=(0.5, 0.1, 0.1, 0.01, 0.1), steps=400)
NO_WAVES = replace(LANDSCAPES["rastrigin"], text=rastrigin(0))

MUTATIONS = [
    Mutation(
        "paths",
        "the ravine is a round bowl, which gradient descent crosses in a step",
        ("However the ravine", "Momentum stays", "Nesterov stays", "On the ravine along an axis, Adam"),
        patch=_instead("ravine", ROUND_RAVINE),
    ),
    Mutation("paths", "nothing of the last step is kept", ("Momentum stays", "Nesterov stays"), {"momentum": 0.0}),
    Mutation(
        "paths",
        "no axis lies along the ravine",
        ("RMSProp, on the ravine", "On the ravine along an axis, Adam"),
        {"rotation": 45.0},
    ),
    Mutation(
        "paths",
        "the ravine lies along an axis, the rate below the edge",
        ("On the ravine turned by 45°, RMSProp", "On the same ravine turned", "sgd height"),
    ),
    Mutation("paths", "RMSProp forgets nothing, and so its steps shrink", ("rmsprop again",), patch=_squares_that_are_kept),
    Mutation(
        "paths",
        "Rosenbrock’s valley is a round bowl",
        ("In Rosenbrock’s valley momentum", "In Rosenbrock’s valley Adam"),
        {"landscape": "rosenbrock"},
        _instead("rosenbrock", ROUND_VALLEY),
    ),
    Mutation("paths", "nothing is kept at the saddle", ("At the saddle",), {"landscape": "saddle", "momentum": 0.0}),
    Mutation("paths", "the start is well off the ridge", ("A millionth",), {"landscape": "saddle", "start": "1, 0.1"}),
    Mutation("paths", "the start is off the ridge", ("sideways",), {"landscape": "saddle"}),
    Mutation("paths", "Rastrigin’s bowl has no waves", ("lowest",), {"landscape": "rastrigin"}, _instead("rastrigin", NO_WAVES)),
    Mutation("many-starts", "there are no waves", ("Gradient descent brings", "most", "Over low waves"), {"waves": 0.0}),
    Mutation("many-starts", "there are waves", ("Where the waves",), {"waves": 10.0}),
    Mutation("many-starts", "Adam’s steps are short", ("adam there",), {"waves": 0.5, "rate": 0.1}),
]
