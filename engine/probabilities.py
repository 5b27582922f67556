"""The small words of a classifier, on plain arrays: labels as one-hot targets, and logits as probabilities.

Networks say the same in nodes (`activations`, `losses`); these are for what is looked at, and for learners without a graph.
Classes are the first axis, samples the last. Nothing overflows, what is close to 0 keeps its digits, and NaN stays NaN.
"""

from __future__ import annotations

import numpy as np

from engine.graph import Array, GraphError


def one_hot(labels: Array, classes: int) -> Array:
    """Labels (n,) as targets (classes, n): one 1 a column. Raises GraphError for a label that is no class."""
    labels = np.asarray(labels)
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise GraphError(f"one_hot: got labels from {labels.min()} to {labels.max()}, wanted 0 to {classes - 1}")
    targets = np.zeros((classes, labels.size), np.float32)
    targets[labels, np.arange(labels.size)] = 1
    return targets


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), from exp(-|z|), so that it is as exact far below 0 as near it."""
    decay = np.exp(-np.abs(z))
    shares: Array = np.where(z < 0, decay, 1) / (1 + decay)
    return shares


def softplus(z: Array) -> Array:
    """ln(1 + exp(z)) without overflow."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softmax(logits: Array) -> Array:
    """Probabilities (classes, n), or of one sample (classes,), each column summing to 1."""
    grown = np.exp(logits - logits.max(axis=0))
    shares: Array = grown / grown.sum(axis=0)
    return shares


def log_softmax(logits: Array) -> Array:
    """The logs of these probabilities, which stay finite where a probability is too small to be written."""
    shifted = logits - logits.max(axis=0)
    logs: Array = shifted - _log_of_sum(shifted)
    return logs


def log_sum(z: Array) -> float:
    """The log of the sum of exp(z) over all numbers, without overflow."""
    return float(z.max() + _log_of_sum(z.ravel() - z.max()))


def _log_of_sum(shifted: Array) -> Array:
    """The log of the sum down each column of exp(shifted), whose largest is 1: of 1 + the others, so that these count."""
    grown = np.exp(shifted)
    np.put_along_axis(grown, shifted.argmax(axis=0, keepdims=True), 0, axis=0)
    logs: Array = np.log1p(grown.sum(axis=0))
    return logs
