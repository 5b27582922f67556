"""Topic 9 without what it shows: a factor of the chain rule gone, a pass that updates, sides exchanged, no rounding."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.backpropagation import by_hand, differences
from app.topics.backpropagation.tiny import Tiny
from engine.graph import Array
from tests.topics.mutations import Mutation


def _slope_left_out(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(by_hand.SLOPES, "tanh", lambda _a: 1.0)


def _updates_at_once(patch: pytest.MonkeyPatch) -> None:
    """What the common answer says of it: the pass that finds the gradients moves the weights as well."""
    gradient = Tiny.gradient

    def used_at_once(tiny: Tiny) -> Array:
        found = gradient(tiny)
        tiny.values -= 0.3 * found
        return found

    patch.setattr(Tiny, "gradient", used_at_once)


def _one_pass_a_weight(patch: pytest.MonkeyPatch) -> None:
    """Nudged to one side only, from a loss that is kept."""
    kept: dict[int, float] = {}

    def difference(tiny: Tiny, place: int, h: float, central: bool = True) -> float:
        if id(tiny) not in kept:
            kept[id(tiny)] = tiny.loss()
        here = tiny.values[place]
        tiny.values[place] = here + h
        above = tiny.loss()
        tiny.values[place] = here
        return (above - kept[id(tiny)]) / h

    patch.setattr(Tiny, "difference", difference)


def _sides_exchanged(patch: pytest.MonkeyPatch) -> None:
    difference = Tiny.difference
    patch.setattr(Tiny, "difference", lambda tiny, place, h, central=True: difference(tiny, place, h, not central))


def _neither_tiny_nor_coarse(patch: pytest.MonkeyPatch) -> None:
    """No nudge above a hundredth or below a millionth, and float32 is double precision."""
    patch.setattr(differences, "NUDGES", np.logspace(-2, -6, differences.FRAMES))
    patch.setattr(differences, "Tiny", lambda params, _dtype=None: Tiny(params))


MUTATIONS = [
    Mutation("edges", "the slope is left out of the chain rule", ("engine", "nudged"), patch=_slope_left_out),
    Mutation("edges", "the backward pass moves the weights", ("moved",), patch=_updates_at_once),
    Mutation("edges", "one pass per weight", ("passes",), patch=_one_pass_a_weight),
    Mutation("edges", "the optimizer hardly moves", ("left",), {"learning_rate": 0.001}),
    Mutation(
        "differences",
        "what is called both sides is one, and the other way round",
        ("usual", "central slope", "forward slope"),
        patch=_sides_exchanged,
    ),
    Mutation(
        "differences",
        "no nudge is large or tiny, no number coarse",
        ("secant", "noise", "best single"),
        patch=_neither_tiny_nor_coarse,
    ),
]
