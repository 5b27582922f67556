"""Topic 33 without what it shows: positions given and taken away, a mask forgotten, encodings exchanged."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.positional_encoding import length, order
from app.topics.positional_encoding.judge import Judge
from app.topics.positional_encoding.namer import Namer
from tests.topics.mutations import Mutation

EXCHANGED = {"learned": "rotary", "sinusoidal": "rotary", "rotary": "learned", "linear": "learned"}


def _all_placed(patch: pytest.MonkeyPatch) -> None:
    """The encoder without positions has some."""
    patch.setattr(order, "Judge", lambda graph, name, rng, _encoding="", **more: Judge(graph, name, rng, "learned", **more))


def _none_placed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(order, "Judge", lambda graph, name, rng, _encoding="", **more: Judge(graph, name, rng, **more))


def _without(option: str) -> Any:
    """Judges that are not told this option."""
    return lambda patch: patch.setattr(
        order, "Judge", lambda *given, **more: Judge(*given, **{name: value for name, value in more.items() if name != option})
    )


def _exchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(length, "Namer", lambda graph, name, rng, encoding, base: Namer(graph, name, rng, EXCHANGED[encoding], base))


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(length, "LEARNING_RATE", 0.0)


MUTATIONS = [
    Mutation("order", "all have positions", ("Without positions or a mask", "Of two reviews", "bag fresh"), patch=_all_placed),
    Mutation("order", "none has positions", ("placed pairs",), patch=_none_placed),
    Mutation("order", "the mask is forgotten", ("causal pairs", "causal change"), patch=_without("causal")),
    Mutation("order", "the mean is read after all", ("Read at the last word",), {"read": "last"}, _without("last")),
    Mutation("length", "the weights stay", ("learned within",), patch=_weights_that_stay),
    Mutation(
        "length",
        "learned and rotary positions are exchanged",
        ("Beyond it they do not", "sinusoidal far beyond", "rotary just beyond", "linear differs"),
        patch=_exchanged,
    ),
    Mutation(
        "length",
        "the same, where the first is to be named",
        ("But learned positions", "And rotary positions"),
        {"task": "first"},
        _exchanged,
    ),
]
