"""Byte-pair encoding on characters: a text as numbers, its pairs counted, and the pair that is merged into a new token.

A text is held as the tokens it is made of so far. Which neighbours may merge is decided once, by the pieces that it is cut into
before anything is learned: no token ever reaches across two of them (Sennrich, Haddow and Birch, 2016).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

PIECE = re.compile(r" ?[^\W\d_]+| ?\d|\s?(?:[^\w\s]|_)+|\s")
"""A word with the space before it; a digit; a run of punctuation; a space or line break alone."""
FIRST = 0x110000
"""The number of the first new token: those of the characters are below."""
Numbers = NDArray[np.int64]
Pair = tuple[int, int]


class Tokens:
    """A text as numbers of tokens, characters to begin with. `whole`: it is one piece, so that all neighbours may merge."""

    def __init__(self, text: str, whole: bool) -> None:
        self.numbers: Numbers = np.array([ord(character) for character in text], np.int64)
        ends = np.zeros(len(text), bool)
        ends[-1:] = True
        if not whole:
            ends[[found.end() - 1 for found in PIECE.finditer(text)]] = True
        self._joined = ~ends

    def __len__(self) -> int:
        return self.numbers.size

    def pairs(self) -> tuple[Numbers, Numbers]:
        """Where each pair that may merge begins, and the pair as a number; of like ones that overlap every second is left out."""
        left, right = self.numbers[:-1], self.numbers[1:]
        places = np.arange(left.size)
        run = places - np.maximum.accumulate(np.where(left == right, -1, places))
        may = self._joined[:-1] & ~((left == right) & (run % 2 == 0))
        return places[may], (left << 32 | right)[may]

    def commonest(self) -> tuple[Pair, int] | None:
        """The pair that occurs most often, the first by number where several do, and how often; None when none is left."""
        _, keys = self.pairs()
        if not keys.size:
            return None
        found, counts = np.unique(keys, return_counts=True)
        best = chosen(counts)
        return (int(found[best]) >> 32, int(found[best]) & 0xFFFFFFFF), int(counts[best])

    def merge(self, pair: Pair, new: int) -> int:
        """Puts the new token in place of each such pair; how many there were."""
        places, keys = self.pairs()
        where = places[keys == (pair[0] << 32 | pair[1])]
        self.numbers[where], self._joined[where] = new, self._joined[where + 1]
        self.numbers, self._joined = np.delete(self.numbers, where + 1), np.delete(self._joined, where + 1)
        return int(where.size)


def chosen(counts: NDArray[np.intp]) -> int:
    """Which pair is merged next, by how often each occurs: the commonest."""
    return int(counts.argmax())


class Vocabulary:
    """What each token spells, in the order in which they were learned: a character itself, or two tokens before it."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def add(self, pair: Pair) -> int:
        """The number of the new token that this pair makes."""
        self.made.append("".join(self.spelled(np.array(pair))))
        return FIRST + len(self.made) - 1

    def spelled(self, numbers: Numbers) -> list[str]:
        """The text of each token."""
        return [self.made[number - FIRST] if number >= FIRST else chr(number) for number in numbers.tolist()]

    def ages(self, numbers: Numbers) -> NDArray[np.float64]:
        """By which merge each token came about, from 1; NaN for a character."""
        return np.where(numbers < FIRST, np.nan, numbers - FIRST + 1.0)
