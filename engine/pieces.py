"""Long work in pieces: a generator that yields None after each, and returns what it has made.

Whoever takes the pieces may do something else in between; `whole` takes them all at once. A piece is bounded by how many nodes it
handles and never by the clock, so that it is small on a slow machine too and nothing depends on when it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

NODES_A_PIECE = 500
"""Some 2 ms of building on a core of 3 GHz."""


def each(do: Callable[[Item], object], items: Iterable[Item]) -> Generator[None, None, None]:
    """Does it to every item."""
    for done, item in enumerate(items, start=1):
        do(item)
        if done % NODES_A_PIECE == 0:
            yield


def whole(pieces: Generator[None, None, Made]) -> Made:
    """All pieces, one after the other; what they made."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            made: Made = end.value
            return made
