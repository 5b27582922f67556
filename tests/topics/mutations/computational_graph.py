"""Topic 27 without what it shows: a wrong rule, a walk back for each variable, passes that find nothing or too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from app.topics.computational_graph import expression, passes, planted
from engine import Node, Plan, gradients
from engine import passes as engine_passes
from engine.buffers import Buffers, Life
from engine.graph import TABLE
from tests.topics.mutations import Mutation


def _cosine_of_the_wrong_sign(patch: pytest.MonkeyPatch) -> None:
    sine = TABLE["sin"]
    patch.setitem(
        TABLE, "sin", replace(sine, gradient=lambda node, upstream: [-one for one in sine.gradient(node, upstream) if one])
    )


def _a_walk_for_each(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(expression, "gradients", lambda value, wrt: [gradients(value, [one])[0] for one in wrt])


def _a_kernel_that_is_off(patch: pytest.MonkeyPatch) -> None:
    """Plans compute cosines for sines; the interpreter does not."""
    patch.setitem(TABLE, "sin", replace(TABLE["sin"], kernel=lambda out, a: [(np.cos, (a, out))]))


def _tanh_off_where_layers_are_shared(patch: pytest.MonkeyPatch) -> None:
    """A pass that takes tanh for its input."""
    patch.setitem(TABLE, "tanh", replace(TABLE["tanh"], repeats=True))


def _only(*chosen: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Whatever passes are asked for, these alone look."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        start = engine_passes.Simplified.__init__
        patch.setattr(engine_passes.Simplified, "__init__", lambda self, dtype, _passes: start(self, dtype, chosen))

    return patched


def _products_with_zero_are_folded(patch: pytest.MonkeyPatch) -> None:
    identity = engine_passes._identity

    def folding(node: Node, inputs: tuple[Node, ...]) -> Node | None:
        nothing = [one for one in inputs if one.op == "constant" and not one.attributes["value"].any()]
        if node.op == "multiply" and nothing:
            return nothing[0]
        if node.op == "add" and nothing:
            return next(one for one in inputs if one is not nothing[0])
        return identity(node, inputs)

    patch.setattr(engine_passes, "_identity", folding)


def _nothing_is_handed_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Buffers, "take", Buffers.make)
    for name, op in TABLE.items():
        patch.setitem(TABLE, name, replace(op, numberwise=False))


def _everything_lives_to_the_end(patch: pytest.MonkeyPatch) -> None:
    lives = Buffers.lives
    patch.setattr(Buffers, "lives", lambda self, calls: [Life(one.buffer, one.begins, calls) for one in lives(self, calls)])


def _nothing_lives_long(patch: pytest.MonkeyPatch) -> None:
    lives = Buffers.lives
    patch.setattr(
        Buffers, "lives", lambda self, calls: [Life(one.buffer, one.begins, one.begins + 1) for one in lives(self, calls)]
    )


def _the_plan_feeds_other_data(patch: pytest.MonkeyPatch) -> None:
    feed = Plan.feed
    patch.setattr(Plan, "feed", lambda self, feeds: feed(self, {name: 2 * np.asarray(one) for name, one in feeds.items()}))


def _the_plain_net_is_planted_too(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(passes, "network", lambda planted, rng: network(planted=True, rng=rng))


network = planted.network

MUTATIONS = [
    Mutation("expression", "the sine's rule has the wrong sign", ("gap",), patch=_cosine_of_the_wrong_sign),
    Mutation("expression", "each variable has a walk of its own", ("share",), patch=_a_walk_for_each),
    Mutation("expression", "the plan's sine is off", ("plan gap",), patch=_a_kernel_that_is_off),
    Mutation("passes", "a pass takes tanh for its input", ("gap",), patch=_tanh_off_where_layers_are_shared),
    Mutation("passes", "no pass looks", ("share", "planted left"), patch=_only()),
    Mutation("passes", "the plain network is the planted one", ("control",), patch=_the_plain_net_is_planted_too),
    Mutation("passes", "products with zero are folded", ("zero kept", "no number"), patch=_products_with_zero_are_folded),
    Mutation("plan", "the plan is fed other data", ("gap",), patch=_the_plan_feeds_other_data),
    Mutation("plan", "no buffer is handed on", ("share",), patch=_nothing_is_handed_on),
    Mutation("plan", "every value lives to the end", ("overlaps",), patch=_everything_lives_to_the_end),
    Mutation("plan", "no value lives long", ("fullest",), patch=_nothing_lives_long),
]
