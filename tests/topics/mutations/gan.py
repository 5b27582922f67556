"""Topic 28 without what it shows: players that do not learn, a cure that does nothing, other wines and digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.topics.gan import digits, game, judges, ring, wine
from engine import Node, ops
from engine.graph import Array
from tests.topics.mutations import Mutation, Patch


def _played_by(demo: ModuleType, **other: Any) -> Patch:
    """The demo's rules, but for these."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(demo, "Rules", lambda *values: replace(judges.Rules(*values), **other))

    return patched


def _spread_hidden(patch: pytest.MonkeyPatch) -> None:
    def shown(samples: Node) -> Node:
        return ops.concatenate([samples, samples.graph.constant(np.ones((1, samples.shape[-1])))])

    patch.setattr(game, "minibatch_std", shown)


def _two_kinds_of_wine(patch: pytest.MonkeyPatch) -> None:
    real, scale = wine.wines()
    patch.setattr(wine, "wines", lambda: (np.sign(real[:1]) * np.ones_like(real), scale))
    patch.setattr(wine, "STEPS", 10)  # the Gaussian plays no game


def _forger_that_does_not_learn(patch: pytest.MonkeyPatch) -> None:
    _played_by(digits, forger_rate=0.0)(patch)
    patch.setattr(digits, "STEPS", 30)  # nor more later


def _forger_that_has_the_real_ones(patch: pytest.MonkeyPatch) -> None:
    def stolen(self: game.Game, noise: Array) -> Any:
        chosen = np.random.default_rng(1).permutation(self._real.shape[1])[: noise.shape[1]]
        return (lambda: (self._real[:, chosen],),) * 2

    patch.setattr(game.Game, "forgers", stolen)
    patch.setattr(digits, "STEPS", 10)


def _digits_that_are(made: Callable[[Array], Array]) -> Patch:
    """Other images in place of the real digits; no game is played for them."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        real = digits.real_digits()
        patch.setattr(digits, "real_digits", lambda: replace(real, images=made(real.images).astype(np.float32)))
        patch.setattr(digits, "STEPS", 10)

    return patched


def _fog(images: Array) -> Array:
    rng = np.random.default_rng(1)
    return np.asarray(rng.multivariate_normal(images.mean(axis=1), np.cov(images), images.shape[1]).T)


def _black_or_white(images: Array) -> Array:
    return np.asarray(np.sign(images.sum(axis=0) - np.median(images.sum(axis=0)) + 0.5) * np.ones_like(images))


MUTATIONS = [
    Mutation("wine", "the owner does not learn", ("peak",), patch=_played_by(wine, owner_rate=0.0)),
    Mutation("wine", "the forger does not learn", ("end", "averaged", "neighbours"), patch=_played_by(wine, forger_rate=0.0)),
    Mutation("wine", "there are two kinds of wine and nothing between them", ("gaussian",), patch=_two_kinds_of_wine),
    Mutation("ring", "minibatch standard deviation for the hasty forger", ("late",), {"cure": "minibatch-std"}),
    Mutation(
        "ring",
        "the owner sees a number that says nothing of the spread",
        ("With minibatch", "good"),
        {"cure": "minibatch-std"},
        _spread_hidden,
    ),
    Mutation("ring", "R1 costs nothing", ("Under R1",), {"cure": "r1", "forger_speed": 1.0, "seed": 6}, _played_by(ring, r1=0.0)),
    Mutation("digits", "the forger does not learn", ("energy", "kinds", "A forged digit"), patch=_forger_that_does_not_learn),
    Mutation("digits", "the forger hands out real digits", ("neighbours",), patch=_forger_that_has_the_real_ones),
    Mutation("digits", "the digits are a Gaussian’s", ("gaussian gap",), patch=_digits_that_are(_fog)),
    Mutation("digits", "the images are black or white", ("Yet",), patch=_digits_that_are(_black_or_white)),
]
