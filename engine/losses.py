"""Losses: (outputs, targets) to a scalar to be minimized, the mean over samples; in a sweep one scalar a copy.

All take logits where there is a choice: the loss and its gradient are then safe from overflow.
"""

from __future__ import annotations

import numpy as np

from engine.graph import Array, GraphError, Node
from engine.ops import absolute, add, exp, greatest, log, mean, multiply, relu, reshape, softplus, subtract, total, with_gradient


def mean_squared_error(predictions: Node, targets: Node) -> Node:
    """Mean of (p - t)^2 over all numbers; a mean, not a sum, so that it does not grow with the batch."""
    _fit("mean_squared_error", predictions, targets)
    error = predictions - targets
    return mean(error * error).named("loss")


def mean_absolute_error(predictions: Node, targets: Node) -> Node:
    """Mean of |p - t|: outliers pull no harder than others."""
    _fit("mean_absolute_error", predictions, targets)
    return mean(absolute(predictions - targets)).named("loss")


def huber(predictions: Node, targets: Node, delta: float = 1.0) -> Node:
    """Squared up to `delta`, straight beyond (Huber, 1964): e^2 / 2, then delta (|e| - delta / 2)."""
    _fit("huber", predictions, targets)
    size = absolute(predictions - targets)
    beyond = relu(size - delta)
    inside = size - beyond
    return mean(inside * inside * 0.5 + beyond * delta).named("loss")


def hinge(scores: Node, signs: Node) -> Node:
    """Mean of max(0, 1 - s t) for labels t of -1 and 1."""
    _fit("hinge", scores, signs)
    return mean(relu(1.0 - scores * signs)).named("loss")


def sigmoid_cross_entropy(logits: Node, targets: Node) -> Node:
    """Binary cross-entropy from logits, targets in [0, 1]: mean of softplus(z) - z t."""
    _fit("sigmoid_cross_entropy", logits, targets)
    return mean(softplus(logits) - logits * targets).named("loss")


def softmax_cross_entropy(logits: Node, targets: Node) -> Node:
    """Categorical cross-entropy from logits (classes, n), targets of the same shape, each column summing to 1 (see `one_hot`)."""
    _fit("softmax_cross_entropy", logits, targets)
    shifted = subtract(logits, greatest(logits))
    grown = exp(shifted)
    sums = total(grown, -2, keepdims=True)
    samples = logits.shape[-1]
    value = mean(log(sums)) - total(shifted * targets) * (1 / samples)

    def rule(upstream: Node) -> list[Node]:
        """(softmax - target) / n: simpler, and kinder to rounding, than what the chain rule makes of the line above."""
        scale = _per_copy(upstream, len(logits.shape)) * (1 / samples)
        return [multiply(subtract(grown / sums, targets), scale)]

    return with_gradient(value, [logits], rule).named("loss")


def l2_penalty(variables: list[Node], strength: float) -> Node:
    """Half of `strength` times the sum of squares. Its gradient pulls every weight towards zero by `strength` of itself."""
    sums = [total(node * node) for node in variables]
    whole = sums[0]
    for one in sums[1:]:
        whole = add(whole, one)
    return whole * (strength / 2)


def one_hot(labels: Array, classes: int) -> Array:
    """Labels (n,) as targets (classes, n): one 1 a column. Raises GraphError for a label that is no class."""
    labels = np.asarray(labels)
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise GraphError(f"one_hot: got labels from {labels.min()} to {labels.max()}, wanted 0 to {classes - 1}")
    targets = np.zeros((classes, labels.size), np.float32)
    targets[labels, np.arange(labels.size)] = 1
    return targets


def _per_copy(scalar: Node, axes: int) -> Node:
    """A scalar, or in a sweep one a copy, with axes behind to broadcast over features and samples."""
    return reshape(scalar, (*scalar.shape, 1, 1)) if scalar.shape and axes > 2 else scalar


def _fit(name: str, outputs: Node, targets: Node) -> None:
    if outputs.shape[-2:] != targets.shape[-2:]:
        raise GraphError(f"{name}: got {outputs.title} {outputs.shape} and {targets.title} {targets.shape}, wanted equal shapes")
