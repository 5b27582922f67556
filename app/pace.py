"""Pace: at which steps a run shows itself, and how many frames that makes. The loop of a run and its plan both ask here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

MOST_FRAMES = 241
"""A run is rewound frame by frame: more frames than this are no clearer and cost the wire."""


class Pace:
    """Steps 0, 1, ... `steps`, of which some are shown: the first, the last, and denser early on, when most happens.

    `for done, shown in pace:` goes through them all, `done` updates having been made; `len(pace)` is the number of frames. The
    moments go with a power of 1.5: the first tenth of the training gets a fifth of the frames, and no gap is more than 1.3 % of
    the run. Raises ValueError for fewer than 0 steps, and for frames outside 2 to `MOST_FRAMES`.
    """

    def __init__(self, steps: int, frames: int = 120) -> None:
        if steps < 0 or not 2 <= frames <= MOST_FRAMES:
            raise ValueError(f"steps >= 0 and 2 <= frames <= {MOST_FRAMES}, got {steps} and {frames}")
        self.steps = steps
        self.moments = tuple(int(step) for step in np.unique(np.round(steps * np.linspace(0.0, 1.0, frames) ** 1.5)))

    @classmethod
    def at(cls, moments: Iterable[int]) -> Pace:
        """A pace that shows just these steps, up to the last of them."""
        pace = cls.__new__(cls)
        pace.moments = tuple(sorted({int(moment) for moment in moments}))
        pace.steps = pace.moments[-1]
        return pace

    @classmethod
    def evenly(cls, steps: int, every: int) -> Pace:
        """A pace that shows every so many steps, and the last."""
        return cls.at([*range(0, steps, every), steps])

    def __iter__(self) -> Iterator[tuple[int, bool]]:
        shown = set(self.moments)
        return ((done, done in shown) for done in range(self.steps + 1))

    def __len__(self) -> int:
        return len(self.moments)
