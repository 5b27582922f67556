"""Topic 41 without what it shows: no balance, a router that does not learn, one expert for all, a bias that stays."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.mixture_of_experts import mixture, places
from engine import Node
from tests.topics.mutations import Mutation


def _the_first_serves_all(patch: pytest.MonkeyPatch) -> None:
    def first(scores: Node, _: int) -> Node:
        marks = np.zeros(scores.shape)
        marks[0] = 1
        return scores.graph.constant(marks)

    patch.setattr(mixture, "largest", first)


def _bias_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(places, "BIAS_STEP", 0.0)


UNBALANCED = {"balance": "none"}
MUTATIONS = [
    Mutation("places", "nothing balances", ("With the balancing loss", "largest"), UNBALANCED),
    Mutation("places", "the router does not learn", ("The mixture has less error",), {**UNBALANCED, "learned": False}),
    Mutation("places", "a loss balances", ("Without balancing", "With a hundred times", "With a router that does not learn")),
    Mutation("places", "one expert serves all", ("It is not one",), UNBALANCED, patch=_the_first_serves_all),
    Mutation("places", "the bias stays at zero", ("Balanced by a bias",), {"balance": "bias"}, patch=_bias_stays),
]
