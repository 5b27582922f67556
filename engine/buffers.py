"""A plan's buffers: made once, and given to another node as soon as nobody reads them any more.

Between `engine.seats`, which says what stands together in one, and `engine.builder`, which asks for them node by node.
"""

from __future__ import annotations

from collections import defaultdict
from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.graph import Array, Shape

MOST_TOO_LARGE = 2
"""A buffer goes to a node of as many times fewer numbers at the most: a smaller one would keep it from those that need it."""


class Life(NamedTuple):
    """From call `begins` on, up to but not including call `ends`, buffer number `buffer` of a plan holds what is still read."""

    buffer: int
    begins: int
    ends: int


class Buffers:
    """Those that are free, and `made`, all that there are. `now`: the call that is planned now, for `lives`."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self.made: list[Array] = []
        self.now = 0
        self._dtype = dtype
        self._free: defaultdict[int, list[Array]] = defaultdict(list)
        self._numbers: dict[int, int] = {}  # of each by its id
        self._begun: dict[int, int] = {}
        self._ended: list[Life] = []

    @property
    def bytes(self) -> int:
        """The size of all of them."""
        return sum(buffer.nbytes for buffer in self.made)

    def take(self, shape: Shape) -> Array:
        """A buffer of that shape: the one freed last of those of that size, else of the next larger ones, else a new one."""
        size = prod(shape)
        fit = min((free for free, held in self._free.items() if held and size <= free <= MOST_TOO_LARGE * size), default=None)
        if fit is None:
            return self.make(shape)
        found = self._free[fit].pop()
        self.begin(found)
        return found if found.shape == shape else found.reshape(-1)[:size].reshape(shape)

    def give(self, buffer: Array) -> None:
        """Frees a buffer that was taken or made here, whatever part of it is seen."""
        whole = buffer if buffer.base is None else buffer.base
        self._free[whole.size].append(whole)
        self.end(whole)

    def make(self, shape: Shape) -> Array:
        """A new one, of zeros."""
        buffer = np.zeros(shape, self._dtype)
        self._numbers[id(buffer)] = len(self.made)
        self.made.append(buffer)
        self.begin(buffer)
        return buffer

    def begin(self, buffer: Array) -> None:
        """From now on it holds what is still read."""
        self._begun[self._number(buffer)] = self.now

    def end(self, buffer: Array) -> None:
        """From now on it holds nothing that is."""
        number = self._number(buffer)
        self._ended.append(Life(number, self._begun.pop(number), self.now))

    def lives(self, calls: int) -> list[Life]:
        """When each held what, of a plan of so many calls, in the order in which they began."""
        lasting = (Life(number, begun, calls) for number, begun in self._begun.items())
        return sorted((*self._ended, *lasting), key=lambda life: (life.begins, life.buffer))

    def _number(self, buffer: Array) -> int:
        return self._numbers[id(buffer if buffer.base is None else buffer.base)]
