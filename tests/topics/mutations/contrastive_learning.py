"""Topic 44 without what it shows: single tokens, captions of other pictures, no pair held out, the other loss, no neighbours."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest

from app.topics.contrastive_learning import captions, few_labels, scenes
from engine.graph import Array
from tests.topics.mutations import Mutation

WORDS = scenes.World.words


def _of_other_pictures(patch: pytest.MonkeyPatch) -> None:
    """The captions of the training pictures are dealt anew."""

    def dealt(world: scenes.World, pairs: Array, whole: bool) -> Array:
        rng = np.random.default_rng(0)
        return WORDS(world, rng.permutation(pairs) if len(pairs) == captions.TRAINED else pairs, whole)

    patch.setattr(scenes.World, "words", dealt)


def _none_held_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scenes.World, "shown", property(lambda world: list(range(world.pairs))))


def _joined_at_random(patch: pytest.MonkeyPatch) -> None:
    """Labels are passed on between pictures that are no neighbours."""

    def dealt(vectors: Array) -> Generator[None, None, Array]:
        rng, n = np.random.default_rng(0), vectors.shape[1]
        yield
        joined = np.zeros((n, n), bool)
        joined[np.arange(n)[:, None], rng.integers(0, n, (n, few_labels.NEIGHBOURS))] = True
        return joined | joined.T

    patch.setattr(few_labels, "neighbours", dealt)


MUTATIONS = [
    Mutation("digits", "it is only pulled together", ("With one label per digit", "They name more than"), {"loss": "pull"}),
    Mutation("digits", "labels go to pictures at random", ("Label propagation",), patch=_joined_at_random),
    Mutation("digits", "there is one label per digit", ("With five labels",), {"labels": 1}),
    Mutation("digits", "views differ by more than noise", ("Where views differ",), {"strength": 1.0}),
    Mutation("digits", "it is told apart", ("Only pulled together, even", "Only pulled together, features")),
    Mutation("captions", "a caption is one token", ("Of pictures of pairs never seen",), {"caption": "whole"}),
    Mutation("captions", "captions are of other pictures", ("seen",), patch=_of_other_pictures),
    Mutation("captions", "no pair is held out of four by four", ("With four colours",), {"kinds": 4}, patch=_none_held_out),
    Mutation("captions", "no pair is held out", ("Where a caption is one token",), {"caption": "whole"}, patch=_none_held_out),
    Mutation("captions", "it is only pulled together", ("Pictures and captions that do not match",), {"loss": "pull"}),
    Mutation("captions", "it is told apart", ("Only pulled together",)),
]
