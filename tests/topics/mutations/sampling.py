"""Topic 36 without what it shows: nothing learned, nothing heated, cuts that cut nothing or cut at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.sampling import drawing, sweeps, writing
from app.topics.sampling.drawing import Way
from engine import Array
from engine.probabilities import softmax
from tests.topics.mutations import Mutation


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(writing, "LEARNING_RATE", 0.0)


def _always(patch: pytest.MonkeyPatch, **fixed: Any) -> None:
    """Every way is drawn with these instead of its own."""
    patch.setattr(drawing, "kept", _with(drawing.kept, fixed))


def _with(kept: Any, fixed: dict[str, Any]) -> Any:
    return lambda logits, way: kept(logits, way._replace(**fixed))


def _never_hot(patch: pytest.MonkeyPatch) -> None:
    _always(patch, temperature=1.0)


def _one_word(patch: pytest.MonkeyPatch) -> None:
    _always(patch, top_k=1)


def _no_cut(patch: pytest.MonkeyPatch) -> None:
    _always(patch, top_k=Way().top_k, top_p=1.0)


def _unsorted(patch: pytest.MonkeyPatch) -> None:
    """The words are added up in the order of the vocabulary until they reach p, instead of from the likeliest down."""
    patch.setattr(drawing, "kept", _in_order_of_the_vocabulary)


def _in_order_of_the_vocabulary(logits: Array, way: Way) -> Array:
    shares = softmax(logits / way.temperature)
    left = shares * (np.cumsum(shares, axis=0) - shares < way.top_p)
    return np.asarray(left / left.sum(axis=0))


def _the_same_sentence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sweeps, "_without_adjectives", lambda made: made)


MUTATIONS = [
    Mutation("writing", "nothing is learned", ("right at temperature 1", "right at p 0.9"), patch=_weights_that_stay),
    Mutation("writing", "nothing is heated", ("right at temperature 1.6", "right at k 12"), patch=_never_hot),
    Mutation("writing", "every way keeps one word", ("varied at p 0.9", "most at p 0.9"), patch=_one_word),
    Mutation("writing", "the cuts keep all words", ("varied at k 4", "fewest at p 0.9"), patch=_no_cut),
    Mutation("writing", "the nucleus is gathered without sorting", ("right at p 0.9",), patch=_unsorted),
    Mutation("writing", "cold, where a cut has nothing to mend", ("best of k",), {"temperature": 0.5}),
    Mutation("writing", "the greedy sentence against itself", ("greedy falls short by",), patch=_the_same_sentence),
]
