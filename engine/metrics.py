"""What is watched but not minimized: accuracy, lengths, and honest measures of how well samples are forged. Samples are (d, n).

A network of NaN has no accuracy: a comparison with NaN is false, so what is counted by comparing is NaN where an output is not
finite.
"""

from __future__ import annotations

import numpy as np

from engine.graph import Array


def if_finite(value: float, *outputs: Array) -> float:
    """A value that was counted by comparing outputs; NaN where one of these is not finite."""
    return float(value) if all(np.isfinite(each).all() for each in outputs) else float("nan")


def classes(outputs: Array) -> Array:
    """The class (n,) that each sample's largest output (k, n) names, or for one output its sign, 0 or 1."""
    named: Array = outputs.argmax(axis=0) if outputs.shape[0] > 1 else (outputs[0] > 0).astype(int)
    return named


def accuracy(outputs: Array, labels: Array) -> float:
    """The share of samples (n,) whose label is the class that outputs (k, n) name; NaN where one is not finite, or of no samples.

    Raises ValueError for labels of another number.
    """
    if outputs.ndim != 2 or np.shape(labels) != outputs.shape[1:]:
        raise ValueError(f"accuracy: got outputs {outputs.shape} and labels {np.shape(labels)}, wanted (k, n) and (n,)")
    return if_finite((classes(outputs) == labels).mean(), outputs) if outputs.size else float("nan")


def norm(a: Array, axis: int | None = None) -> Array:
    """The Euclidean length over all numbers or along one axis, which then stays with size one, in the type of `a`.

    Squares are taken of numbers near 1, by a power of two that rounds nothing: what is finite overflows only where
    the length does.
    """
    largest = np.abs(a).max(axis=axis, keepdims=axis is not None, initial=0)
    exponent = np.frexp(np.where(np.isfinite(largest), largest, 1))[1]
    sized = np.ldexp(a, -exponent)
    lengths: Array = np.ldexp(np.sqrt(np.square(sized).sum(axis=axis, keepdims=axis is not None)), exponent)
    return lengths


def area_under_curve(positives: Array, negatives: Array) -> float:
    """How often a positive's score (n,) is above a negative's (m,), ties counting half: the area under the ROC curve.

    NaN where a score is NaN, or without scores of both kinds.
    """
    if not positives.size or not negatives.size or np.isnan(positives).any() or np.isnan(negatives).any():
        return float("nan")
    ordered = np.sort(negatives)
    below, up_to = (np.searchsorted(ordered, positives, side).mean() for side in ("left", "right"))
    return float((below + up_to) / 2 / negatives.size)


def distances(a: Array, b: Array) -> Array:
    """Euclidean distances (n, m) between samples (d, n) and (d, m)."""
    gaps = (a * a).sum(0)[:, None] + (b * b).sum(0)[None] - 2 * (a.T @ b)
    lengths: Array = np.sqrt(np.maximum(gaps, 0))
    return lengths


def energy_distance(a: Array, b: Array) -> float:
    """2 E|A - B| - E|A - A'| - E|B - B'| (Székely and Rizzo, 2013): 0 exactly when the distributions are equal.

    The unbiased estimate, which pairs no sample with itself, so it may fall a little below 0. Raises ValueError for less than
    two samples of each.
    """
    if min(a.shape[1], b.shape[1]) < 2:
        raise ValueError(f"energy_distance: got {a.shape[1]} and {b.shape[1]} samples, wanted at least 2 of each")
    a, b = a.astype(np.float64), b.astype(np.float64)
    n, m = a.shape[1], b.shape[1]
    within_a = distances(a, a).sum() / (n * (n - 1))
    within_b = distances(b, b).sum() / (m * (m - 1))
    return float(2 * distances(a, b).mean() - within_a - within_b)


def two_sample_accuracy(a: Array, b: Array, neighbours: int = 5) -> float:
    """How often the nearest neighbours, the sample itself left out, tell which of two sets a sample came from.

    One half: nobody can tell them apart. One: everybody can (Lopez-Paz and Oquab, 2017). Give it sets of equal size.
    NaN where a sample is not finite. Raises ValueError for neighbours that are not 1 to all others.
    """
    if not 1 <= neighbours < a.shape[1] + b.shape[1]:
        raise ValueError(f"neighbours: got {neighbours}, wanted 1 to {a.shape[1] + b.shape[1] - 1}")
    points = np.concatenate([a, b], axis=1).astype(np.float64)
    origin = np.repeat([0, 1], [a.shape[1], b.shape[1]])
    gaps = distances(points, points)
    np.fill_diagonal(gaps, np.inf)
    nearest = np.argpartition(gaps, neighbours, axis=1)[:, :neighbours]
    votes = origin[nearest].mean(axis=1)
    return if_finite(((votes > 0.5) == origin).mean(), points)


def modes_covered(samples: Array, centres: Array, radius: float, share: float = 0.01) -> tuple[float, float]:
    """How many centres (d, k) have at least `share` of the samples within `radius`, and the share of samples near any centre.

    Both NaN where a sample is not finite.
    """
    gaps = distances(samples.astype(np.float64), centres.astype(np.float64))
    nearest, close = gaps.argmin(axis=1), gaps.min(axis=1) <= radius
    counts = np.bincount(nearest[close], minlength=centres.shape[1])
    return if_finite((counts >= share * samples.shape[1]).sum(), samples), if_finite(close.mean(), samples)
