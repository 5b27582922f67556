"""What both demos share: the spirals to train and to test on, their field, and the probe that asks what a straight cut can do."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Field, Plane
from app.topic import streams
from engine.datasets import Dataset, spirals
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import softmax

POINTS = 400
"""To train on; as many again, fresh, to test on."""
REACH = (-1.15, 1.15)
PLANE = Plane(Axis("first input", REACH), Axis("second input", REACH))
ARMS = ("first arm", "second arm")


def data(seed: int, turns: float) -> tuple[Dataset, Dataset]:
    """Training and test points of two spirals, drawn one after the other."""
    rng = streams(seed).data
    return spirals(rng, POINTS, turns, 0.03), spirals(rng, POINTS, turns, 0.03)


def field_chart(title: str, test: Dataset) -> Field:
    """The network's opinion over the plane, with the points it has not seen."""
    return Field(
        title=title,
        points=test.inputs,
        labels=test.labels,
        class_names=ARMS,
        **PLANE.axes,
        size=PLANE.size,
        of="second arm",
        height=330,
    )


def second_arm(logits: Array) -> Array:
    """The probability of the second arm over a plane of that size, from logits (2, points)."""
    return PLANE.picture(softmax(logits)[1])


def probe(train: Array, train_labels: Array, test: Array, test_labels: Array) -> float:
    """The share of test samples that the best straight cut through activations (d, n) sorts right: a probe (Alain, Bengio 2016).

    The cut is fitted to the training samples by least squares, with a trace of ridge for units that say the same thing.
    """
    seen = np.concatenate([train, np.ones((1, train.shape[1]))]).astype(np.float64)
    unseen = np.concatenate([test, np.ones((1, test.shape[1]))])
    signs = 2.0 * train_labels - 1
    cut = np.linalg.solve(seen @ seen.T + 1e-6 * len(train_labels) * np.eye(len(seen)), seen @ signs)
    return accuracy((cut @ unseen)[None], test_labels)
