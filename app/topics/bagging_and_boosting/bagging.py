"""Bagging on a line: trees grown on bags of the same points, and their average. What it does to variance, and to bias."""

from __future__ import annotations

from itertools import islice

import numpy as np

from app.charts import Axis, Chart, Lines, Series
from app.charts.colours import CYAN, OCHRE, PURPLE
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    between,
    slider,
    streams,
)
from app.topics.bagging_and_boosting import guesses
from app.topics.bagging_and_boosting.waves import (
    LINE,
    SETS,
    TEST_ERROR,
    TESTED,
    TRAINING_ERROR,
    Points,
    apart,
    fit_chart,
    noise_slider,
    points,
    spread_chart,
)
from engine import Array
from engine.learners.ensembles import bagging
from engine.learners.trees import Limits, grow

TREES, AT_A_TIME = 30, 4
PACE = Pace.evenly(TREES, 1)


class BaggingParams(Params):
    """How much there is to learn from, and how deep the trees may grow."""

    max_depth: int = slider(
        12,
        (1, 2, 3, 5, 8, 12),
        label="depth",
        unit="splits",
        help="The most splits on the way to a leaf. At 12 nearly every leaf holds one point.",
        minimum=1,
        maximum=12,
    )
    samples: int = slider(
        60, (30, 60, 90, 120), label="points", help="In each training set, and in each bag.", minimum=20, maximum=120
    )
    noise: float = noise_slider()


class Bags:
    """One training set: a tree of all its points, and bagged trees whose predictions are summed as they come.

    All are asked along the line, at the test points, and at the training points, in this order.
    """

    def __init__(self, train: Points, test: Points, limits: Limits, rng: np.random.Generator) -> None:
        self._train, self._test = train, test
        self._asked = np.concatenate([LINE, test.inputs, train.inputs], axis=1)
        self._trees = bagging(rng, train.inputs, train.targets, limits)
        self._sum, self.count = np.zeros(self._asked.shape[1]), 0
        self._left_out_sum, self._left_out = np.zeros((2, train.inputs.shape[1]))
        self.newest: Array = np.full(LINE.size, np.nan)
        self.one: Array = grow(train.inputs, train.targets, limits)(LINE)[0]

    def add(self) -> None:
        """One more tree."""
        one = next(self._trees)
        said = one.tree(self._asked)[0]
        self.newest = said[: LINE.size]
        self._sum, self.count = self._sum + said, self.count + 1
        self._left_out_sum += np.where(one.out_of_bag, said[-one.bag.size :], 0.0)
        self._left_out += one.out_of_bag

    @property
    def along(self) -> Array:
        """The average along the line; NaN as long as there is no tree."""
        return self._mean[: LINE.size]

    @property
    def left_out(self) -> float:
        """The share of points that a bag leaves out, over all bags."""
        return float(self._left_out.mean()) / self.count

    def errors(self) -> tuple[float, float, float]:
        """Mean squared errors: training, test, and out of bag, where each point is judged by the trees that did not see it."""
        said, asked = self._mean[LINE.size :], self._left_out > 0
        test, train = np.square(said[:TESTED] - self._test.targets[0]), np.square(said[TESTED:] - self._train.targets[0])
        without = self._left_out_sum[asked] / self._left_out[asked]
        out_of_bag = np.square(without - self._train.targets[0, asked])
        return float(train.mean()), float(test.mean()), float(out_of_bag.mean())

    @property
    def _mean(self) -> Array:
        return self._sum / self.count if self.count else np.full_like(self._sum, np.nan)


def charts(params: BaggingParams) -> dict[str, Chart]:
    """The fit, bias and variance, and three errors, by the number of trees."""
    trees = Axis("number of trees", (0, TREES))
    one = {"one variance": Series("variance, one tree", OCHRE), "one bias": Series("squared bias, one tree", PURPLE, "dot")}
    newest = {"newest": Series("newest bagged tree", CYAN, width=1)}
    top = 0.03 + 1.1 * params.noise**2 + (0.1 if params.max_depth < 3 else 0.0)
    return {
        "fit": fit_chart(SMOOTHER.at(params), params.noise, "average of bagged trees", newest),
        "spread": spread_chart(TITLE.at(params), trees, Axis("part of the squared error", (-0.01, top)), one),
        "errors": Lines(
            title="Mean squared error, mean over 12 training sets",
            series={"train": TRAINING_ERROR, "test": TEST_ERROR, "out of bag": Series("out of bag", PURPLE)},
            x=trees,
            y=Axis("mean squared error", (0.0, 0.1 + 2.2 * params.noise**2)),
            wide=True,
        ),
    }


