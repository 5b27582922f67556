"""Topic 44 without what it shows: captions as single tokens, captions of other pictures, no pair held out, the other loss."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.contrastive_learning import captions, scenes
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


MUTATIONS = [
    Mutation("captions", "a caption is one token", ("Of pictures of pairs never seen",), {"caption": "whole"}),
    Mutation("captions", "captions are of other pictures", ("seen",), patch=_of_other_pictures),
    Mutation("captions", "no pair is held out of four by four", ("With four colours",), {"kinds": 4}, patch=_none_held_out),
    Mutation("captions", "no pair is held out", ("Where a caption is one token",), {"caption": "whole"}, patch=_none_held_out),
    Mutation("captions", "it is only pulled together", ("Pictures and captions that do not match",), {"loss": "pull"}),
    Mutation("captions", "it is told apart", ("Only pulled together",)),
]
