"""Topic 45 without what it shows: one batch for ever, another world, models that all see the same, and mistakes that stick."""

from __future__ import annotations

import numpy as np
import pytest

from app.pace import Pace
from app.topics.scaling_laws import emergence, grokking, world
from tests.topics.mutations import Mutation


def _all_as_wide(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world, "SIZES", np.full_like(world.SIZES, world.WIDEST))


def _one_step(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(emergence, "PACE", Pace(1, 2))


def _one_digit_again_and_again(patch: pytest.MonkeyPatch) -> None:
    rows = emergence.rows
    patch.setattr(emergence, "rows", lambda rng, length: np.repeat(rows(rng, 1), length, axis=1))


def _from_one_unit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(emergence, "SMALL", 0)


def _before_it_has_learned(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grokking, "EARLY", 0)


MUTATIONS = [
    Mutation(
        "budgets",
        "one batch comes for ever",
        ("explained", "forecast", "With decay 1 theory gives the best loss", "largest left"),
        {"distinct": 1},
    ),
    Mutation(
        "budgets",
        "many features matter",
        ("With decay 1 theory gives the best loss", "size exponent", "ratio grows"),
        {"decay": 0.5},
    ),
    Mutation("budgets", "fewer features matter", ("With decay 0.5 the loss",)),
    Mutation("budgets", "all models see 256 features", ("four left",), patch=_all_as_wide),
    Mutation("emergence", "they learn for one step", ("single, 2 units", "row, 16 units"), patch=_one_step),
    Mutation("emergence", "a row is one digit", ("row, 2 units",), {"in_a_row": 1}),
    Mutation("emergence", "one digit makes the whole row", ("off the power",), patch=_one_digit_again_and_again),
    Mutation("emergence", "the start is a guess", ("single grows",), patch=_from_one_unit),
    Mutation("grokking", "nothing has been learned yet", ("given, early",), patch=_before_it_has_learned),
    Mutation("grokking", "weights decay fast", ("unseen, early",), {"decay": 3.0}),
    Mutation("grokking", "weights do not decay", ("In the end it can", "waves", "With 70 %"), {"decay": 0.0}),
    Mutation("grokking", "weights decay", ("Without weight decay",)),
]
