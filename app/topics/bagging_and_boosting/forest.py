"""A random forest on 30 measurements of tumours: bagged trees that may only ask about a few features at each split."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.charts import Axis, Chart, Lines, Series, Tree
from app.charts.colours import CYAN, GREEN, GREY, PURPLE
from app.topic import NOT_YET, Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, Title, at_least, between, slider, streams
from app.topics.bagging_and_boosting.drawing import nodes_of
from engine import Array
from engine.datasets import Dataset, breast_cancer, split
from engine.learners.ensembles import Bagged, random_forest
from engine.learners.trees import Limits, grow

TRAINED, DIVISIONS, TREES, LEVELS = 200, 5, 40, 2
FEATURES = 30
PACE = Pace.evenly(TREES, 1)


class ForestParams(Params):
    """How free each split is, and how deep the trees may grow."""

    features: int = slider(
        5,
        (1, 2, 5, 10, 30),
        label="features per split",
        help="How many of the 30 are drawn afresh at each split to choose from. With all 30 it is bagging.",
        minimum=1,
        maximum=FEATURES,
    )
    max_depth: int = slider(
        12, (1, 2, 3, 5, 12), label="depth", unit="splits", help="The most splits on the way to a leaf.", minimum=1, maximum=12
    )


class Votes:
    """The trees so far: what each says of the test samples, and of the training samples that were not in its bag."""

    def __init__(self, train: Dataset, test: Dataset) -> None:
        self._train, self._test = train, test
        self._of_test = list[Array]()
        self._left_out_sum, self._left_out = np.zeros((2, train.size))

    def add(self, one: Bagged) -> None:
        """One more tree."""
        self._of_test.append(one.tree(self._test.inputs)[1])
        self._left_out_sum += np.where(one.out_of_bag, one.tree(self._train.inputs)[1], 0.0)
        self._left_out += one.out_of_bag

    @property
    def accuracy(self) -> float:
        """Of the average at the test samples."""
        return float(((np.mean(self._of_test, axis=0) > 0.5) == self._test.labels).mean())

    @property
    def alone(self) -> float:
        """The mean accuracy of the single trees."""
        return float(((np.stack(self._of_test) > 0.5) == self._test.labels).mean())

    @property
    def out_of_bag(self) -> float:
        """Accuracy on the training samples, each judged by the trees that did not see it."""
        asked = self._left_out > 0
        return float(((self._left_out_sum[asked] / self._left_out[asked] > 0.5) == self._train.labels[asked]).mean())

    @property
    def correlation(self) -> float:
        """The mean correlation between the errors of two trees at the test samples; NaN for one tree."""
        count = len(self._of_test)
        if count < 2:
            return float("nan")
        between_trees = np.corrcoef(np.stack(self._of_test) - self._test.labels)
        return float((between_trees.sum() - count) / (count * (count - 1)))


def charts(params: ForestParams) -> dict[str, Chart]:
    """The newest tree, accuracy and correlation by the number of trees."""
    trees, data = Axis("number of trees", (0, TREES)), breast_cancer()
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series={
                "forest": Series("forest", GREEN, width=3),
                "bagging": Series("bagging, all 30 features", CYAN),
                "out of bag": Series("forest, out of bag", PURPLE),
                "one": Series("one tree, all samples", GREY, "dash"),
            },
            further=["out of bag"],
            x=trees,
            y=Axis("accuracy", (0.86, 0.98)),
        ),
        "correlation": Lines(
            title=LESS_ALIKE.at(params),
            series={"forest": Series("forest", GREEN, width=3), "bagging": Series("bagging, all 30 features", CYAN)},
            x=trees,
            y=Axis("correlation of two trees’ errors", (0.0, 1.0)),
        ),
        "tree": Tree(
            title="The first questions of the forest’s newest tree",
            depth=LEVELS,
            class_names=data.class_names,
            wide=True,
            height=280,
        ),
    }


class Division:
    """The data divided once: 200 samples to learn from, 369 to test. One tree, bagged trees and a forest learn side by side."""

    def __init__(self, params: ForestParams, division: np.random.Generator, draws: np.random.Generator) -> None:
        self.train, test = split(division, breast_cancer(), TRAINED)
        one = grow(self.train.inputs, self.train.one_hot, Limits(max_depth=params.max_depth))
        self.alone = float((one(test.inputs).argmax(axis=0) == test.labels).mean())
        self._methods, self.votes = dict[str, Iterator[Bagged]](), dict[str, Votes]()
        for name, features in {"forest": params.features, "bagging": FEATURES}.items():
            limits = Limits(max_depth=params.max_depth, features=features)
            (own,) = draws.spawn(1)
            self._methods[name] = random_forest(own, self.train.inputs, self.train.one_hot, limits)
            self.votes[name] = Votes(self.train, test)

    def add(self) -> None:
        """One more tree for each."""
        self.newest = {name: next(trees) for name, trees in self._methods.items()}
        for name, one in self.newest.items():
            self.votes[name].add(one)

    def measured(self) -> dict[str, float]:
        """Accuracies and correlations so far."""
        forest, bagging = self.votes["forest"], self.votes["bagging"]
        return {
            "forest": forest.accuracy,
            "bagging": bagging.accuracy,
            "out of bag": forest.out_of_bag,
            "one": self.alone,
            "a tree of the forest": forest.alone,
            "a bagged tree": bagging.alone,
            "correlation, forest": forest.correlation,
            "correlation, bagging": bagging.correlation,
        }


def run(params: ForestParams) -> Run:
    """Five divisions of the data; on each one tree, forty bagged ones, and a forest of forty."""
    rng, divisions = streams(params.seed), list[Division]()
    for draws in rng.batches.spawn(DIVISIONS):
        divisions.append(Division(params, rng.data, draws))
        yield NOT_YET
    yield Snapshot(0, {"accuracy": {"one": float(np.mean([each.alone for each in divisions]))}})
    for step in range(1, TREES + 1):
        for each in divisions:
            each.add()
            yield NOT_YET
        yield _snapshot(step, divisions)
    return None


def _answer(shares: Array) -> tuple[str, int]:
    """The likelier class, with its share of the samples there."""
    return f"{100 * shares.max():.0f} %", int(shares.argmax())


def _snapshot(step: int, divisions: list[Division]) -> Snapshot:
    each = [division.measured() for division in divisions]
    means = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
    differences = {
        "gain": means["forest"] - means["one"],
        "less alike": means["correlation, bagging"] - means["correlation, forest"],
        "out of bag less test": means["out of bag"] - means["forest"],
    }
    first = divisions[0]
    drawn = {
        "accuracy": {name: means[name] for name in ("forest", "bagging", "out of bag", "one")},
        "correlation": {name: means[f"correlation, {name}"] for name in ("forest", "bagging")},
        "tree": nodes_of(first.newest["forest"].tree, first.train.feature_names, LEVELS, _answer),
    }
    return Snapshot(step, drawn, measured=means | differences)


DEEP = Ground(features=between(1, 5), max_depth=between(5, 12))
GAIN = Claim(
    "Forty trees are better than one: the forest’s accuracy on the test samples less that of one tree grown on all samples.",
    "gain",
    at_least(0.01),
    DEEP,
)
ALIKE = Claim(
    "Fewer features to choose from make trees that err less alike: the correlation of errors in bagging less that in the forest.",
    "less alike",
    at_least(0.02),
    DEEP,
)
ESTIMATE = Claim(
    "The out-of-bag accuracy is near the accuracy on the test samples: the one less the other.",
    "out of bag less test",
    between(-0.03, 0.03),
    DEEP,
)
TITLE = Title("A forest beats a single tree", "Test accuracy, mean over five divisions", (GAIN,))
LESS_ALIKE = Title("The forest’s trees err less alike than bagged ones", "How alike two trees err", (ALIKE,))

demo = Demo(
    name="forest",
    title="Random forest",
    params=ForestParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(GAIN, ALIKE, ESTIMATE),
    presets=(
        Preset("five of 30 features", {}),
        Preset("one feature, drawn blindly", {"features": 1}),
        Preset("all 30: bagging", {"features": 30}),
        Preset("stumps", {"max_depth": 1}),
    ),
    hint="Step through the trees: each asks different questions first, which makes their average better than a single tree.",
)
