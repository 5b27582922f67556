"""What is watched but not minimized: accuracy, and honest measures of how well samples are forged. Samples are (d, n)."""

from __future__ import annotations

import numpy as np

from engine.graph import Array


def accuracy(outputs: Array, labels: Array) -> float:
    """The share of samples whose largest output (k, n), or for one output whose sign, names the label (n,)."""
    predicted = outputs.argmax(axis=0) if outputs.shape[0] > 1 else (outputs[0] > 0).astype(int)
    return float((predicted == labels).mean())


def area_under_curve(positives: Array, negatives: Array) -> float:
    """How often a positive's score (n,) is above a negative's (m,), ties counting half: the area under the ROC curve."""
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

    The unbiased estimate, which pairs no sample with itself, so it may fall a little below 0.
    """
    a, b = a.astype(np.float64), b.astype(np.float64)
    n, m = a.shape[1], b.shape[1]
    within_a = distances(a, a).sum() / (n * (n - 1))
    within_b = distances(b, b).sum() / (m * (m - 1))
    return float(2 * distances(a, b).mean() - within_a - within_b)


def two_sample_accuracy(a: Array, b: Array, neighbours: int = 5) -> float:
    """How often the nearest neighbours, the sample itself left out, tell which of two sets a sample came from.

    One half: nobody can tell them apart. One: everybody can (Lopez-Paz and Oquab, 2017). Give it sets of equal size.
    """
    points = np.concatenate([a, b], axis=1).astype(np.float64)
    origin = np.repeat([0, 1], [a.shape[1], b.shape[1]])
    gaps = distances(points, points)
    np.fill_diagonal(gaps, np.inf)
    nearest = np.argpartition(gaps, neighbours, axis=1)[:, :neighbours]
    votes = origin[nearest].mean(axis=1)
    return float(((votes > 0.5) == origin).mean())


def modes_covered(samples: Array, centres: Array, radius: float, share: float = 0.01) -> tuple[int, float]:
    """How many centres (d, k) have at least `share` of the samples within `radius`, and the share of samples near any centre."""
    gaps = distances(samples.astype(np.float64), centres.astype(np.float64))
    nearest, close = gaps.argmin(axis=1), gaps.min(axis=1) <= radius
    counts = np.bincount(nearest[close], minlength=centres.shape[1])
    return int((counts >= share * samples.shape[1]).sum()), float(close.mean())
