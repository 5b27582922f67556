"""Patterns of on/off pixels, few enough to know them all."""

from __future__ import annotations

import numpy as np

from engine.graph import Array


def bars_and_stripes(side: int = 3) -> Array:
    """All images of whole rows or of whole columns, side x side pixels, each once: (side², 2^(side + 1) - 2), 0 or 1.

    From MacKay (2003). Raises ValueError for a side that is not 1 to 8.
    """
    if not 1 <= side <= 8:
        raise ValueError(f"side: got {side}, wanted 1 to 8")
    choices = (np.arange(2**side)[:, None] >> np.arange(side) & 1).astype(np.float64)
    columns = np.repeat(choices[:, None, :], side, axis=1)
    rows = np.repeat(choices[:, :, None], side, axis=2)
    return np.unique(np.concatenate([columns, rows]).reshape(-1, side * side), axis=0).T
