"""Topic 37 without what it shows: places that do not move on, a cache that forgets, nothing learned."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.kv_cache import writing
from app.topics.kv_cache.writer import Writer
from tests.topics.mutations import Mutation


def _always_the_first_place(patch: pytest.MonkeyPatch) -> None:
    """A new word is told that it stands at the beginning."""
    patch.setattr(Writer, "_places", staticmethod(lambda known, words: slice(0, len(words) - known)))


def _no_cache(patch: pytest.MonkeyPatch) -> None:
    """Both writers forget."""
    patch.setattr(writing, "Writer", _forgetful)


def _forgetful(weights: Any, layers: int, *, cached: bool, masked: bool) -> Writer:
    return Writer(weights, layers, cached=False, masked=masked)


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(writing, "LEARNING_RATE", 0.0)


MUTATIONS = [
    Mutation("writing", "the place of the new word is not moved on", ("With the mask",), patch=_always_the_first_place),
    Mutation("writing", "a single layer, whose keys nothing changes", ("Without the mask",), {"mask": False, "layers": 1}),
    Mutation("writing", "both forget", ("times", "off the formula"), patch=_no_cache),
    Mutation("writing", "nothing is learned", ("nats",), patch=_weights_that_stay),
]
