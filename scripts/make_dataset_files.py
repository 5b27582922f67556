"""Makes engine/datasets/files out of scikit-learn's copies of the UCI tables. Needed once; the files are in the repository.

pip install scikit-learn && python scripts/make_dataset_files.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

FILES = Path(__file__).resolve().parent.parent / "engine" / "datasets" / "files"


def main() -> None:
    """Writes wine.npz and digits.npz."""
    from sklearn.datasets import load_digits, load_wine

    _write("wine", load_wine(), np.float32)
    _write("digits", load_digits(), np.uint8)


def _write(name: str, table: Any, dtype: Any) -> None:
    inputs = table.data.astype(dtype)
    assert np.allclose(inputs, table.data, rtol=1e-6), name
    np.savez_compressed(
        FILES / f"{name}.npz",
        inputs=inputs,
        labels=table.target.astype(np.uint8),
        feature_names=np.array([str(each) for each in table.feature_names]),
        class_names=np.array([str(each) for each in table.target_names]),
    )
    print(f"{name}: {inputs.shape}, {(FILES / f'{name}.npz').stat().st_size} bytes")


if __name__ == "__main__":
    main()
