"""Topic 8 without what it shows: round bowls, no memory of the last step, no waves, a start off the ridge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.topics.gradient_descent import params
from app.topics.gradient_descent.landscapes import LANDSCAPES, Landscape, rastrigin
from tests.topics.mutations import Mutation, Patch


def _instead(name: str, other: Landscape) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(params, "LANDSCAPES", {**LANDSCAPES, name: other})

    return patched


ROUND_RAVINE = replace(LANDSCAPES["ravine"], text="50*(x**2 + y**2)", rates=(0.01, 0.0075, 0.0075, 0.2, 0.2))
ROUND_VALLEY = replace(LANDSCAPES["rosenbrock"], text="(1 - x)**2 + (1 - y)**2", rates=(0.5, 0.1, 0.1, 0.01, 0.1), steps=400)
NO_WAVES = replace(LANDSCAPES["rastrigin"], text=rastrigin(0))

MUTATIONS = [
    Mutation(
        "paths",
        "the ravine is a round bowl, which gradient descent crosses in a step",
        ("Gradient descent arrives", "Momentum needs", "Nesterov needs", "Adam there"),
        patch=_instead("ravine", ROUND_RAVINE),
    ),
    Mutation("paths", "nothing of the last step is kept", ("Momentum needs", "Nesterov needs"), {"momentum": 0.0}),
    Mutation("paths", "no axis lies along the ravine", ("RMSProp, ravine along an axis", "Adam there"), {"rotation": 45.0}),
    Mutation(
        "paths", "the ravine lies along an axis, the rate below the edge", ("RMSProp, the same ravine turned", "sgd height")
    ),
    Mutation(
        "paths",
        "Rosenbrock’s valley is a round bowl",
        ("Rosenbrock: momentum", "Rosenbrock: Adam"),
        {"landscape": "rosenbrock"},
        _instead("rosenbrock", ROUND_VALLEY),
    ),
    Mutation("paths", "nothing is kept at the saddle", ("Saddle, a millionth",), {"landscape": "saddle", "momentum": 0.0}),
    Mutation("paths", "the start is off the ridge", ("sideways",), {"landscape": "saddle"}),
    Mutation("paths", "Rastrigin’s bowl has no waves", ("lowest",), {"landscape": "rastrigin"}, _instead("rastrigin", NO_WAVES)),
    Mutation("many-starts", "there are no waves", ("Of 50 starts", "most"), {"waves": 0.0}),
    Mutation("many-starts", "there are waves", ("Without waves",), {"waves": 10.0}),
    Mutation("many-starts", "Adam’s steps are short", ("adam there",), {"waves": 0.5, "rate": 0.1}),
]
