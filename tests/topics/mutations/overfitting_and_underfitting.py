"""Topic 17 without what it shows: nothing to overfit, folds that are seen, a penalty of nothing, digits that stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import legendre

from app.topic import Streams
from app.topics.overfitting_and_underfitting import augmentation, capacity, wave
from engine import Array, optimizers
from tests.topics.mutations import Mutation


def _one_parity_at_a_time(patch: pytest.MonkeyPatch) -> None:
    """Even degrees have even polynomials only, odd degrees odd ones: none contains the one before."""
    basis = legendre.legvander

    def parity(x: Array, degree: int) -> Array:
        kept: Array = basis(x, degree) * (np.arange(degree + 1) % 2 == degree % 2)
        return kept

    patch.setattr(legendre, "legvander", parity)


def _a_straight_truth(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(wave, "wave", lambda x: 0.8 * x)


def _folds_that_are_fitted_too(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(capacity, "_without", lambda everything, _fold: everything)


def _the_same_thirty_points(patch: pytest.MonkeyPatch) -> None:
    def again(rng: Streams, n: int, noise: float) -> tuple[Array, Array]:
        x, y = wave.spread_out(rng, 30, noise)
        return np.resize(x, n), np.resize(y, n)

    patch.setattr(capacity, "spread_out", again)


def _each_digit_as_it_stands(patch: pytest.MonkeyPatch) -> None:
    def unchanged(_rng: np.random.Generator, _change: str, stand: Array, at: Array) -> Array:
        kept: Array = stand[at, np.arange(at.size)]
        return kept

    patch.setattr(augmentation, "augmented", unchanged)


def _a_small_step(patch: pytest.MonkeyPatch) -> None:
    adam = optimizers.adam
    patch.setattr(optimizers, "adam", lambda loss, rate: adam(loss, 0.001 * rate))


MUTATIONS = [
    Mutation("capacity", "a degree does not contain the one before", ("rise",), patch=_one_parity_at_a_time),
    Mutation("capacity", "the truth is a straight line", ("line", "chosen"), patch=_a_straight_truth),
    Mutation("capacity", "each fold is judged by a fit that has seen it", ("chosen", "regret"), patch=_folds_that_are_fitted_too),
    Mutation("capacity", "there are 200 points", ("Degree 24 overfits",), {"points": 200}),
    Mutation("capacity", "the 200 points are 30, again and again", ("More data",), {"points": 200}, _the_same_thirty_points),
    Mutation("cures", "two hidden units have no room for noise", ("train", "stopped", "l2"), {"hidden_units": 2}),
    Mutation(
        "cures", "there are 25 points and next to no penalty", ("lighter", "l2", "train l2", "plain gap"), {"penalty": 1e-7}
    ),
    Mutation("augmentation", "digits are used as they stand", ("With each network at its best",), patch=_each_digit_as_it_stands),
    Mutation("augmentation", "off-centre digits are moved", ("Mirroring", "Where all digits")),
    Mutation("augmentation", "the network hardly learns", ("by heart",), patch=_a_small_step),
    Mutation(
        "double-descent",
        "large weights cost too much to fit the noise",
        ("peak", "left", "right", "length", "train"),
        {"penalty": 1.0},
    ),
    Mutation("double-descent", "large weights cost nothing", ("bump",)),
]
