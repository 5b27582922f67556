"""Makes engine/datasets/files: tables out of scikit-learn, sunspots out of statsmodels, stocks out of plotly.

Needed once; the files are in the repository. pip install scikit-learn statsmodels plotly && python scripts/make_dataset_files.py
"""

from __future__ import annotations

import csv
import gzip
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

FILES = Path(__file__).resolve().parent.parent / "engine" / "datasets" / "files"


def main() -> None:
    """Writes iris.npz, wine.npz, digits.npz, breast_cancer.npz, sunspots.npz and stocks.npz."""
    from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

    _write("iris", load_iris(), np.float32)
    _write("wine", load_wine(), np.float32)
    _write("digits", load_digits(), np.uint8)
    _write("breast_cancer", load_breast_cancer(), np.float32)
    _write_series("sunspots", _sunspots())
    _write_series("stocks", _stocks())


def _sunspots() -> list[list[str]]:
    """Rows of a year and its mean, the first the names."""
    rows = list(csv.reader((files("statsmodels.datasets.sunspots") / "sunspots.csv").read_text(encoding="utf-8").splitlines()))
    return [["year", "sunspots"], *rows[1:]]


def _stocks() -> list[list[str]]:
    """Rows of a date and a price a company, the first the names."""
    packed = (files("plotly.package_data.datasets") / "stocks.csv.gz").read_bytes()
    return list(csv.reader(gzip.decompress(packed).decode().splitlines()))


def _write_series(name: str, table: list[list[str]]) -> None:
    (_, *names), *lines = table
    values = np.array([line[1:] for line in lines], np.float64).T
    times = [line[0].strip().removesuffix(".0") for line in lines]
    np.savez_compressed(FILES / f"{name}.npz", values=values, names=np.array(names), times=np.array(times))
    print(f"{name}: {values.shape}, {(FILES / f'{name}.npz').stat().st_size} bytes")


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
