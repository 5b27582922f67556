"""Patterns: bars and stripes, each once."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets import bars_and_stripes


@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_every_image_is_of_whole_rows_or_whole_columns_and_there_once(side: int) -> None:
    patterns = bars_and_stripes(side)
    assert patterns.shape == (side * side, 2 ** (side + 1) - 2)
    assert len({tuple(pattern) for pattern in patterns.T}) == patterns.shape[1]
    for pattern in patterns.T.reshape(-1, side, side):
        assert (pattern == pattern[:1]).all() or (pattern == pattern[:, :1]).all()
    assert set(np.unique(patterns)) == {0.0, 1.0}


@pytest.mark.parametrize("side", [0, 9])
def test_other_sides_are_refused(side: int) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 8"):
        bars_and_stripes(side)
