"""Topic 21 without what it shows: half-open gates, short sequences, weights that drown the bias, nothing to remember."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.lstm import by_hand, delay, step
from engine.graph import Array
from engine.networks.initializers import INITIALIZERS, Initializer
from tests.topics.mutations import Mutation


def _weights_eight_times_as_large(patch: pytest.MonkeyPatch) -> None:
    def larger(usual: Initializer) -> Initializer:
        return lambda rng, units, fan_in: 8 * usual(rng, units, fan_in)

    for name in ("xavier", "orthogonal"):
        patch.setitem(INITIALIZERS, name, larger(INITIALIZERS[name]))


def _only_dots_and_clears(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(step, "SHARES", (0.0, 0.0, 0.5, 0.5))


def _a_straight_sigmoid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(by_hand, "sigmoid", lambda z: 0.5 + z / 4)


def _both_begin_as_yours(patch: pytest.MonkeyPatch) -> None:
    prepare = delay.Pair.prepare

    def alike(pair: delay.Pair, name: str, start: Array) -> Any:
        start[0] = start[1]
        return prepare(pair, name, start)

    patch.setattr(delay.Pair, "prepare", alike)


MUTATIONS = [
    Mutation("gates", "the visitor’s network begins with half-open forget gates as well", ("best", "open"), {"forget_bias": 0.0}),
    Mutation("gates", "the sequence is short", ("zero", "kept 0"), {"time_steps": 10}),
    Mutation("gates", "the weights drown the bias", ("as predicted",), patch=_weights_eight_times_as_large),
    Mutation("step", "it has not been trained", ("right", "always writes"), {"updates": 0}),
    Mutation("step", "there is nothing to remember", ("never forgets",), patch=_only_dots_and_clears),
    Mutation("step", "the sigmoid by hand is a straight line", ("apart",), patch=_a_straight_sigmoid),
    Mutation("delay", "the visitor’s LSTM begins with half-open forget gates as well", ("gated",), {"forget_bias": 0.0}),
    Mutation("delay", "both LSTMs begin with the visitor’s bias", ("zero 40",), patch=_both_begin_as_yours),
    Mutation("delay", "the recurrent weights are small", ("ungated", "reach"), {"recurrent_scale": 0.1}),
]
