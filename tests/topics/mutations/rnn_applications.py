"""Topic 11 without what it shows: a state forgotten, weights that hardly move, no “not”, bags with an order, another series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.rnn_applications import captions, characters, readers, sentiment
from engine import Array, Graph
from engine.datasets import grammar
from engine.networks.recurrent import Recurrent, Unrolled, rnn, step_of
from tests.topics.mutations import Mutation


def _forgetful(patch: pytest.MonkeyPatch) -> None:
    """Every step begins from a state of zeros."""

    def made(graph: Graph, name: str, features: int, units: int, rng: np.random.Generator) -> Recurrent:
        cell = rnn(graph, name, features, units, rng)

        def apply(inputs: Any) -> Unrolled:
            return Unrolled(tuple(cell([step_of(inputs, place)]).last for place in range(inputs.shape[-2])))

        return apply

    patch.setitem(readers.CELLS, "rnn", made)


def _never_not(patch: pytest.MonkeyPatch) -> None:
    usual = grammar._clause

    def clause(rng: np.random.Generator, sentiment: int) -> list[int]:
        return next(words for _ in range(99) if grammar.WORDS.index("not") not in (words := usual(rng, sentiment)))

    patch.setattr(grammar, "_clause", clause)


def _bags_in_order(patch: pytest.MonkeyPatch) -> None:
    """Words count for more the later they come."""

    def counted(words: Array) -> Array:
        seen = (
            np.eye(len(grammar.WORDS), dtype=np.float32)[words] * np.linspace(0.1, 2, len(words), dtype=np.float32)[:, None, None]
        )
        ordered: Array = seen.cumsum(axis=0).transpose(2, 0, 1)[1:]
        return ordered

    patch.setattr(readers, "bags", counted)


def _untrained(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sentiment, "LEARNING_RATE", 0.0)


def _slow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(characters, "LEARNING_RATE", 0.0002)


def _captions_untrained(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(captions, "LEARNING_RATE", 0.0)


def _images_in_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(captions, "_of_others", lambda said: said)


MUTATIONS = [
    Mutation("sentiment", "the state is forgotten at every step", ("recurrent", "pairs recurrent"), patch=_forgetful),
    Mutation("sentiment", "no clause has a not", ("bag linear",), patch=_never_not),
    Mutation("sentiment", "nothing is learned", ("bag mlp",), patch=_untrained),
    Mutation("sentiment", "only the last word has a target", ("near",), {"targets": "last"}),
    Mutation("sentiment", "every word has a target", ("apart",)),
    Mutation("sentiment", "the bags tell late words from early ones", ("pairs bag mlp",), patch=_bags_in_order),
    Mutation("characters", "it learns slowly", ("learned", "below pairs", "turned", "real", "copied"), patch=_slow),
    Mutation("characters", "a stanza that repeats another is held out", ("beyond pairs",), {"held_out": 6}),
    Mutation("characters", "the stanza held out repeats no other", ("held-out",)),
    Mutation("characters", "it has four units and little time", ("colder",), {"hidden_units": 4, "updates": 50}),
    Mutation("captions", "nothing is learned", ("new",), patch=_captions_untrained),
    Mutation("captions", "captions are held against their own images", ("shuffled",), patch=_images_in_order),
    Mutation("captions", "no pair is kept out", ("Of scenes with a pair", "one of two"), {"held_out": "nothing"}),
    Mutation("captions", "two pairs are kept out", ("With those pairs",)),
    Mutation("series", "a price is forecast", ("On sunspots the network",), {"series": "AAPL"}),
    Mutation("series", "weight decay holds the network back", ("against linear", "fit"), {"weight_decay": 10}),
    Mutation("series", "sunspots are forecast", ("On prices its error", "On prices the linear", "direction")),
    Mutation("series", "the network is free to say anything", ("With strong weight decay",), {"series": "AAPL"}),
]