def run(params: BaggingParams) -> Run:
    """Twelve training sets of the same wave; on each one tree, and thirty trees on bags."""
    rng = streams(params.seed)
    test = points(rng.data, TESTED, params.noise)
    limits, sets = Limits(max_depth=params.max_depth), list[Bags]()
    trains = [points(rng.data, params.samples, params.noise) for _ in range(SETS)]
    for train, draws in zip(trains, rng.batches.spawn(SETS), strict=True):
        sets.append(Bags(train, test, limits, draws))
        yield NOT_YET
    for step, _ in PACE:
        if step:
            for start in range(0, SETS, AT_A_TIME):
                for each in islice(sets, start, start + AT_A_TIME):
                    each.add()
                yield NOT_YET
        yield _snapshot(step, sets, trains[0])
    return None


def _snapshot(step: int, sets: list[Bags], first: Points) -> Snapshot:
    one = apart(np.stack([each.one for each in sets]))
    fit = {"newest": sets[0].newest, "one": sets[0].one, "ensemble": sets[0].along, "points": first.picture}
    drawn = {"one variance": one.variance, "one bias": one.bias}
    if not step:
        return Snapshot(step, {"fit": fit, "spread": drawn})
    together = apart(np.stack([each.along for each in sets]))
    train, test, out_of_bag = np.mean([each.errors() for each in sets], axis=0)
    lower = one.variance - together.variance
    measured = {
        "variance ratio": together.variance / one.variance,
        "bias moved": abs(together.bias - one.bias) / lower if lower > 0 else float("inf"),
        "out of bag": float(out_of_bag / test),
        "left out": float(np.mean([each.left_out for each in sets])),
        "variance": together.variance,
        "variance of one": one.variance,
        "bias": together.bias,
        "bias of one": one.bias,
    }
    drawn |= {"variance": together.variance, "bias": together.bias}
    errors = {"train": train, "test": test, "out of bag": out_of_bag}
    return Snapshot(step, {"fit": fit, "spread": drawn, "errors": errors}, measured=measured)


DEEP = Ground(max_depth=at_least(5), noise=between(0.3, 0.6), samples=between(30, 120))
STEADIER = Claim(
    "The average of thirty bagged trees varies less from training set to training set: its variance over that of one tree.",
    "variance ratio",
    at_most(0.7),
    DEEP,
)
SAME_BIAS = Claim(
    "Bagging leaves the bias nearly alone: the change in squared bias over the fall in variance.",
    "bias moved",
    at_most(0.25),
    DEEP,
)
ESTIMATE = Claim(
    "The points that a tree did not see estimate the test error: the out-of-bag error over the error at the test points.",
    "out of bag",
    between(0.75, 1.3),
    DEEP,
)
LEFT_OUT = Claim(
    "A bag drawn with replacement leaves out about 37 % of the points: the share over all bags.",
    "left out",
    between(0.34, 0.385),
)
TITLE = Title(
    "The variance falls as trees are added, the bias stays", "Bias and variance over 12 training sets", (STEADIER, SAME_BIAS)
)
SMOOTHER = Title("The average is steadier than a single tree", "The first of 12 training sets", (STEADIER,))

demo = Demo(
    name="bagging",
    title="Bagging",
    params=BaggingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(STEADIER, SAME_BIAS, ESTIMATE, LEFT_OUT),
    presets=(
        Preset("trees grown in full", {}),
        Preset("stumps", {"max_depth": 1}),
        Preset("twice the noise", {"noise": 0.6}),
        Preset("thirty points", {"samples": 30}),
    ),
    guesses=guesses.BAGGING,
    hint="Watch the variance, the thick green line of the second chart: it falls from that of one tree, while the bias stays.",
)
