"""Losses: (outputs, targets) to a scalar to be minimized, the mean over samples; in a sweep one scalar a copy.

All take logits where there is a choice: the loss and its gradient are then safe from overflow.
"""

from __future__ import annotations

from math import inf, prod

from engine.graph import GraphError, Node
from engine.ops import (
    absolute,
    add,
    broadcast_to,
    exp,
    expm1,
    greatest,
    inner,
    log,
    log1p,
    maximum,
    mean,
    minimum,
    multiply,
    positive,
    relu,
    reshape,
    subtract,
    total,
    with_gradient,
)
from engine.ops.shapes import total_to
from engine.ops.softmax import LEAST
from engine.probabilities import one_hot

__all__ = [
    "hinge",
    "huber",
    "kl_divergence",
    "l1_penalty",
    "l2_penalty",
    "mean_absolute_error",
    "mean_squared_error",
    "one_hot",
    "sequence_cross_entropy",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
]


TINY = 1e-30
"""Added where a target of 0 has a log."""


def mean_squared_error(predictions: Node, targets: Node) -> Node:
    """Mean of (p - t)^2 over all numbers; a mean, not a sum, so that it does not grow with the batch."""
    _fit("mean_squared_error", predictions, targets)
    error = predictions - targets
    return (inner(error, error) * (1 / prod(error.shape[-2:]))).named("loss")


def mean_absolute_error(predictions: Node, targets: Node) -> Node:
    """Mean of |p - t|: outliers pull no harder than others."""
    _fit("mean_absolute_error", predictions, targets)
    return mean(absolute(predictions - targets)).named("loss")


def huber(predictions: Node, targets: Node, delta: float = 1.0) -> Node:
    """Squared up to `delta`, straight beyond (Huber, 1964): e^2 / 2, then delta (|e| - delta / 2).

    Its slope is the error cut off at `delta` on either side. Raises GraphError for a delta that is not above 0.
    """
    _fit("huber", predictions, targets)
    if not 0 < delta < inf:
        raise GraphError(f"huber: got delta {delta}, wanted a finite number above 0")
    error = predictions - targets
    inside = minimum(maximum(error, -delta), delta)
    return mean(with_gradient(inside * (error - inside * 0.5), [error], lambda g: [g * inside])).named("loss")


def hinge(scores: Node, signs: Node) -> Node:
    """Mean of max(0, 1 - s t) for labels t of -1 and 1."""
    _fit("hinge", scores, signs)
    return mean(relu(1.0 - scores * signs)).named("loss")


def sigmoid_cross_entropy(logits: Node, targets: Node) -> Node:
    """Binary cross-entropy from logits, targets in [0, 1]: mean of softplus(z) - z t.

    Computed as z ([z > 0] - t) + log(1 + exp(-|z|)), two parts that are never negative, so that a confident right answer has its
    digits whichever it is. So has the gradient, sigmoid(z) - t.
    """
    _fit("sigmoid_cross_entropy", logits, targets)
    sources, beyond = (logits, targets), positive(logits)
    wrong, decay = subtract(beyond, targets), exp(-absolute(logits))
    value = mean(multiply(logits, wrong) + log1p(decay))

    def bent(upstream: Node) -> list[Node]:
        """How that slope changes: the sigmoid's own slope, which is s (1 - s) on either side and at 0."""
        share = decay / (decay + 1.0)
        return [
            total_to(part, source.shape)
            for part, source in zip((upstream * share * (1.0 - share), -upstream), sources, strict=True)
        ]

    def rule(upstream: Node) -> list[Node]:
        """The sigmoid is s = decay / (1 + decay) below 0, and 1 - s above."""
        scale = _per_copy(upstream) * (1 / prod(wrong.shape[-2:]))
        slope = with_gradient(wrong + decay / (decay + 1.0) * (1.0 - beyond * 2.0), sources, bent)
        return [total_to(multiply(part, scale), source.shape) for part, source in zip((slope, -logits), sources, strict=True)]

    return with_gradient(value, sources, rule).named("loss")


def softmax_cross_entropy(logits: Node, targets: Node) -> Node:
    """Categorical cross-entropy from logits (classes, n), targets of the same shape, each column summing to 1 (see `one_hot`)."""
    _fit("softmax_cross_entropy", logits, targets)
    shifted, grown, sums, logs = _exponentials(logits, targets)
    samples = logits.shape[-1]
    value = (total(logs) - inner(shifted, broadcast_to(targets, shifted.shape))) * (1 / samples)

    def rule(upstream: Node) -> list[Node]:
        """(softmax - target) / n: simpler, and kinder to rounding, than what the chain rule makes of the line above."""
        scale = _per_copy(upstream) * (1 / samples)
        return _cross_entropy_slopes((logits, targets), grown / sums, logs - shifted, scale)

    return with_gradient(value, [logits, targets], rule).named("loss")


