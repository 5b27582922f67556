"""How the data that ships is read: small files beside this module, made by `scripts/make_dataset_files.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.graph import Array

FILES = Path(__file__).parent / "files"


def shipped(name: str) -> dict[str, Array]:
    """The arrays of one file, by name."""
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as file:
        return dict(file)


def lasting(array: Array, dtype: npt.DTypeLike) -> Array:
    """A copy that nobody can change: what is read once is shared by all who ask for it."""
    copy = np.array(array, dtype, order="C")
    copy.flags.writeable = False
    return copy


def words(array: Array) -> tuple[str, ...]:
    """Names as they are read, as strings of Python."""
    return tuple(str(each) for each in array)
