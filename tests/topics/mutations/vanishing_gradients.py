"""Topic 22 without what it shows: few layers or time steps, factors of one, cures that are left out, a gradient not clipped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.vanishing_gradients import recipes, through_time
from engine import Mlp, Update, mlp, optimizers
from engine.networks.activations import ACTIVATIONS, linear
from engine.networks.initializers import INITIALIZERS, xavier
from tests.topics.mutations import Mutation


def _cures_left_out(patch: pytest.MonkeyPatch) -> None:
    def plain(*given: Any, normalize: bool, residual: bool) -> Mlp:
        return mlp(*given)

    patch.setattr(recipes, "mlp", plain)


def _a_sigmoid_of_slope_one(patch: pytest.MonkeyPatch) -> None:
    sigmoid = ACTIVATIONS["sigmoid"]
    patch.setitem(ACTIVATIONS, "sigmoid", lambda a: sigmoid(4 * a))


def _he_without_his_factor(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(INITIALIZERS, "he", xavier)


def _a_sigmoid_for_relu(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(recipes.RECIPES, "relu_xavier", recipes.RECIPES["sigmoid"])


def _xavier_as_he(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(INITIALIZERS, "xavier", INITIALIZERS["he"])


def _scaled_by_the_largest_singular_value(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(np.linalg, "eigvals", lambda matrix: np.linalg.svd(matrix, compute_uv=False))


def _no_tanh(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(through_time, "activation", lambda _kind: linear)


def _never_clipped(patch: pytest.MonkeyPatch) -> None:
    sgd = optimizers.sgd

    def free(loss: Any, rate: Any, clip_norm: float | None) -> Update:
        return sgd(loss, rate)

    patch.setattr(optimizers, "sgd", free)


MUTATIONS = [
    Mutation("initialization", "there are five layers", ("sigmoid", "relu_xavier", "relu_norm", "relu_residual"), {"depth": 5}),
    Mutation("initialization", "sigmoid has a slope of one", ("sigmoid",), patch=_a_sigmoid_of_slope_one),
    Mutation("initialization", "Xavier’s weights are He’s", ("relu_xavier",), patch=_xavier_as_he),
    Mutation("initialization", "ReLU is a sigmoid", ("relu_xavier weights",), patch=_a_sigmoid_for_relu),
    Mutation("initialization", "He’s weights have Xavier’s variance", ("relu",), patch=_he_without_his_factor),
    Mutation(
        "initialization",
        "batch norm and residual links are left out",
        ("sigmoid_norm", "relu_norm", "relu_residual"),
        patch=_cures_left_out,
    ),
    Mutation("training", "there are two layers", ("The plain", "plain ratio"), {"depth": 2, "learning_rate": 0.2}),
    Mutation("training", "there are twenty layers", ("With two layers",)),
    Mutation("training", "batch norm is left out", ("cured",), patch=_cures_left_out),
    Mutation("through-time", "it goes back five steps", ("linear 0.5", "linear 1.5", "tanh 3.0"), {"time_steps": 5}),
    Mutation(
        "through-time",
        "the radii are those of a smaller matrix",
        ("linear 1.0", "linear 1.5", "tanh 3.0"),
        patch=_scaled_by_the_largest_singular_value,
    ),
    Mutation("through-time", "tanh is left out", ("tanh 1.5",), patch=_no_tanh),
    Mutation("clipping", "nothing is clipped", ("clipped highest",), patch=_never_clipped),
    Mutation(
        "clipping", "the memory is short and nothing explodes", ("free highest", "And yet"), {"time_steps": 6, "radius": 1.0}
    ),
    Mutation("clipping", "the memory is long", ("The clipped network learns",)),
]
