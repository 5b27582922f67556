"""Topic 28 without what it shows: a player that does not learn, a cure that does nothing, wines that are no Gaussian's."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.topics.gan import game, judges, ring, wine
from engine import Node, ops
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
]
