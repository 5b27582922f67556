"""The digits of the dropout demo: few to learn from, some of them with a wrong label, and all the others to be judged by."""

from __future__ import annotations

from dataclasses import replace

from app.topic import Streams
from engine.datasets import Dataset, digits, split

CLASSES = 10


def mislabelled(rng: Streams, samples: int, share: float) -> tuple[Dataset, Dataset]:
    """`samples` training digits, each given a wrong label with probability `share`; and all others, unseen, with true labels."""
    train, test = split(rng.data, digits(), samples)
    labels = train.labels.copy()
    wrong = rng.noise.random(samples) < share
    labels[wrong] = (labels[wrong] + rng.noise.integers(1, CLASSES, wrong.sum())) % CLASSES
    return replace(train, labels=labels), test
