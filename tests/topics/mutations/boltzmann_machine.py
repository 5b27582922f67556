"""Topic 5 without what it shows: chains that restart, too few hidden units, nothing learnt, digits that are all alike."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.boltzmann_machine import digits, stripes
from app.topics.boltzmann_machine.stripes import Learner
from engine import datasets
from engine.datasets import Dataset
from engine.graph import Array
from engine.learners.boltzmann import RestrictedBoltzmannMachine, drawn
from tests.topics.mutations import Mutation


def _chains_restart(patch: pytest.MonkeyPatch) -> None:
    def start(learner: Learner, data: Array, learning_rate: float) -> None:
        learner.persistent = False
        step(learner, data, learning_rate)

    step = Learner.step
    patch.setattr(Learner, "step", start)


def _nobody_knows_exactly(patch: pytest.MonkeyPatch) -> None:
    """Who had the exact gradient has persistent chains now."""

    def start(learner: Learner, data: Array, learning_rate: float) -> None:
        if learner.chains is None:
            learner.persistent = True
            learner.chains = drawn(learner.rng, np.full((stripes.PIXELS, stripes.CHAINS), 0.5))
        step(learner, data, learning_rate)

    step = Learner.step
    patch.setattr(Learner, "step", start)


def _nothing_is_learnt(patch: pytest.MonkeyPatch) -> None:
    """However many steps are made, so one will do."""
    patch.setattr(RestrictedBoltzmannMachine, "learn", lambda *_: None)
    patch.setattr(digits, "STEPS", 1)


def _a_hundred_zeros(patch: pytest.MonkeyPatch) -> None:
    """So few digits that they can be learnt by heart, and all of one kind."""
    all_digits = datasets.digits()
    zeros = all_digits.labels == 0
    patch.setattr(datasets, "digits", lambda: Dataset(all_digits.inputs[:, zeros], all_digits.labels[zeros]))
    patch.setattr(digits, "TRAIN_SIZE", 40)


STAYS = {"learning_rate": 0.5, "decay": False}

MUTATIONS = [
    Mutation(
        "stripes",
        "all chains restart at the data after one step",
        ("pcd over cd1", "exact over pcd", "cdk over cd1"),
        {"cd_steps": 1},
        _chains_restart,
    ),
    Mutation("stripes", "two hidden units", ("worst error",), {"hidden_units": 2}),
    Mutation("stripes", "the rate falls", ("pcd",)),
    Mutation("stripes", "the exact gradient is had from chains", ("exact",), STAYS, _nobody_knows_exactly),
    Mutation("digits", "nothing is learnt", ("auc", "error"), patch=_nothing_is_learnt),
    Mutation("digits", "40 digits, all of one kind", ("mean error", "gap"), patch=_a_hundred_zeros),
]
