"""Topic 42 without what it shows: no fresh noise, no levels told, data that a Gaussian fits, and steps that are not saved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.diffusion import points, process, shapes
from engine.graph import Array
from tests.topics.mutations import Mutation


def _no_fresh_noise(patch: pytest.MonkeyPatch) -> None:
    """Room is made for new noise at each step, and none is put in."""

    def quiet(tell: Any, start: Array, signal: Array, stands: list[int], fresh: Array) -> list[Array]:
        return process.denoised(tell, start, signal, stands, 0 * fresh)

    patch.setattr(points, "denoised", quiet)


def _levels_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(points, "waves", lambda level, levels: 0 * process.waves(level, levels))


def _all_levels_visited(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(points, "visited", lambda levels, _: process.visited(levels, levels))


def _a_gaussian(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shapes, "points_of", lambda rng, _, n: np.asarray(rng.normal(size=(2, n))))


def _compared_with_the_start(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(points, "EARLY", 0)


MUTATIONS = [
    Mutation("points", "no fresh noise is put in", ("Five nearest", "near", "gained"), patch=_no_fresh_noise),
    Mutation("points", "no fresh noise with ten levels", ("Trained and sampled",), {"levels": 10}, patch=_no_fresh_noise),
    Mutation("points", "the network is not told the level", ("over best",), patch=_levels_not_told),
    Mutation("points", "the data are a Gaussian", ("gaussian apart",), patch=_a_gaussian),
    Mutation("points", "the loss is compared with that before training", ("loss left",), patch=_compared_with_the_start),
    Mutation("points", "all levels are visited", ("In two steps",), {"sampler_steps": 2}, patch=_all_levels_visited),
]
