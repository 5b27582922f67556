"""The real tables: small files beside this module, made by `scripts/make_dataset_files.py`, licences in `files/LICENSE`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from engine.datasets.table import Dataset

FILES = Path(__file__).parent / "files"


def iris() -> Dataset:
    """Fisher's irises (1936): sepals and petals of 150 flowers of three species, in cm, fifty flowers a species, in order."""
    return _read("iris")


def wine() -> Dataset:
    """UCI Wine (Aeberhard and Forina): 13 chemical measurements of 178 Italian wines of three cultivars; raw units."""
    return _read("wine")


def digits() -> Dataset:
    """UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak), test part: 1,797 images of 8x8 pixels from 0 to 16."""
    return _read("digits")


def breast_cancer() -> Dataset:
    """UCI Breast Cancer Wisconsin, Diagnostic (Wolberg and others): 30 measurements of 569 tumours; class 0 is malignant."""
    return _read("breast_cancer")


@cache
def _read(name: str) -> Dataset:
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as file:
        inputs = np.ascontiguousarray(file["inputs"].T.astype(np.float32))
        names = tuple(str(each) for each in file["feature_names"]), tuple(str(each) for each in file["class_names"])
        data = Dataset(inputs, file["labels"].astype(np.int64), *names)
    for array in (data.inputs, data.labels):
        array.flags.writeable = False
    return data
