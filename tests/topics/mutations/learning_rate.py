"""Topic 14 without what it shows: equal rates, rates on the other side of the edge, a schedule that does not fall."""

from __future__ import annotations

import pytest

from app.topics.learning_rate import quadratic
from engine import optimizers, schedules
from tests.topics.mutations import Mutation, Patch


def _all_take(rate: float) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        heavy_ball = optimizers.momentum
        patch.setattr(optimizers, "momentum", lambda loss, rates, momentum: heavy_ball(loss, 0 * rates + rate, momentum=momentum))

    return patched


def _edges_exchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(quadratic, "BELOW", 2.01)
    patch.setattr(quadratic, "ABOVE", 1.99)


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    sgd = optimizers.sgd
    patch.setattr(optimizers, "sgd", lambda loss, rate: sgd(loss, 0 * rate))


def _that_stays(schedule: str) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(schedules, schedule, lambda rate, _steps: schedules.constant(rate))

    return patched


MUTATIONS = [
    Mutation("race", "all six take a low rate", ("rate 0.1", "rate 1", "rate 10"), patch=_all_take(0.001)),
    Mutation("race", "all six take a good rate", ("rate 0.001", "rate 10"), patch=_all_take(0.3)),
    Mutation("quadratic", "the rates either side of the edge are exchanged", ("below", "above"), patch=_edges_exchanged),
    Mutation("edge-of-stability", "the rate is far below the edge", ("product", "rises"), {"learning_rate": 0.03}),
    Mutation("edge-of-stability", "the weights stay where they are", ("kept",), patch=_weights_that_stay),
    Mutation("schedules", "the cosine does not fall", ("ratio",), patch=_that_stays("cosine")),
    Mutation("schedules", "the stepped rate is never halved", ("stepped ratio",), patch=_that_stays("stepped")),
]
