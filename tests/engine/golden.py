"""The values that PyTorch computed, in float64, and the comparison with them. `scripts/make_golden.py` wrote them down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

with np.load(Path(__file__).parent / "golden.npz", allow_pickle=False) as file:
    GOLDEN = {name: file[name] for name in file.files}


def equal(got: Any, name: str) -> None:
    """To ten digits."""
    np.testing.assert_allclose(got, GOLDEN[name], rtol=1e-10, atol=1e-12, err_msg=name)
