"""Many trees for one: bagging and random forests, which average; AdaBoost and gradient boosting, which correct one another.

Each is a generator that yields one tree a round, so that a run can be watched and stopped at any round; where it is stopped, the
trees so far are the ensemble. Arrays are batch-last: inputs (d, n), targets (k, n), labels (n,).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from engine.graph import Array
from engine.learners.trees import STUMP, UNLIMITED, Limits, Tree, checked, grow
from engine.probabilities import sigmoid

# Averaging


class Bagged(NamedTuple):
    """A tree and its bag: places (n,) drawn with replacement. On average 37 % of the samples are not in it (`out_of_bag`)."""

    tree: Tree
    bag: Array

    @property
    def out_of_bag(self) -> Array:
        """Whether each sample (n,) was left out, so that the tree can be tested on it."""
        left_out: Array = np.bincount(self.bag, minlength=self.bag.size) == 0
        return left_out


def bagging(
    rng: np.random.Generator,
    inputs: Array,
    targets: Array,
    limits: Limits = UNLIMITED,
) -> Iterator[Bagged]:
    """Trees without end, each grown on a bag of its own (Breiman, 1996). The ensemble's prediction is their `average`.

    Raises ValueError as `grow` does.
    """
    checked(inputs, targets)
    n = inputs.shape[1]

    def rounds() -> Iterator[Bagged]:
        while True:
            bag = np.asarray(rng.integers(0, n, n))
            yield Bagged(grow(inputs[:, bag], targets[:, bag], limits, rng=rng), bag)

    return rounds()


def random_forest(
    rng: np.random.Generator,
    inputs: Array,
    targets: Array,
    limits: Limits = UNLIMITED,
) -> Iterator[Bagged]:
    """Bagging whose every split chooses among some features only, so that trees differ more (Breiman, 2001).

    As many as the limits say, by default the root of their number.
    """
    count = limits.features or max(1, int(np.sqrt(len(inputs))))
    return bagging(rng, inputs, targets, replace(limits, features=count))


def average(trees: Sequence[Tree], inputs: Array) -> Array:
    """Mean prediction (k, n) of the trees. Raises ValueError without trees."""
    if not trees:
        raise ValueError("average: got no trees, wanted at least 1")
    mean: Array = np.mean([tree(inputs) for tree in trees], axis=0)
    return mean


# Correcting


class Round(NamedTuple):
    """A round of AdaBoost. `weights` (n,) of the samples that the stump was grown with, summing to 1, and its weighted `error`.

    `vote`: how much the stump has to say; `next_weights`: those of the next round, under which the stump is wrong exactly half.
    """

    stump: Tree
    weights: Array
    error: float
    vote: float
    next_weights: Array

    def votes(self, inputs: Array) -> Array:
        """The stump's vote (n,) on each sample: positive for class 1."""
        return self.vote * _side(self.stump(inputs)[0])


SURE = 1e-10
"""The error a stump is taken to have at least, so that one without errors has a finite vote."""


def adaboost(inputs: Array, labels: Array, limits: Limits = STUMP) -> Iterator[Round]:
    """Rounds on two classes, labels 0 and 1; what was got wrong weighs more in the next (Freund and Schapire, 1997).

    The ensemble says class 1 where the sum of `votes` is positive. Ends when a stump makes no error or is no better than a coin.
    The error on the training samples is at most the product of 2 sqrt(error (1 - error)) over rounds. Raises ValueError for other
    labels, and as `grow` does.
    """
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels: wanted 0 and 1 only")
    sides = 2.0 * np.asarray(labels) - 1
    checked(inputs, sides[None])
    return _rounds(inputs, sides, limits)


def _rounds(inputs: Array, sides: Array, limits: Limits) -> Iterator[Round]:
    """Labels are sides now, -1 and 1."""
    weights = np.full(sides.size, 1 / sides.size)
    while True:
        stump = grow(inputs, sides[None], limits, weights)
        said = _side(stump(inputs)[0])
        error = float(weights[said != sides].sum())
        if error >= 0.5:
            return
        vote = 0.5 * float(np.log((1 - error) / error)) if error > SURE else 0.5 * float(np.log(1 / SURE))
        raised = weights * np.exp(-vote * sides * said)
        raised /= raised.sum()
        yield Round(stump, weights, error, vote, raised)
        if error <= SURE:
            return
        weights = np.maximum(raised, np.finfo(float).tiny)


def _side(values: Array) -> Array:
    """1 or -1; an even leaf says 1."""
    return np.where(values >= 0, 1.0, -1.0)


class Boosted(NamedTuple):
    """A round of gradient boosting: a tree to be added `learning_rate` times, and what it was grown on, `residuals` (1, n)."""

    tree: Tree
    residuals: Array


Loss = Literal["squared", "logistic"]
SHALLOW = Limits(max_depth=2)
"""Two splits deep: a tree that can say how two features act together."""


def start_of(targets: Array, loss: Loss = "squared") -> float:
    """The constant that boosting begins with: the mean, or the log-odds of targets 0 and 1.

    Raises ValueError for other targets of a logistic loss, and when all are of one class, whose log-odds are infinite.
    """
    mean = float(targets.mean())
    if loss == "logistic" and not (np.isin(targets, (0, 1)).all() and 0 < mean < 1):
        raise ValueError("targets of a logistic loss: wanted 0 and 1, both of them")
    return mean if loss == "squared" else float(np.log(mean / (1 - mean)))


def gradient_boosting(
    inputs: Array,
    targets: Array,
    learning_rate: float = 0.1,
    loss: Loss = "squared",
    limits: Limits = SHALLOW,
) -> Iterator[Boosted]:
    """Trees without end, each grown on what those before left over: the negative gradient of the loss (Friedman, 2001).

    Targets (1, n): numbers, or 0 and 1 for the logistic loss, where predictions are logits. The ensemble predicts `start_of` plus
    `learning_rate` times the sum of trees. A leaf takes a Newton step: the sum of residuals over that of curvatures. Raises
    ValueError for a learning rate that is not above 0, and as `start_of` and `grow` do.
    """
    checked(inputs, targets)
    if not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate: got {learning_rate}, wanted a finite number above 0")
    start = np.full(targets.shape, start_of(targets, loss))

    def rounds(predictions: Array) -> Iterator[Boosted]:
        while True:
            expected = predictions if loss == "squared" else sigmoid(predictions)
            residuals = targets - expected
            tree = grow(inputs, residuals, limits)
            if loss == "logistic":
                tree = tree.with_values(_newton(tree, inputs, residuals, expected * (1 - expected)))
            yield Boosted(tree, residuals)
            predictions = predictions + learning_rate * tree(inputs)

    return rounds(start)


def _newton(tree: Tree, inputs: Array, residuals: Array, curvatures: Array) -> Array:
    """Values (1, nodes): at each leaf the sum of residuals over that of curvatures, 0 where the loss is flat, and elsewhere."""
    leaf, nodes = tree.leaf_of(inputs), tree.feature.size
    up, down = (np.bincount(leaf, each[0], nodes) for each in (residuals, curvatures))
    return np.where(down > SURE, up / np.maximum(down, SURE), 0.0)[None]
