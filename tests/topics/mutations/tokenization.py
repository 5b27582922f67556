"""Topic 35 without what it shows: pairs chosen otherwise, texts learned from that are others, and merges gone wrong."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.tokenization import greedy, merges, pairs
from engine.datasets import erlkoenig
from tests.topics.mutations import Mutation


def _rarest_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pairs, "chosen", lambda counts: int(counts.argmin()))


def _learned_on(text: str) -> Any:
    """The training half is this text."""
    dealt = merges.halves
    return lambda patch: patch.setattr(merges, "halves", lambda rng: dealt(rng) | {"train": text})


def _letters_turned(patch: pytest.MonkeyPatch) -> None:
    """A new token is spelled with its second half first."""
    made = pairs.Vocabulary.add

    def add(self: pairs.Vocabulary, pair: pairs.Pair) -> int:
        return made(self, (pair[1], pair[0]))

    patch.setattr(pairs.Vocabulary, "add", add)


def _like_pairs_twice(patch: pytest.MonkeyPatch) -> None:
    """A pair is counted once more than it is merged."""
    whole = pairs.Tokens.commonest

    def commonest(self: pairs.Tokens) -> tuple[pairs.Pair, int] | None:
        found = whole(self)
        return found and (found[0], found[1] + 1)

    patch.setattr(pairs.Tokens, "commonest", commonest)


def _one_best(patch: pytest.MonkeyPatch) -> None:
    """A text on which the commonest pair is the best."""
    patch.setattr(greedy, "EXAMPLE", "ab\nab\nab\ncd\ncd")


def _one_word(patch: pytest.MonkeyPatch) -> None:
    """The story is one word, over and over."""
    patch.setattr(merges, "halves", lambda _: dict.fromkeys(("train", "unseen"), " unbelievably" * 500))


MUTATIONS = [
    Mutation("merges", "the rarest pair first", ("length train", "length unseen", "words"), patch=_rarest_first),
    Mutation("merges", "learned on the German verse", ("german dearer",), patch=_learned_on(erlkoenig())),
    Mutation("merges", "few merges", ("count", "code dearer"), {"merges": 20}),
    Mutation("merges", "the word itself, over and over", ("tokens of a long word",), patch=_one_word),
    Mutation("merges", "tokens stay within words", ("across",)),
    Mutation("merges", "new tokens are spelled the wrong way round", ("wrongly joined",), patch=_letters_turned),
    Mutation("merges", "pairs are counted once too often", ("wrongly counted",), patch=_like_pairs_twice),
    Mutation("merges", "a text on which greedy is best", ("greedy behind",), patch=_one_best),
]
