"""Decision trees by CART: split after split, each chosen to leave the two sides as pure as can be (Breiman et al., 1984).

One grower does classification and regression. The Gini impurity of classes, sum p(1 - p), is the variance of their one-hot rows,
so a tree for classes is one of least squares on one-hot targets, and its leaves hold class shares. `ensembles` makes many.
Arrays are batch-last: inputs (d, n), targets (k, n). A sample goes left where its feature is at most the threshold;
both are float64, in which there is a number between any two neighbours of float32. NaN goes right.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from engine.graph import Array

LEAF = -1
PURE = 1e-20
"""Squares within a node, as a share of its targets' squares, below which it counts as pure."""


@dataclass(frozen=True, eq=False)
class Tree:
    """A grown tree, a place for each node, the root first; `feature` is -1 at a leaf.

    `feature`, `threshold`, `left`, `right`, `depths` (nodes,); `values` (k, nodes): the weighted mean of the targets there.
    """

    feature: Array
    threshold: Array
    left: Array
    right: Array
    depths: Array
    values: Array

    def leaf_of(self, inputs: Array) -> Array:
        """The leaf (n,) in which each sample of inputs (d, n) ends."""
        inputs = np.asarray(inputs, np.float64)
        at, samples = np.zeros(inputs.shape[1], int), np.arange(inputs.shape[1])
        for _ in range(self.depth):
            feature = self.feature[at]
            below = np.where(inputs[feature, samples] <= self.threshold[at], self.left[at], self.right[at])
            at = np.where(feature == LEAF, at, below)
        return at

    def __call__(self, inputs: Array) -> Array:
        """Predictions (k, n): class shares, or the mean of a regression."""
        predictions: Array = self.values[:, self.leaf_of(inputs)]
        return predictions

    @property
    def leaves(self) -> Array:
        """The places of the leaves."""
        return np.flatnonzero(self.feature == LEAF)

    @property
    def depth(self) -> int:
        """The most splits on the way to a leaf; 0 for a tree that is one leaf."""
        return int(self.depths.max())

    def with_values(self, values: Array) -> Tree:
        """The same splits, other values (k, nodes)."""
        return replace(self, values=values)


@dataclass(frozen=True)
class Limits:
    """When a tree stops: at `max_depth` splits, or where a side would have fewer than `min_leaf` samples; None is no limit.

    `features`: how many, drawn anew at each node, may be split on, as in a random forest; None is all. Raises ValueError where
    one is below its least.
    """

    max_depth: int | None = None
    min_leaf: int = 1
    features: int | None = None

    def __post_init__(self) -> None:
        if (self.max_depth or 0) < 0 or self.min_leaf < 1 or (self.features is not None and self.features < 1):
            raise ValueError(f"limits: got {self}, wanted max_depth at least 0, the others at least 1")


UNLIMITED = Limits()
"""Grow until every leaf is pure."""
STUMP = Limits(max_depth=1)
"""One split, two leaves."""


class Split(NamedTuple):
    """A question: is `feature` at most `threshold`?"""

    feature: int
    threshold: float


class Samples(NamedTuple):
    """What is at a node: inputs (d, n), targets (k, n), weights (n,)."""

    inputs: Array
    targets: Array
    weights: Array

    def take(self, chosen: Array) -> Samples:
        """Those at these places, or where this is true."""
        return Samples(self.inputs[:, chosen], self.targets[:, chosen], self.weights[chosen])

    @property
    def mean(self) -> Array:
        """The weighted mean (k,) of the targets."""
        mean: Array = self.targets @ self.weights / self.weights.sum()
        return mean

    @property
    def pure(self) -> bool:
        """Whether all targets are alike."""
        apart = np.square(self.targets - self.targets[:, :1]).sum()
        return bool(apart <= PURE * np.square(self.targets).sum())


def grow(
    inputs: Array,
    targets: Array,
    limits: Limits = UNLIMITED,
    weights: Array | None = None,
    rng: np.random.Generator | None = None,
) -> Tree:
    """A tree for inputs (d, n) and targets (k, n): one-hot rows for classes, numbers for a regression.

    `weights` (n,), above 0, say how much each sample counts; `rng` draws the features where the limits say so. Raises ValueError
    for sizes that do not fit, inputs that are NaN, targets or weights that are not finite, and limited features without an rng.
    """
    samples, exponent = checked(inputs, targets, weights)
    if limits.features is not None and rng is None:
        raise ValueError("limits: features are drawn, so grow wants an rng")
    nodes = _Nodes()
    waiting = [(samples, 0, LEAF)]
    while waiting:
        here, depth, parent = waiting.pop()
        node = nodes.add(here.mean, depth, parent)
        split = None if depth == limits.max_depth or here.pure else _choose(here, limits, rng)
        if split is not None:
            nodes.split(node, split)
            goes_left = here.inputs[split.feature] <= split.threshold
            waiting += [(here.take(~goes_left), depth + 1, node), (here.take(goes_left), depth + 1, node)]
    grown = nodes.tree()
    return grown.with_values(np.ldexp(grown.values, exponent))


