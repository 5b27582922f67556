"""The poem: which stanzas are learned, what counting letters and pairs of letters can do, and how much of a text is copied.

Used by `characters`. Bits per character are the mean of -log2 of the probability given to the character that comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine import Array
from engine.datasets import Text, the_tyger

WORD = re.compile(r"[\w']+")
COPIED = 20
"""From so many characters in a row on, a stretch found in the poem counts as copied."""


@dataclass(frozen=True)
class Poem:
    """Blake's poem with one stanza held out, 1 to 6. Each stanza is read from the line break before it."""

    held_out: int
    whole: Text = field(default_factory=the_tyger)

    @cached_property
    def stanzas(self) -> list[Array]:
        """All of them as numbers of characters, a line break first."""
        return [self.whole.numbers(f"\n{stanza}") for stanza in self.whole.stanzas()]

    @cached_property
    def learned(self) -> str:
        """The stanzas that are learned, one after another."""
        return "\n".join(self.whole.stanzas()[place] for place in self.places)

    @property
    def places(self) -> list[int]:
        """Which stanzas these are, from 0."""
        return [place for place in range(len(self.stanzas)) if place != self.held_out - 1]

    def counted(self, order: int, extra: float = 0.0) -> tuple[float, float]:
        """Bits per character by counts in the learned stanzas: of these, and of the stanza held out.

        `order` 0 counts characters, 1 pairs of them. `extra` is added to each count (Laplace, 1814), without which a pair never
        seen costs infinitely many bits.
        """
        pairs = np.full((len(self.whole.characters),) * 2, extra)
        for place in self.places:
            np.add.at(pairs, (self.stanzas[place][:-1], self.stanzas[place][1:]), 1)
        counts = pairs if order else np.broadcast_to(pairs.sum(axis=0), pairs.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            bits = np.where(counts > 0, -np.log2(counts / counts.sum(axis=1, keepdims=True)), np.inf)
        return self.split([bits[stanza[:-1], stanza[1:]] for stanza in self.stanzas])

    def split(self, bits: list[Array]) -> tuple[float, float]:
        """The mean over the characters of the learned stanzas, and over those of the one held out."""
        return float(np.concatenate([bits[place] for place in self.places]).mean()), float(bits[self.held_out - 1].mean())

    def copied(self, text: str) -> Array:
        """For each character of a text how many characters, itself the last, stand like that in what was learned: (n,)."""
        lengths, length = np.empty(len(text)), 0
        for place in range(len(text)):
            length += 1
            while text[place - length + 1 : place + 1] not in self.learned:
                length -= 1
            lengths[place] = length
        return lengths

    def real(self, text: str) -> float:
        """The share of a text's words that the whole poem has; without the last one, which may be cut off."""
        written, words = WORD.findall(text)[:-1], set(WORD.findall(self.whole.text))
        return float(np.mean([word in words for word in written])) if written else 0.0


def share_copied(lengths: Array) -> float:
    """The share of characters inside a copied stretch of at least `COPIED`, by their lengths from `Poem.copied`."""
    inside = np.zeros(lengths.size, bool)
    for place in np.flatnonzero(lengths >= COPIED):
        inside[place - int(lengths[place]) + 1 : place + 1] = True
    return float(inside.mean())


def by_word(text: str, values: Array) -> tuple[list[str], Array]:
    """A text as words, a stroke for each line break; and over each the mean of its characters' values (n,), NaN for a stroke."""
    found = list(re.finditer(r"\S+|\n", text))
    means = [np.nan if one[0] == "\n" else values[one.start() : one.end()].mean() for one in found]
    return [one[0].replace("\n", "/") for one in found], np.array(means)
