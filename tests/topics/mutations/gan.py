"""Topic 28 without what it shows: players that do not learn, a cure that does nothing, other wines and digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.topics.gan import digits, discriminators, game, ring, wine
from app.topics.gan.real_digits import real_digits
from app.topics.gan.wines import wines
from engine import Node, ops
from engine.graph import Array
from tests.topics.mutations import Mutation, Patch


def _played_by(demo: ModuleType, **other: Any) -> Patch:
    """The demo's rules, but for these."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(demo, "Rules", lambda *values: replace(discriminators.Rules(*values), **other))

    return patched


def _spread_hidden(patch: pytest.MonkeyPatch) -> None:
    def shown(samples: Node) -> Node:
        return ops.concatenate([samples, samples.graph.constant(np.ones((1, samples.shape[-1])))])

    patch.setattr(game, "minibatch_std", shown)


def _no_game(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(game.Game, "step", lambda _: "")


def _two_kinds_of_wine(patch: pytest.MonkeyPatch) -> None:
    """The baseline plays no game, so that there need not be one."""
    _no_game(patch)
    real, scale = wines("two")
    patch.setattr(wine, "wines", lambda _: (np.sign(real[:1]) * np.ones_like(real), scale))


def _gaussian_too_wide(patch: pytest.MonkeyPatch) -> None:
    """It is drawn twice as wide as it was fitted."""
    covariance = np.cov
    patch.setattr(np, "cov", lambda samples: 4 * covariance(samples))


def _generator_that_has_the_real_ones(patch: pytest.MonkeyPatch) -> None:
    def stolen(self: game.Game, noise: Array) -> Any:
        chosen = np.random.default_rng(1).permutation(self._real.shape[1])[: noise.shape[1]]
        return (lambda: (self._real[:, chosen],),) * 2

    patch.setattr(game.Game, "generators", stolen)
    _no_game(patch)


def _digits_that_are(made: Callable[[Array], Array]) -> Patch:
    """Other images in place of the real digits; no game is played for them."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        real = real_digits()
        patch.setattr(digits, "real_digits", lambda: replace(real, images=made(real.images).astype(np.float32)))
        _no_game(patch)

    return patched


def _black_or_white(images: Array) -> Array:
    return np.asarray(np.sign(images.sum(axis=0) - np.median(images.sum(axis=0)) + 0.5) * np.ones_like(images))


MUTATIONS = [
    Mutation("wine", "the owner does not learn", ("peak",), patch=_played_by(wine, discriminator_rate=0.0)),
    Mutation(
        "wine",
        "the forger does not learn",
        ("end", "divergence", "averaged", "neighbours"),
        patch=_played_by(wine, generator_rate=0.0),
    ),
    Mutation("wine", "there are two kinds of wine and nothing between them", ("gaussian",), patch=_two_kinds_of_wine),
    Mutation("wine", "the Gaussian is twice too wide", ("forger over gaussian",), {"features": "thirteen"}, _gaussian_too_wide),
    Mutation("ring", "minibatch standard deviation for the fast generator", ("late", "swings"), {"cure": "minibatch-std"}),
    Mutation(
        "ring",
        "the discriminator sees a number that says nothing of the spread",
        ("With minibatch", "good"),
        {"cure": "minibatch-std"},
        _spread_hidden,
    ),
    Mutation(
        "ring", "R1 costs nothing", ("With R1",), {"cure": "r1", "generator_speed": 1.0, "seed": 6}, _played_by(ring, r1=0.0)
    ),
    Mutation(
        "digits",
        "nobody learns",
        ("energy", "kinds", "gap", "gap over gaussian"),
        patch=_no_game,
    ),
    Mutation("digits", "the generator hands out real digits", ("neighbours", "widest"), patch=_generator_that_has_the_real_ones),
    Mutation("digits", "the images are black or white", ("gaussian",), patch=_digits_that_are(_black_or_white)),
]
