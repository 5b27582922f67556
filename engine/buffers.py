"""A plan's buffers: made once, and given to another node as soon as nobody reads them any more.

Between `engine.seats`, which says what stands together in one, and `engine.plan`, which asks for them node by node.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from engine.graph import Array, Shape

MOST_TOO_LARGE = 2
"""A buffer goes to a node of as many times fewer numbers at the most: a smaller one would keep it from those that need it."""


class Buffers:
    """Those that are free, and `bytes`, the size of all that were made."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self.bytes = 0
        self._dtype = dtype
        self._free: defaultdict[int, list[Array]] = defaultdict(list)

    def take(self, shape: Shape) -> Array:
        """A buffer of that shape: the one freed last of those of that size, else of the next larger ones, else a new one."""
        size = int(np.prod(shape, dtype=int))
        fit = min((free for free, held in self._free.items() if held and size <= free <= MOST_TOO_LARGE * size), default=None)
        if fit is None:
            return self.make(shape)
        found = self._free[fit].pop()
        return found if found.shape == shape else found.reshape(-1)[:size].reshape(shape)

    def give(self, buffer: Array) -> None:
        """Frees a buffer that was taken or made here, whatever part of it is seen."""
        whole = buffer if buffer.base is None else buffer.base
        self._free[whole.size].append(whole)

    def make(self, shape: Shape) -> Array:
        """A new one, of zeros."""
        buffer = np.zeros(shape, self._dtype)
        self.bytes += buffer.nbytes
        return buffer
