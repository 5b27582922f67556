"""Topic 5 without what it shows: chains that restart, too few hidden units, nothing learnt, digits that are all alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.boltzmann_machine import digits, stripes
from engine import datasets
from engine.datasets import Dataset
from engine.graph import Array
from engine.learners.boltzmann import RestrictedBoltzmannMachine, drawn
from tests.topics.mutations import Mutation


def _chains_restart(patch: pytest.MonkeyPatch) -> None:
    def from_data(machine: RestrictedBoltzmannMachine, rng: np.random.Generator, data: Array, chains: Array, *how: Any) -> Array:
        contrastive_step(machine, rng, data, data, *how)
        return chains

    contrastive_step = RestrictedBoltzmannMachine.contrastive_step
    patch.setattr(RestrictedBoltzmannMachine, "contrastive_step", from_data)


def _nobody_knows_exactly(patch: pytest.MonkeyPatch) -> None:
    """Who had the exact gradient has persistent chains now."""
    rng = np.random.default_rng(1)
    chains = [drawn(rng, np.full((stripes.PIXELS, stripes.CHAINS), 0.5))]

    def by_chains(machine: RestrictedBoltzmannMachine, data: Array, learning_rate: float) -> None:
        chains[0] = machine.contrastive_step(rng, data, chains[0], learning_rate)

    patch.setattr(stripes, "exact_step", by_chains)


def _nothing_is_learnt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RestrictedBoltzmannMachine, "learn", lambda *_: None)


def _a_coin_for_each_pixel(patch: pytest.MonkeyPatch) -> None:
    """Noise without the mean of the digits, which anybody can tell from them."""
    patch.setattr(digits, "drawn", lambda rng, probabilities: drawn(rng, np.full(probabilities.shape, 0.5)))


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
    Mutation("stripes", "two hidden units", ("worst error", "pcd error"), {"hidden_units": 2}),
    Mutation("stripes", "the rate falls", ("pcd", "four likeliest")),
    Mutation("stripes", "the exact gradient is had from chains", ("exact",), STAYS, _nobody_knows_exactly),
    Mutation("digits", "nothing is learnt", ("auc", "noise", "error", "error over mean"), patch=_nothing_is_learnt),
    Mutation("digits", "40 digits, all of one kind", ("gap",), patch=_a_hundred_zeros),
    Mutation("digits", "the noise is a coin for each pixel", ("first auc",), patch=_a_coin_for_each_pixel),
]
