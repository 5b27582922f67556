"""Topic 31 without what it shows: weights that stay, scores of another size, several heads made one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from app.topics.attention import heads, lookup, scores
from engine.networks.transformer import block
from engine.probabilities import softmax
from tests.topics.mutations import Mutation


def _undivided(patch: pytest.MonkeyPatch) -> None:
    """The first network divides by nothing either."""
    patch.setattr(lookup, "sqrt", lambda _: 1.0)


def _as_large(patch: pytest.MonkeyPatch) -> None:
    """Scores that do not grow with d."""
    patch.setattr(scores, "WIDTHS", (1, 64))
    patch.setattr(scores, "softmax", partial(_flat, softmax))


def _flat(soft: Any, logits: Any) -> Any:
    return soft(logits / 20)


def _divided_by_d(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scores, "sqrt", float)


def _undivided_scores(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scores, "sqrt", lambda _: 1.0)


def _one_head(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(heads, "block", lambda graph, name, width, _heads, rng, **more: block(graph, name, width, 1, rng, **more))


def _two_heads(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(heads, "block", lambda graph, name, width, _heads, rng, **more: block(graph, name, width, 2, rng, **more))


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(heads, "LEARNING_RATE", 0.0)


MUTATIONS = [
    Mutation("lookup", "the first network does not divide", ("divided", "divided spread"), patch=_undivided),
    Mutation("lookup", "the second begins small", ("Without the division", "Not divided"), {"rival": "small"}),
    Mutation("lookup", "the second is not divided and begins large", ("Begun small",)),
    Mutation("scores", "divided by d, and smaller numbers", ("entropy scaled at 64",), patch=_divided_by_d),
    Mutation("scores", "not divided after all", ("sure scaled at 64",), patch=_undivided_scores),
    Mutation("scores", "a softmax of high temperature", ("entropy plain at 64", "sure plain at 64"), patch=_as_large),
    Mutation("scores", "numbers half as large", ("spread over √d at 64",), {"spread": 0.5}),
    Mutation("heads", "the first network has one head too", ("several",), patch=_one_head),
    Mutation("heads", "the second network has two heads", ("One head of the same size",), patch=_two_heads),
    Mutation("heads", "the weights stay", ("With a perceptron",), {"perceptron": True}, _weights_that_stay),
]
