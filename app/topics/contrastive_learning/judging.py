"""How good vectors without labels are: what a snapshot of `digits` draws and measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.topic import Snapshot
from app.topics.contrastive_learning.few_labels import CLASSES, FewLabels, normalized
from app.topics.contrastive_learning.views import SIDE
from engine import Array
from engine.datasets import Dataset

TRAINED = 1397
COMPARED = 6
"""Test pictures of each digit on the chart of similarities."""
NAMES = {
    "pixels": "pixels",
    "untrained": "untrained network",
    "supervised": "supervised",
    "supervised on views": "supervised on views",
    "features": "features",
    "head": "the head’s vectors",
    "propagation": "label propagation",
}


class Judge:
    """Names unseen digits by the nearest class mean of what a network makes of them, and knows what rivals named right."""

    def __init__(self, train: Dataset, test: Dataset, few: FewLabels, rivals: dict[str, float]) -> None:
        self._train, self._few = train, few
        self._rivals = {"pixels": few.nearest_mean(train.inputs, test.inputs)} | rivals
        self._compared = np.concatenate([np.flatnonzero(test.labels == digit)[:COMPARED] for digit in range(CLASSES)])
        self._shown = [int(np.flatnonzero(train.labels == digit)[0]) for digit in range(CLASSES)]

    def look(self, done: int, vectors: Sequence[Array], pair: Sequence[Array], views: Sequence[Array]) -> Snapshot:
        """Charts and numbers: features and their head of all pictures, and the head of two views of some pictures."""
        right = {
            name: self._few.nearest_mean(each[:, :TRAINED], each[:, TRAINED:])
            for name, each in zip(("features", "head"), vectors, strict=True)
        }
        if not done:
            self._rivals["untrained"] = right["features"]
        unseen = normalized(vectors[1][:, TRAINED:][:, self._compared])
        ones, others = (normalized(each) for each in pair)
        cosines, same = ones.T @ others, np.eye(ones.shape[1], dtype=bool)
        partners = {"partners": float(cosines[same].mean()), "others": float(cosines[~same].mean())}
        known = self._rivals | right
        pictures = np.concatenate([each[:, self._shown] for each in (self._train.inputs, *views)], axis=1)
        drawn: dict[str, Any] = {
            "similarity": (unseen.T @ unseen)[None],
            "right": [known[name] for name in NAMES],
            "views": pictures.T.reshape(-1, SIDE, SIDE),
            "learned": right,
            "partners": partners,
        }
        over = {f"{name} over {rival}": right[name] - each for name in right for rival, each in self._rivals.items()}
        return Snapshot(done, drawn, measured=known | partners | over)
