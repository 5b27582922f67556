"""Topic 25 without what it shows: other dtypes, orders exchanged, strides misread, steps that all copy, a network that stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.topics.tensors import anatomy, batch, pipeline, stages
from app.topics.tensors.memory import offsets
from app.topics.tensors.pipeline import State, Step
from engine import optimizers
from tests.topics.mutations import Mutation

IN_ORDER = "[1:]\n.T\n[::-1]"


def _orders_exchanged(patch: pytest.MonkeyPatch) -> None:
    stored = anatomy.stored
    patch.setattr(anatomy, "stored", lambda params, order: stored(params, "F" if order == "C" else "C"))


def _strides_of_one_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("app.topics.tensors.anatomy.offsets", lambda array: offsets(array.astype(np.uint8)))


def _every_step_copies(patch: pytest.MonkeyPatch) -> None:
    def copying(before: State, step: Step) -> State:
        return after(before, replace(step, apply=lambda array: step.apply(array).copy()))

    after = pipeline.after
    patch.setattr(pipeline, "after", copying)


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    adam = optimizers.adam
    patch.setattr(optimizers, "adam", lambda loss, rate: adam(loss, 0 * rate))


def _half_precision_without_filters(patch: pytest.MonkeyPatch) -> None:
    flow = stages.stages

    def coarse(images: Any, labels: Any, filters: Any, weights: Any, dtype: str) -> Any:
        fewer = 0.0 if dtype == "float16" else 1.0
        return flow(images, labels, filters * fewer, weights, dtype)

    patch.setattr(batch, "stages", coarse)


def _stages_that_copy(patch: pytest.MonkeyPatch) -> None:
    windows = np.lib.stride_tricks.sliding_window_view
    patch.setattr(np.lib.stride_tricks, "sliding_window_view", lambda *place, **more: windows(*place, **more).copy())


def _a_bias_too_many(patch: pytest.MonkeyPatch) -> None:
    flow = stages.stages
    patch.setattr(
        batch, "stages", lambda images, labels, filters, weights, dtype: flow(images, labels, filters + 1, weights, dtype)
    )


MUTATIONS = [
    Mutation("anatomy", "numbers are stored in half precision", ("Of a thousand random numbers, float32",), {"dtype": "float16"}),
    Mutation("anatomy", "numbers are stored in double precision", ("whole",), {"dtype": "float64"}),
    Mutation("anatomy", "numbers are stored in single precision", ("Of a thousand random numbers, float16",)),
    Mutation("anatomy", "the orders are exchanged", ("next in C", "next in F"), patch=_orders_exchanged),
    Mutation("anatomy", "strides are those of another dtype", ("found",), patch=_strides_of_one_number),
    Mutation("steps", "every step copies", ("foreseen", "views", "written"), patch=_every_step_copies),
    Mutation("steps", "views are copies", ("changed",), {"steps": IN_ORDER}, patch=_every_step_copies),
    Mutation("batch", "the weights stay where they are", ("accuracy",), patch=_weights_that_stay),
    Mutation("batch", "half precision loses the filters", ("same",), patch=_half_precision_without_filters),
    Mutation("batch", "windows are copies", ("views", "windows"), patch=_stages_that_copy),
    Mutation("batch", "NumPy adds one to every filter", ("apart",), patch=_a_bias_too_many),
]
