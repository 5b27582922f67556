"""Topic 42 without what it shows: no fresh noise, no levels or classes told, a weight that is ignored, other data and answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.diffusion import classes, guidance, memory, points, process, shapes
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


def _answered_from_other_points(patch: pytest.MonkeyPatch) -> None:
    """The exact answer is that for another draw of the same shape, so that it knows none of the training points."""

    def others(training: Array, signal: Array) -> process.Teller:
        rng = np.random.default_rng(1)
        return process.exact(training + 0.3 * rng.normal(size=training.shape), signal)

    patch.setattr(memory, "exact", others)


def _network_samples_are_pulled_in(patch: pytest.MonkeyPatch) -> None:
    """What the network samples is judged as what the exact minimizer does."""
    look = memory.Judge.look
    patch.setattr(
        memory.Judge, "look", lambda judge, done, both, *rest: look(judge, done, dict.fromkeys(both, both["exact"]), *rest)
    )


def _nothing_unseen(patch: pytest.MonkeyPatch) -> None:
    def seen(rng: np.random.Generator, shape: str, n: int) -> shapes.Drawn:
        points_drawn = shapes.drawn(rng, shape, n)
        return points_drawn._replace(unseen=points_drawn.training)

    patch.setattr(memory, "drawn", seen)


def _weight_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guidance, "guided", lambda tell, weight: classes.guided(tell, 0.0))


def _classes_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guidance, "one_hot", lambda labels, count: np.zeros((count, labels.size), np.float32))


MUTATIONS = [
    Mutation(
        "guidance",
        "the weight is ignored",
        ("At a weight of 2, samples", "At a weight of 2, a class", "By p(x)", "The network is not to blame"),
        patch=_weight_ignored,
    ),
    Mutation("guidance", "the network is told no class", ("Without guidance",), patch=_classes_not_told),
    Mutation(
        "memory",
        "the exact answer is that for other points",
        ("copies exact", "lower on training"),
        patch=_answered_from_other_points,
    ),
    Mutation("memory", "the network’s samples are the minimizer’s", ("copies network",), patch=_network_samples_are_pulled_in),
    Mutation("memory", "the unseen points are the training points", ("higher on unseen",), patch=_nothing_unseen),
    Mutation("points", "no fresh noise is put in", ("Five nearest", "near", "gained"), patch=_no_fresh_noise),
    Mutation("points", "no fresh noise with ten levels", ("Trained and sampled",), {"levels": 10}, patch=_no_fresh_noise),
    Mutation("points", "the network is not told the level", ("over best",), patch=_levels_not_told),
    Mutation("points", "the data are a Gaussian", ("gaussian apart",), patch=_a_gaussian),
    Mutation("points", "the loss is compared with that before training", ("loss left",), patch=_compared_with_the_start),
    Mutation("points", "all levels are visited", ("In two steps",), {"sampler_steps": 2}, patch=_all_levels_visited),
]
