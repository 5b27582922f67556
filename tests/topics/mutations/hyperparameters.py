"""Topic 13 without what it shows: only good settings to choose from, or only bad ones; a random search that is a grid."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.hyperparameters import grid, random_search
from engine.graph import Array
from tests.topics.mutations import Mutation, Patch


def _search(rates: tuple[float, ...], widths: tuple[int, ...]) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(grid, "RATES", rates)
        patch.setattr(grid, "WIDTHS", widths)

    return patched


def _random_is_a_grid(patch: pytest.MonkeyPatch) -> None:
    def four_by_four(rng: np.random.Generator, trials: int) -> Array:
        return random_search.gridded(rng, int(np.sqrt(trials)), centred=False)

    patch.setattr(random_search, "scattered", four_by_four)
    patch.setattr(random_search, "AT_ONCE", 48)  # fewer trials to look up, and all of a penalty at once: it is slow otherwise
    patch.setattr(random_search, "PENALTIES", random_search.PENALTIES[::2])


MUTATIONS = [
    Mutation("grid", "no rate is too low, no layer too narrow", ("slowest", "narrowest"), patch=_search((0.3, 1.0), (8, 16))),
    Mutation("grid", "every rate is too low", ("best", "test"), patch=_search((0.001, 0.003), (1, 4, 32))),
    Mutation("random-search", "random tries four rates as well", ("won", "rates"), patch=_random_is_a_grid),
]
