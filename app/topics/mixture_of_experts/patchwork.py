"""The data: a plane cut into cells, with another wave in each, so that no single small network fits all of them well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array

CELLS = 8
DRAWS = 50


@dataclass(frozen=True)
class Patchwork:
    """`centres` (2, 8) of cells that hold what is nearest to them; `waves` (5, 8): height, slopes, shift and phase in each."""

    centres: Array
    waves: Array

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Patchwork:
        """One whose centres lie well apart: the best of fifty draws."""
        draws = rng.uniform(-1, 1, (DRAWS, 2, CELLS))
        gaps = np.square(draws[:, :, :, None] - draws[:, :, None]).sum(axis=1) + 9 * np.eye(CELLS)
        height = rng.uniform(0.5, 1.5, CELLS) * rng.choice([-1, 1], CELLS)
        slopes, shift, phase = 3 * rng.normal(size=(2, CELLS)), 1.5 * rng.normal(size=CELLS), rng.uniform(0, 6, CELLS)
        return cls(draws[gaps.min(axis=(1, 2)).argmax()], np.stack([height, *slopes, shift, phase]))

    def cells(self, places: Array) -> Array:
        """In which cell each of places (2, n) lies, (n,)."""
        return np.asarray(np.square(places[:, :, None] - self.centres[:, None]).sum(axis=0).argmin(axis=1))

    def heights(self, places: Array) -> Array:
        """What is to be predicted at places (2, n), (1, n)."""
        height, across, up, shift, phase = self.waves[:, self.cells(places)]
        return np.asarray((height * np.sin(across * places[0] + up * places[1] + phase) + shift)[None])
