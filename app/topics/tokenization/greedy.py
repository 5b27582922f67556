"""A text on which merging the commonest pair first is not the best: all ways to make two merges are tried."""

from __future__ import annotations

from collections.abc import Iterator

from app.topics.tokenization import pairs

EXAMPLE = "cab\ncab\nca\nca\nabd\nabd\nbd\nbd\nab"
"""A word a line: no space belongs to a word here."""


def behind(text: str, merges: int) -> int:
    """How many tokens more the commonest pairs leave of a short text than the best pairs do."""
    greedy = pairs.Tokens(text, whole=False)
    for new in range(pairs.FIRST, pairs.FIRST + merges):
        if found := greedy.commonest():
            greedy.merge(found[0], new)
    return len(greedy) - min(len(tokens) for tokens in _ways(text, merges))


def _ways(text: str, merges: int, done: tuple[pairs.Pair, ...] = ()) -> Iterator[pairs.Tokens]:
    """The text after each choice of that many merges, one after another."""
    tokens = pairs.Tokens(text, whole=False)
    for new, pair in enumerate(done, pairs.FIRST):
        tokens.merge(pair, new)
    yield tokens
    if len(done) < merges:
        for key in set(tokens.pairs()[1].tolist()):
            yield from _ways(text, merges, (*done, (key >> 32, key & 0xFFFFFFFF)))
