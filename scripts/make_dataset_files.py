"""Makes engine/datasets/files out of scikit-learn's copies of the UCI tables. Needed once; the files are in the repository.

pip install scikit-learn && python scripts/make_dataset_files.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

FILES = Path(__file__).resolve().parent.parent / "engine" / "datasets" / "files"


def main() -> None:
    """Writes iris.npz, wine.npz, digits.npz and breast_cancer.npz."""
    from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

    _write("iris", load_iris(), np.float32)
    _write("wine", load_wine(), np.float32)
    _write("digits", load_digits(), np.uint8)
    _write("breast_cancer", load_breast_cancer(), np.float32)


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
