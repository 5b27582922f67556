"""Topic 30 without what it shows: trees that are all the same, bags mistaken for what they left out, weights that stay."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import pytest

from app.topics.bagging_and_boosting import adaboost, bagging, forest, gradient_boosting
from engine import Array
from engine.learners import ensembles
from engine.learners.ensembles import Bagged, Round
from engine.learners.trees import Limits
from tests.topics.mutations import Mutation, Patch


def _one_tree_again_and_again(module: Any, name: str) -> Patch:
    made = getattr(ensembles, name)
    return lambda patch: patch.setattr(module, name, lambda *given: repeat(next(made(*given))))


def _seen_for_unseen(module: Any, name: str) -> Patch:
    """Each tree is tested on the samples it was grown on: its bag is said to be the samples that were not in it."""
    made = getattr(ensembles, name)

    def swapped(*given: Any) -> Iterator[Bagged]:
        for one in made(*given):
            yield Bagged(one.tree, np.resize(np.flatnonzero(one.out_of_bag), one.bag.size))

    return lambda patch: patch.setattr(module, name, swapped)


def _first_round_for_ever(patch: pytest.MonkeyPatch) -> None:
    made = ensembles.adaboost
    patch.setattr(adaboost, "adaboost", lambda *given: repeat(next(made(*given))))


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    def rounds(inputs: Array, labels: Array, limits: Limits) -> Iterator[Round]:
        first = next(ensembles.adaboost(inputs, labels, limits))
        yield from repeat(first._replace(next_weights=first.weights))

    patch.setattr(adaboost, "adaboost", rounds)


def _trees_that_ask_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gradient_boosting, "Limits", lambda max_depth: Limits(max_depth=0))


MUTATIONS = [
    Mutation(
        "bagging",
        "all trees have the same bag",
        ("variance ratio", "bias moved"),
        patch=_one_tree_again_and_again(bagging, "bagging"),
    ),
    Mutation(
        "bagging",
        "each tree is tested on what it has seen",
        ("out of bag", "left out"),
        patch=_seen_for_unseen(bagging, "bagging"),
    ),
    Mutation(
        "forest",
        "all trees are the same",
        ("gain", "less alike"),
        patch=_one_tree_again_and_again(forest, "random_forest"),
    ),
    Mutation(
        "forest",
        "each tree is tested on what it has seen",
        ("out of bag less test",),
        patch=_seen_for_unseen(forest, "random_forest"),
    ),
    Mutation(
        "adaboost",
        "every round is the first",
        ("over the first", "over bagging", "over the bound"),
        patch=_first_round_for_ever,
    ),
    Mutation("adaboost", "the weights stay equal", ("half", "stress"), {"label_noise": 0.2}, _weights_that_stay),
    Mutation("adaboost", "all labels are right", ("behind bagging", "fall"), {"max_depth": 3}),
    Mutation(
        "gradient-boosting",
        "the trees ask nothing",
        ("bias left", "variance grows", "overfit", "best over one tree"),
        patch=_trees_that_ask_nothing,
    ),
]