@dataclass
class _Nodes:
    """The tree as it grows: depth first, a left child before its sister."""

    rows: list[list[float]] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)

    def add(self, mean: Array, depth: int, parent: int) -> int:
        """A leaf under the parent, on its left when that is free."""
        node = len(self.rows)
        self.rows.append([LEAF, 0.0, LEAF, LEAF, depth])
        self.values.append(mean)
        if parent != LEAF:
            self.rows[parent][2 if self.rows[parent][2] == LEAF else 3] = node
        return node

    def split(self, node: int, split: Split) -> None:
        self.rows[node][:2] = split

    def tree(self) -> Tree:
        feature, threshold, left, right, depths = np.array(self.rows).T
        places = (each.astype(int) for each in (feature, left, right, depths))
        feature, left, right, depths = places
        return Tree(feature, threshold, left, right, depths, np.stack(self.values, axis=1))


def _choose(samples: Samples, limits: Limits, rng: np.random.Generator | None) -> Split | None:
    """The best split on any feature, or on some that are drawn; where these part nothing, on the next ones drawn."""
    features = np.arange(len(samples.inputs))
    if limits.features is None or rng is None:
        return best_split(samples, features, limits.min_leaf)
    order, count = rng.permutation(features), limits.features
    parts = (np.sort(order[start : start + count]) for start in range(0, order.size, count))
    return next((split for part in parts if (split := best_split(samples, part, limits.min_leaf))), None)


def best_split(samples: Samples, features: Array, min_leaf: int = 1) -> Split | None:
    """The split on one of these features that leaves the least weighted squares within its two sides; None if there is none.

    With W the weight and S the weighted sum of targets on a side, the squares within are least where |S|²/W over both sides is
    most, and running sums over the sorted samples give that for all thresholds at once. A split that gains nothing is taken all
    the same: on XOR the first one never does. A threshold lies halfway between neighbours; the first of equals wins.
    """
    order = np.argsort(samples.inputs[features], axis=1, kind="stable")
    ordered = np.take_along_axis(samples.inputs[features], order, axis=1)
    weights, sums = samples.weights[order], (samples.targets * samples.weights)[:, order]
    score = _squares_over_weight(weights, sums)[:, :-1] + _squares_over_weight(weights[:, ::-1], sums[:, :, ::-1])[:, -2::-1]
    left = np.arange(1, order.shape[1])
    possible = (ordered[:, :-1] < ordered[:, 1:]) & (left >= min_leaf) & (left[::-1] >= min_leaf)
    if not possible.any():
        return None
    row, place = np.unravel_index(np.where(possible, score, -np.inf).argmax(), score.shape)
    low, high = float(ordered[row, place]), float(ordered[row, place + 1])
    middle = low + (high - low) / 2
    return Split(int(features[row]), middle if middle < high else low)


def _squares_over_weight(weights: Array, sums: Array) -> Array:
    """|S|²/W (d, n) of the first sample, the first two, and so on."""
    shares: Array = np.square(np.cumsum(sums, axis=2)).sum(0) / np.cumsum(weights, axis=1)
    return shares


def checked(inputs: Array, targets: Array, weights: Array | None = None) -> tuple[Samples, int]:
    """All in float64, and targets and weights of a size near 1: divided by powers of two, of which that of the targets is told.

    That rounds nothing, and the squares that are compared can be written whatever the size was.
    """
    if inputs.ndim != 2 or targets.ndim != 2 or inputs.shape[1] != targets.shape[1] or inputs.size == 0:
        raise ValueError(f"tree: got inputs {inputs.shape} and targets {targets.shape}, wanted (d, n) and (k, n)")
    shares = np.ones(inputs.shape[1]) if weights is None else np.asarray(weights, np.float64)
    if shares.shape != inputs.shape[1:] or not ((shares > 0) & np.isfinite(shares)).all():
        raise ValueError(f"weights: got shape {shares.shape}, wanted {inputs.shape[1:]}, each above 0 and finite")
    if np.isnan(inputs).any() or not np.isfinite(targets).all():
        raise ValueError("tree: got inputs that are NaN or targets that are not finite, wanted numbers")
    exponent, heaviest = (int(np.frexp(np.abs(each).max())[1]) for each in (targets, shares))
    sized = np.ldexp(np.asarray(targets, np.float64), -exponent)
    return Samples(np.asarray(inputs, np.float64), sized, np.ldexp(shares, -heaviest)), exponent