def sequence_cross_entropy(logits: Node, targets: Node, weights: Node | None = None) -> Node:
    """Categorical cross-entropy of sequences: logits and targets (classes, steps, n), the mean over all steps of all samples.

    `weights` (steps, n), mostly 0 for padding and 1 elsewhere, makes it a weighted mean; they may not all be zero.
    """
    if len(logits.shape[-3:]) != 3 or logits.shape[-3:] != targets.shape[-3:]:
        got = f"got {logits.title} {logits.shape} and {targets.title} {targets.shape}"
        raise GraphError(f"sequence_cross_entropy: {got}, wanted both (classes, steps, n)")
    steps, n = logits.shape[-2:]
    flat, wanted = (reshape(node, (*node.shape[:-2], steps * n)) for node in (logits, targets))
    if weights is None:
        return softmax_cross_entropy(flat, wanted)
    if weights.shape != (steps, n):
        raise GraphError(f"sequence_cross_entropy: got weights {weights.title} {weights.shape}, wanted ({steps}, {n})")
    shifted, grown, sums, logs = _exponentials(flat, wanted)
    share = reshape(weights / total(weights), (1, steps * n))
    value = total((logs - total(shifted * wanted, -2, keepdims=True)) * share)

    def rule(upstream: Node) -> list[Node]:
        """As above, each step with its weight."""
        return _cross_entropy_slopes((flat, wanted), grown / sums, logs - shifted, _per_copy(upstream) * share)

    return with_gradient(value, [flat, wanted], rule).named("loss")


def kl_divergence(logits: Node, targets: Node) -> Node:
    """KL(targets || softmax(logits)), both (classes, n), the mean over samples, in nats (Kullback and Leibler, 1951).

    The gradient is that of the cross-entropy, from which it differs by the entropy of the targets; 0 log 0 counts as 0. With
    d = log p - log t it is the sum of t (exp(d) - 1 - d), whose terms are never negative: near agreement nothing is lost to the
    difference of two numbers of like size.
    """
    _fit("kl_divergence", logits, targets)
    shifted, grown, sums, logs = _exponentials(logits, targets)
    shares, gaps = grown / sums, shifted - logs - log(targets + TINY)
    value = mean(total(targets * relu(expm1(gaps) - gaps) + shares * (1.0 - positive(targets)), -2, keepdims=True))

    def rule(upstream: Node) -> list[Node]:
        """As above, and for the targets 1 - d."""
        scale = _per_copy(upstream) * (1 / logits.shape[-1])
        return _cross_entropy_slopes((logits, targets), shares, 1.0 - gaps, scale)

    return with_gradient(value, [logits, targets], rule).named("loss")


def l1_penalty(variables: list[Node], strength: float) -> Node:
    """`strength` times the sum of sizes (the lasso: Tibshirani, 1996). Pulls every weight towards zero by the same amount."""
    return _sum([total(absolute(node), _own_axes(node)) for node in variables]) * strength


def l2_penalty(variables: list[Node], strength: float) -> Node:
    """Half of `strength` times the sum of squares. Its gradient pulls every weight towards zero by `strength` of itself."""
    return _sum([inner(node, node, _own_axes(node)) for node in variables]) * (strength / 2)


def _exponentials(logits: Node, targets: Node) -> tuple[Node, Node, Node, Node]:
    """Logits less the largest of their column, the exponentials of that, their sums and the logs of these (1, n).

    A sum is one for the class that the targets name and a rest for the others. When that class is the largest, the one is exact
    and the log is that of 1 + rest, so that a confident right answer has its digits. Exponents stay above `LEAST`.
    """
    shifted = subtract(logits, greatest(logits))
    grown = exp(maximum(shifted, LEAST))
    named = multiply(grown, targets)
    rest = total(subtract(grown, named), -2, keepdims=True)
    logs = log1p(total(named, -2, keepdims=True) - 1.0 + rest)
    return shifted, grown, total(grown, -2, keepdims=True), logs


def _cross_entropy_slopes(sources: tuple[Node, Node], shares: Node, surprise: Node, scale: Node) -> list[Node]:
    """(p - t) for the logits and the surprise, -log p, for the targets, times `scale`, each in its source's shape."""
    slopes = subtract(shares, sources[1]), surprise
    return [total_to(multiply(slope, scale), source.shape) for slope, source in zip(slopes, sources, strict=True)]


def _own_axes(variable: Node) -> tuple[int, ...]:
    """All axes, in a sweep those behind the copies."""
    copies = 1 if variable.graph.sweep and variable.shape[:1] == (variable.graph.sweep,) else 0
    return tuple(range(copies - len(variable.shape), 0))


def _sum(scalars: list[Node]) -> Node:
    whole = scalars[0]
    for one in scalars[1:]:
        whole = add(whole, one)
    return whole


def _per_copy(scalar: Node) -> Node:
    """A scalar, or in a sweep one a copy, with axes behind to broadcast over features and samples."""
    return reshape(scalar, (*scalar.shape, 1, 1)) if scalar.shape else scalar


def _fit(name: str, outputs: Node, targets: Node) -> None:
    if outputs.shape[-2:] != targets.shape[-2:]:
        raise GraphError(f"{name}: got {outputs.title} {outputs.shape} and {targets.title} {targets.shape}, wanted equal shapes")
