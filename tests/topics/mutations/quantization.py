"""Topic 39 without what it shows: one scale for all, nothing equalized, bits not taken away, gradients that pass or stop."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.quantization import training, trial
from engine import Array, Node
from engine.networks.quantization import quantized, straight_through
from tests.topics.mutations import Mutation


def _one_scale(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trial, "quantized", lambda weights, bits, per="tensor": quantized(weights, bits))


def _not_equalized(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trial, "equalized", lambda layers: layers)


def _at_most_six_bits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trial, "quantized", lambda weights, bits, per="tensor": quantized(weights, min(bits, 6), per))


def _at_least_four_bits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trial, "quantized", lambda weights, bits, per="tensor": quantized(weights, max(bits, 4), per))


def _not_undone(patch: pytest.MonkeyPatch) -> None:
    """The outlier changes the function: what reads the unit stays as it was."""

    def larger(layers: list[Array], times: float, _: Array) -> list[Array]:
        made = [each.copy() for each in layers]
        made[0] *= times
        return made

    patch.setattr(trial, "with_outlier", larger)


def _passing(through: bool) -> Any:
    def patched(patch: pytest.MonkeyPatch) -> None:
        def rounded(weights: Node, bits: int, per: Any, _: bool) -> Node:
            return straight_through(weights, bits, per, through)

        patch.setattr(training, "straight_through", rounded)

    return patched


MUTATIONS = [
    Mutation("bits", "there is no outlier", ("One scale per layer, stretched",), {"outlier": 1.0}),
    Mutation("bits", "there is one", ("Without an outlier",)),
    Mutation(
        "bits",
        "all have one scale per layer",
        ("With one scale per unit", "channel unchanged at 8"),
        {"outlier": 200.0},
        _one_scale,
    ),
    Mutation("bits", "nothing is equalized", ("After equalization",), patch=_not_equalized),
    Mutation("bits", "nothing is equalized", ("Equalization, which",), {"activations": "4"}, _not_equalized),
    Mutation("bits", "the outlier is not undone behind", ("moved",), patch=_not_undone),
    Mutation("bits", "no weight has fewer than 4 bits", ("lost at 2",), {"outlier": 1.0}, _at_least_four_bits),
    Mutation("bits", "no weight has more than 6 bits", ("decibels",), patch=_at_most_six_bits),
    Mutation("bits", "activations stay in float", ("An outlier in 4-bit activations",)),
    Mutation("training", "the gradient stops at the rounding in both", ("through", "gain"), patch=_passing(False)),
    Mutation("training", "the gradient passes it in both", ("stopped moved",), patch=_passing(True)),
    Mutation("training", "4 bits", ("Rounded to 2 bits after training",), {"bits": 4}),
    Mutation("training", "2 bits", ("At 4 bits there is hardly",)),
]
