"""Texts: a poem to learn by heart letter by letter, two chapters of a story, and a ballad in another language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.datasets.shipped import FILES
from engine.graph import Array

TYGER = """\
Tyger Tyger, burning bright,
In the forests of the night;
What immortal hand or eye,
Could frame thy fearful symmetry?

In what distant deeps or skies.
Burnt the fire of thine eyes?
On what wings dare he aspire?
What the hand, dare seize the fire?

And what shoulder, & what art,
Could twist the sinews of thy heart?
And when thy heart began to beat,
What dread hand? & what dread feet?

What the hammer? what the chain,
In what furnace was thy brain?
What the anvil? what dread grasp,
Dare its deadly terrors clasp!

When the stars threw down their spears
And water'd heaven with their tears:
Did he smile his work to see?
Did he who made the Lamb make thee?

Tyger Tyger burning bright,
In the forests of the night:
What immortal hand or eye,
Dare frame thy fearful symmetry?
"""
"""William Blake, "The Tyger", in Songs of Experience (1794), with his spelling and stops; in the public domain."""


@dataclass(frozen=True)
class Text:
    """A text and the characters it is made of, in order; a character's number is its place among them."""

    text: str
    characters: str

    def numbers(self, text: str | None = None) -> Array:
        """Each character's number, of this text or of another of the same characters. Raises ValueError naming a strange one."""
        for character in text or "":
            if character not in self.characters:
                raise ValueError(f"character {character!r}: unknown, wanted one of {self.characters!r}")
        return np.array([self.characters.index(character) for character in (self.text if text is None else text)])

    def spelled(self, numbers: Array) -> str:
        """The characters of these numbers."""
        return "".join(self.characters[number] for number in numbers)

    def stanzas(self) -> list[str]:
        """Parts between empty lines, each with its last line break."""
        return [f"{part.strip()}\n" for part in self.text.strip().split("\n\n")]


def the_tyger() -> Text:
    """Blake's poem, six stanzas."""
    return Text(TYGER, "".join(sorted(set(TYGER))))


def alice() -> tuple[str, ...]:
    """The 129 paragraphs of "Down the Rabbit-Hole" and "A Mad Tea-Party", chapters I and VII of Carroll's story (1865)."""
    return tuple((FILES / "alice.txt").read_text(encoding="utf-8").splitlines())


def erlkoenig() -> str:
    """Goethe's ballad (1782), in German, 32 lines."""
    return (FILES / "erlkoenig.txt").read_text(encoding="utf-8")


def windows(rng: np.random.Generator, numbers: Array, steps: int, batch_size: int) -> Iterator[tuple[Array, Array]]:
    """Without end: stretches of a text and the characters that follow each of theirs, both (steps, batch_size).

    Raises ValueError for a text that has no stretch of that length, and for an empty batch.
    """
    if not 1 <= steps < numbers.size:
        raise ValueError(f"steps: got {steps}, wanted 1 to {numbers.size - 1}")
    if batch_size < 1:
        raise ValueError(f"batch_size: got {batch_size}, wanted at least 1")

    def dealt() -> Iterator[tuple[Array, Array]]:
        while True:
            places = rng.integers(0, numbers.size - steps, batch_size) + np.arange(steps)[:, None]
            yield numbers[places], numbers[places + 1]

    return dealt()
