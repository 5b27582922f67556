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


def sequence_cross_entropy(logits: Node, targets: Node, weights: Node | None = None) -> Node:
    """Categorical cross-entropy of sequences: logits and targets (classes, steps, n), the mean over all steps of all samples.

    `weights` (steps, n), mostly 0 for padding and 1 elsewhere, makes it a weighted mean; they may not all be zero.
    """
    if len(logits.shape) != 3 or logits.shape != targets.shape:
        got = f"got {logits.title} {logits.shape} and {targets.title} {targets.shape}"
        raise GraphError(f"sequence_cross_entropy: {got}, wanted both (classes, steps, n)")
    classes, steps, n = logits.shape
    flat, wanted = (reshape(node, (classes, steps * n)) for node in (logits, targets))
    if weights is None:
        return softmax_cross_entropy(flat, wanted)
    if weights.shape != (steps, n):
        raise GraphError(f"sequence_cross_entropy: got weights {weights.title} {weights.shape}, wanted ({steps}, {n})")
    shifted = subtract(flat, greatest(flat))
    grown = exp(shifted)
    sums = total(grown, -2, keepdims=True)
    share = reshape(weights / total(weights), (1, steps * n))
    value = total((log(sums) - total(shifted * wanted, -2, keepdims=True)) * share)
    rule = lambda upstream: [multiply(subtract(grown / sums, wanted), share * upstream)]  # noqa: E731  # as above, weighted
    return with_gradient(value, [flat], rule).named("loss")


def kl_divergence(logits: Node, targets: Node) -> Node:
    """KL(targets || softmax(logits)), both (classes, n), the mean over samples, in nats (Kullback and Leibler, 1951).

    The cross-entropy less the entropy of the targets: the same gradient, and zero where they agree. 0 log 0 counts as 0.
    """
    _fit("kl_divergence", logits, targets)
    tiny = 1e-30
    entropy = total(targets * log(targets + tiny), (-2, -1)) * (-1 / targets.shape[-1])
    return subtract(softmax_cross_entropy(logits, targets), entropy).named("loss")


def l1_penalty(variables: list[Node], strength: float) -> Node:
    """`strength` times the sum of sizes (the lasso: Tibshirani, 1996). Pulls every weight towards zero by the same amount."""
    return _sum([_whole(absolute(node)) for node in variables]) * strength


def l2_penalty(variables: list[Node], strength: float) -> Node:
    """Half of `strength` times the sum of squares. Its gradient pulls every weight towards zero by `strength` of itself."""
    return _sum([_whole(node * node) for node in variables]) * (strength / 2)


def _whole(variable: Node) -> Node:
    """The sum over a variable's own axes: one number, in a sweep one a copy."""
    copies = 1 if variable.graph.sweep and variable.shape[:1] == (variable.graph.sweep,) else 0
    return total(variable, tuple(range(copies - len(variable.shape), 0)))


def _sum(scalars: list[Node]) -> Node:
    whole = scalars[0]
    for one in scalars[1:]:
        whole = add(whole, one)
    return whole


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
