"""The real tables: small files beside this module, made by `scripts/make_dataset_files.py`, licences in `files/LICENSE`."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.datasets.shipped import lasting, shipped, words
from engine.datasets.table import Dataset


def iris() -> Dataset:
    """Fisher's irises (1936): sepals and petals of 150 flowers of three species, in cm, fifty flowers a species, in order."""
    return _read("iris")


def wine() -> Dataset:
    """UCI Wine (Aeberhard and Forina): 13 chemical measurements of 178 Italian wines of three cultivars; raw units."""
    return _read("wine")


def digits() -> Dataset:
    """UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak), test part: 1,797 images of 8x8 pixels.

    Ink is from 0 to 1, in sixteenths.
    """
    return _read("digits", 16)


def breast_cancer() -> Dataset:
    """UCI Breast Cancer Wisconsin, Diagnostic (Wolberg and others): 30 measurements of 569 tumours; class 0 is malignant."""
    return _read("breast_cancer")


@cache
def _read(name: str, unit: float = 1) -> Dataset:
    read = shipped(name)
    names = words(read["feature_names"]), words(read["class_names"])
    return Dataset(lasting(read["inputs"].T / unit, np.float32), lasting(read["labels"], np.int64), *names)
