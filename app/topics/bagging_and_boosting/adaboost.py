"""AdaBoost on two moons: stump by stump, with the weight of every point; and what it makes of labels that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat

import numpy as np

from app.charts import Axis, Chart, Curves, Field, Lines, Plane, Series, Working
from app.charts.colours import CYAN, GREEN, GREY, TEST, TRAIN, VERMILION
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
from engine import Array
from engine.datasets import Dataset, moons
from engine.learners.ensembles import Round, adaboost, bagging
from engine.learners.trees import Limits
from engine.probabilities import one_hot

POINTS, TESTED, SPREAD = 300, 1000, 0.3
ROUNDS, EARLY, WINDOW, HEAVIEST = 100, 20, 10, 15
PACE = Pace(ROUNDS, 81)
PLANE = Plane(Axis("x₁", (-2.3, 2.3)), Axis("x₂", (-1.7, 1.7)), size=41)
TWO = ("class 0", "class 1")


class AdaBoostParams(Params):
    """How many labels are wrong, and how deep the trees are."""

    label_noise: float = slider(
        0.0,
        (0.0, 0.05, 0.1, 0.2, 0.3),
        label="label noise",
        help="The share of training points whose label is flipped. Test labels are right.",
        minimum=0.0,
        maximum=0.4,
    )
    max_depth: int = slider(
        1, (1, 2, 3), label="depth", unit="splits", help="Of each tree. At depth 1 it is a stump.", minimum=1, maximum=4
    )


@dataclass
class Boosting:
    """The ensemble so far: sums of votes at the training points, the test points and over the plane, and the bound."""

    train: Dataset
    test: Dataset
    flipped: Array
    votes: float = 0.0
    bound: float = 1.0
    sums: dict[str, Array] = field(default_factory=dict)
    accuracies: list[float] = field(default_factory=list)
    at_flipped: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places = {"train": self.train.inputs, "test": self.test.inputs, "plane": PLANE.points}
        self.sums = {name: np.zeros(places.shape[1]) for name, places in self._places.items()}

    def add(self, one: Round | None) -> None:
        """One more round; None where boosting has ended, and the ensemble stays."""
        if one is not None:
            for name, places in self._places.items():
                self.sums[name] = self.sums[name] + one.votes(places)
            self.votes, self.bound = self.votes + one.vote, self.bound * 2 * np.sqrt(one.error * (1 - one.error))
            self.at_flipped.append(float(one.next_weights[self.flipped].sum()))
        self.accuracies.append(float(((self.sums["test"] > 0) == self.test.labels).mean()))

    @property
    def training_error(self) -> float:
        """The share of training points that the sum of votes gets wrong, by the labels it was given."""
        return float(((self.sums["train"] > 0) != self.train.labels).mean())


def charts(params: AdaBoostParams) -> dict[str, Chart]:
    """The vote over the plane, errors by round, the weight of each point, and the arithmetic of the round."""
    data = _data(params)[0]
    ring = {"heavy": Series(f"the {HEAVIEST} heaviest points", GREEN)}
    return {
        "vote": Field(
            title="The weighted vote of all trees so far",
            points=data.inputs,
            labels=data.labels,
            class_names=TWO,
            of="vote for class 1",
            moving=ring,
            **PLANE.axes,
            size=PLANE.size,
        ),
        "errors": Lines(
            title=(WORSE if params.label_noise else STRONG).at(params),
            series={
                "train": Series("boosting, training", TRAIN),
                "test": Series("boosting, test", TEST, width=3),
                "bagged": Series("bagging, test", CYAN),
                "bound": Series("bound on the training error", GREY, "dash"),
            },
            further=["bound"],
            x=Axis("round", (0, ROUNDS)),
            y=Axis("share of points wrong", (0.0, 0.5)),
        ),
        "weights": Curves(
            title=HEAVY.at(params),
            at=np.arange(1, POINTS + 1),
            series={"kept": Series("label as it is", TRAIN), "flipped": Series("label flipped", VERMILION)},
            fixed={"all weights equal": np.ones(POINTS)},
            mode="markers",
            x=Axis("training point", (0, POINTS + 1)),
            y=Axis("weight, in multiples of 1/300", (0.01, 30.0), log=True),
        ),
        "working": Working(title="This round in numbers", lines=4),
    }


def _data(params: AdaBoostParams) -> tuple[Dataset, Dataset, Array]:
    """Training points with their labels as given, test points, and whether each label (n,) was flipped."""
    rng = streams(params.seed)
    clean, test = moons(rng.data, POINTS, SPREAD), moons(rng.data, TESTED, SPREAD)
    flipped = rng.noise.permutation(POINTS) < round(params.label_noise * POINTS)
    return Dataset(clean.inputs, np.where(flipped, 1 - clean.labels, clean.labels), class_names=TWO), test, flipped


def run(params: AdaBoostParams) -> Run:
    """A hundred rounds, beside a hundred trees of the same depth on bags of the same points."""
    train, test, flipped = _data(params)
    limits = Limits(max_depth=params.max_depth)
    bags = bagging(streams(params.seed).batches, train.inputs, one_hot(train.labels, 2), limits)
    rounds: Iterator[Round | None] = chain(adaboost(train.inputs, train.labels, limits), repeat(None))
    boosting, bagged, newest = Boosting(train, test, flipped), np.zeros(TESTED), None
    yield NOT_YET
    for done, shown in PACE:
        if done:
            boosting.add(one := next(rounds))
            newest = one or newest
            bagged += next(bags).tree(test.inputs)[1] - 0.5
        if shown:
            yield _snapshot(done, boosting, newest, float(((bagged > 0) != test.labels).mean()))
    return None


def _snapshot(step: int, boosting: Boosting, newest: Round | None, bagged: float) -> Snapshot:
    """`bagged`: the share of test points that bagging gets wrong; at step 0 no tree has voted yet."""
    weights = newest.next_weights if newest else np.full(POINTS, 1 / POINTS)
    vote = PLANE.picture(0.5 + 0.5 * boosting.sums["plane"] / max(boosting.votes, 1e-12))
    heavy = boosting.train.inputs[:, np.argsort(weights)[-HEAVIEST:]] if newest else np.empty((2, 0))
    times = np.float32(POINTS * np.maximum(weights, 1e-9))
    drawn = {
        "vote": {"field": vote, "heavy": heavy},
        "weights": {"kept": np.where(boosting.flipped, np.nan, times), "flipped": np.where(boosting.flipped, times, np.nan)},
    }
    if newest is None:
        return Snapshot(step, drawn)
    errors = {"train": boosting.training_error, "test": 1 - boosting.accuracies[-1], "bagged": bagged, "bound": boosting.bound}
    working = _working(newest)
    return Snapshot(step, drawn | {"errors": errors, "working": working}, measured=_measured(boosting, newest, 1 - bagged))


def _working(one: Round) -> list[str]:
    """Error, vote, and what becomes of the weights of points got right and wrong, before they are made to sum to 1 again."""
    up, down = np.exp(one.vote), np.exp(-one.vote)
    return [
        f"\\text{{weighted error }} \\varepsilon = {one.error:.3f}",
        f"\\text{{vote }} \\alpha = \\tfrac{{1}}{{2}} \\ln \\frac{{1 - {one.error:.3f}}}{{{one.error:.3f}}} = {one.vote:.3f}",
        f"\\text{{wrong: weight}} \\times e^{{\\alpha}} = \\text{{weight}} \\times {up:.3f}",
        f"\\text{{right: weight}} \\times e^{{-\\alpha}} = \\text{{weight}} \\times {down:.3f}",
    ]


def _measured(boosting: Boosting, newest: Round, bagged: float) -> dict[str, float]:
    wrong = newest.votes(boosting.train.inputs) * (2 * boosting.train.labels - 1) < 0
    accuracies, share = boosting.accuracies, float(boosting.flipped.mean())
    late = float(np.mean(accuracies[-WINDOW:]))
    measured = {
        "accuracy": late,
        "first": accuracies[0],
        "bagged": bagged,
        "over the first": late - accuracies[0],
        "over bagging": late - bagged,
        "behind bagging": bagged - late,
        "training error": boosting.training_error,
        "half": float(newest.next_weights[wrong].sum()),
        "over the bound": boosting.training_error - boosting.bound,
        "fall": float(np.mean(accuracies[:WINDOW])) - late,
    }
    if share and len(boosting.at_flipped) >= EARLY:
        measured |= {"weight of flipped": boosting.at_flipped[EARLY - 1], "stress": boosting.at_flipped[EARLY - 1] / share}
    return measured


CLEAN = Ground(label_noise=0.0, max_depth=1)
OVER_FIRST = Claim(
    "A vote of many stumps is better than the first one: test accuracy over the last ten rounds less that of the first stump.",
    "over the first",
    at_least(0.03),
    CLEAN,
)
OVER_BAGGED = Claim(
    "Boosted stumps are better than the same number of bagged ones: boosting’s test accuracy less bagging’s.",
    "over bagging",
    at_least(0.03),
    CLEAN,
)
STRESS = Claim(
    "Flipped labels draw the weight: after round 20 they hold this many times their share of the points.",
    "stress",
    at_least(1.4),
    Ground(label_noise=between(0.05, 0.2)),
)
BEHIND = Claim(
    "With this many wrong labels, boosting does worse than bagging as many trees of the same depth: by this much test accuracy.",
    "behind bagging",
    at_least(0.02),
    Ground(label_noise=between(0.2, 0.3), max_depth=3),
)
FALL = Claim(
    "Boosting overfits wrong labels: test accuracy over the first ten rounds less that over the last ten.",
    "fall",
    at_least(0.005),
    Ground(label_noise=0.2, max_depth=3),
)
HALF = Claim(
    "Under the new weights the tree just grown is wrong exactly half of the time.",
    "half",
    between(0.4999, 0.5001),
    by_construction=True,
)
BOUND = Claim(
    "The training error stays below its bound, the product of 2√(ε(1 − ε)) over the rounds: the error less the bound.",
    "over the bound",
    at_most(0.0),
    by_construction=True,
)
STRONG = Title("Weak stumps make a strong vote", "Errors by round", (OVER_FIRST, OVER_BAGGED))
WORSE = Title("Boosting learns the wrong labels; bagging averages them out", "Errors by round", (BEHIND, FALL))
HEAVY = Title("Flipped labels draw the weight", "The weight of every point", (STRESS,))

demo = Demo(
    name="adaboost",
    title="AdaBoost",
    params=AdaBoostParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(OVER_FIRST, OVER_BAGGED, STRESS, BEHIND, FALL, HALF, BOUND),
    presets=(
        Preset("stumps, labels right", {}),
        Preset("a fifth of the labels flipped", {"label_noise": 0.2}),
        Preset("flipped labels, deeper trees", {"label_noise": 0.2, "max_depth": 3}),
        Preset("deeper trees, labels right", {"max_depth": 3}),
    ),
    guesses=guesses.ADABOOST,
    hint="Step through the first rounds: each tree cuts where the green points are, which the trees before it got wrong.",
)
