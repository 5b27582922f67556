"""Gradient boosting on a line: every tree is grown on what those before it left over. What it does to bias, and to variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series, Tree
from app.charts.colours import GREY, OCHRE, TRAIN
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
from app.topics.bagging_and_boosting.drawing import nodes_of
from app.topics.bagging_and_boosting.waves import (
    LINE,
    SETS,
    TEST_ERROR,
    TESTED,
    TRAINING_ERROR,
    Apart,
    Points,
    X,
    apart,
    axis_of,
    fit_chart,
    noise_slider,
    points,
    spread_chart,
)
from engine import Array
from engine.learners.ensembles import Boosted, gradient_boosting, start_of
from engine.learners.trees import Limits, grow

ROUNDS, LEVELS = 120, 2
EARLY, SAMPLES = 10, 60
PACE = Pace.evenly(ROUNDS, 1)


class GradientBoostingParams(Params):
    """How fast the ensemble learns, and from what."""

    learning_rate: float = slider(
        0.1,
        (0.03, 0.1, 0.3, 1.0),
        label="learning rate",
        help="How much of each tree is added.",
        log=True,
        minimum=0.01,
        maximum=1.0,
    )
    max_depth: int = slider(2, (1, 2, 3, 4), label="depth", unit="splits", help="Of each tree.", minimum=1, maximum=6)
    noise: float = noise_slider()


class Sequence:
    """One training set: a tree of all its points grown in full, and the trees of boosting, added up as they come.

    All are asked along the line, at the test points, and at the training points, in this order.
    """

    def __init__(self, train: Points, test: Points, params: GradientBoostingParams) -> None:
        self._train, self._test, self._rate = train, test, params.learning_rate
        self._asked = np.concatenate([LINE, test.inputs, train.inputs], axis=1)
        limits = Limits(max_depth=params.max_depth)
        self._trees = gradient_boosting(train.inputs, train.targets, params.learning_rate, limits=limits)
        self._sum = np.full(self._asked.shape[1], start_of(train.targets))
        self.newest: Boosted | None = None
        full = grow(train.inputs, train.targets)
        self.one: Array = full(LINE)[0]
        self.error_of_one = float(np.square(full(test.inputs)[0] - test.targets[0]).mean())

    def add(self) -> None:
        """One more tree."""
        self.newest = next(self._trees)
        self._sum = self._sum + self._rate * self.newest.tree(self._asked)[0]

    @property
    def along(self) -> Array:
        """The prediction along the line."""
        return self._sum[: LINE.size].copy()

    @property
    def left_over(self) -> Array:
        """The residuals (n,) that the next tree will be grown on."""
        residuals: Array = self._train.targets[0] - self._sum[LINE.size + TESTED :]
        return residuals

    @property
    def errors(self) -> tuple[float, float]:
        """Mean squared errors, training and test."""
        test = self._sum[LINE.size : LINE.size + TESTED] - self._test.targets[0]
        return float(np.square(self.left_over).mean()), float(np.square(test).mean())


def charts(params: GradientBoostingParams) -> dict[str, Chart]:
    """The fit, what is left over, bias and variance, errors, and the newest tree."""
    rounds = Axis("round", (0, ROUNDS))
    return {
        "fit": fit_chart("The first of 12 training sets", params.noise, "boosted trees", {}),
        "residuals": Curves(
            title="The residuals, and the newest tree, grown on them",
            at=LINE[0],
            series={"newest": Series("newest tree", GREY)},
            dots={"residuals": Series("residuals", TRAIN)},
            x=X,
            y=axis_of("residual", params.noise),
        ),
        "spread": spread_chart(TITLE.at(params), rounds, Axis("part of the squared error", (1e-3, 1.0), log=True), {}),
        "errors": Lines(
            title=TURNS.at(params),
            series={"train": TRAINING_ERROR, "test": TEST_ERROR, "one": Series("test, one tree grown in full", OCHRE, "dash")},
            x=rounds,
            y=Axis("mean squared error", (0.0, 0.65 + params.noise**2)),
        ),
        "tree": Tree(
            title="The first questions of the newest tree",
            depth=LEVELS,
            class_names=("lowers the prediction", "raises it"),
            wide=True,
            height=260,
        ),
    }


def run(params: GradientBoostingParams) -> Run:
    """Twelve training sets of the same wave, boosted side by side, round by round."""
    rng = streams(params.seed)
    test = points(rng.data, TESTED, params.noise)
    trains, sets = [points(rng.data, SAMPLES, params.noise) for _ in range(SETS)], list[Sequence]()
    for train in trains:
        sets.append(Sequence(train, test, params))
        yield NOT_YET
    parts, test_errors = list[Apart](), list[float]()
    for step, _ in PACE:
        for each in sets if step else ():
            each.add()
        parts.append(apart(np.stack([each.along for each in sets])))
        train_error, test_error = np.mean([each.errors for each in sets], axis=0)
        test_errors.append(float(test_error))
        one = float(np.mean([each.error_of_one for each in sets]))
        drawn = {"spread": _spread(parts[-1]), "errors": {"train": train_error, "test": test_error, "one": one}}
        yield Snapshot(step, drawn | _first(sets[0], trains[0]), measured=_measured(parts, test_errors, one))
    return None


def _spread(now: Apart) -> dict[str, float]:
    """A bias that is not told apart from 0 has no place on a log axis."""
    return {"variance": now.variance, "bias": now.bias if now.bias > 0 else float("nan")}


def _first(first: Sequence, train: Points) -> dict[str, Any]:
    """The first training set: what is predicted, what is left over, and the tree that was just added."""
    left_over = np.stack([train.inputs[0], first.left_over])
    fit = {"one": first.one, "ensemble": first.along, "points": train.picture}
    if first.newest is None:
        return {"fit": fit, "residuals": {"residuals": left_over}}
    grown_on = np.stack([train.inputs[0], first.newest.residuals[0]])
    tree = first.newest.tree
    curve = {"residuals": grown_on, "newest": np.float32(tree(LINE)[0])}
    return {"fit": fit, "residuals": curve, "tree": nodes_of(tree, ("x",), LEVELS, _answer)}


def _answer(values: Array) -> tuple[str, int]:
    """What a leaf adds, before the learning rate."""
    return f"{values[0]:+.3f}".replace("-", "−"), int(values[0] > 0)


def _measured(parts: list[Apart], test_errors: list[float], one: float) -> dict[str, float]:
    """`parts` and `test_errors` of every round so far, the start first; `one`: the test error of a tree grown in full."""
    start, now = parts[0], parts[-1]
    best = min(test_errors)
    return {
        "bias left": now.bias / start.bias,
        "variance grows": now.variance / parts[min(EARLY, len(parts) - 1)].variance,
        "overfit": test_errors[-1] / best,
        "best round": float(np.argmin(test_errors)),
        "best over one tree": best / one,
    }


WAVE = Ground(learning_rate=between(0.1, 0.3), max_depth=between(2, 3), noise=0.3)
LESS_BIAS = Claim(
    "Boosting removes the bias: squared bias after all rounds over that of the mean it started from.",
    "bias left",
    at_most(0.1),
    Ground(learning_rate=between(0.1, 1.0), max_depth=between(1, 3), noise=between(0.0, 0.6)),
)
MORE_VARIANCE = Claim(
    "Variance is the price: the variance after all rounds over that after ten.",
    "variance grows",
    at_least(1.3),
    WAVE,
)
OVERFITS = Claim(
    "More rounds are not always better: the test error at the end over its lowest.",
    "overfit",
    at_least(1.05),
    WAVE,
)
BETTER = Claim(
    "At its best round boosting beats one tree grown in full: its test error over the tree’s.",
    "best over one tree",
    at_most(0.85),
    WAVE,
)
TITLE = Title("Bias falls, variance rises, round by round", "Bias and variance over 12 training sets", (LESS_BIAS, MORE_VARIANCE))
TURNS = Title("The test error rises again while the training error falls", "Mean squared error by round", (OVERFITS,))

demo = Demo(
    name="gradient-boosting",
    title="Gradient boosting",
    params=GradientBoostingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LESS_BIAS, MORE_VARIANCE, OVERFITS, BETTER),
    presets=(
        Preset("depth 2, rate 0.1", {}),
        Preset("whole trees added", {"learning_rate": 1.0}),
        Preset("a third of the rate", {"learning_rate": 0.03}),
        Preset("no noise", {"noise": 0.0}),
    ),
    guesses=guesses.GRADIENT,
    hint="Step through the first rounds: the newest tree fits the residuals, and a fraction of it is added to the green line.",
)
