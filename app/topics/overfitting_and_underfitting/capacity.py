"""Capacity: polynomials of rising degree on thirty points; k-fold cross-validation, fold by fold, has to find the right one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from numpy.polynomial import legendre

from app.charts import Axis, Bars, Chart, Curves, Lines, Series
from app.charts.colours import GREEN, OCHRE, PURPLE, TEST, TRAIN
from app.topic import (
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    between,
    checked,
    entry,
    slider,
    streams,
)
from app.topics.overfitting_and_underfitting import guesses
from app.topics.overfitting_and_underfitting.wave import (
    ACROSS,
    LINE,
    UNSEEN,
    UP,
    parse_points,
    points_of,
    scattered,
    spread_out,
    wave,
)
from engine import Array

DEGREES = (*range(15), 16, 18, 20, 22, 24)


class CapacityParams(Params):
    """The visitor's own degree, and the data that all degrees are fitted to."""

    degree: int = slider(
        1,
        (0, 1, 2, 3, 5, 7, 9, 12, 16, 20, 24),
        label="your degree",
        help="Of the polynomial that stays on the chart while the run tries the others. 1 is a straight line.",
    )
    points: int = slider(
        30, (15, 30, 60, 100, 200), label="points", help="How many there are to learn from.", minimum=12, maximum=400
    )
    noise: float = slider(0.3, (0.0, 0.1, 0.2, 0.3, 0.5), label="noise", help="Spread of what is added to the wave.", maximum=1)
    folds: int = slider(10, (2, 3, 5, 10), label="folds", help="Into how many parts cross-validation deals the points.")
    added: Annotated[str, checked(parse_points)] = entry(
        "",
        label="points of your own",
        help="Click on the chart, or type x y; x y with x from −1 to 1 and y from −2 to 2, ten at most. Try 0.1 2",
    )


def charts(params: CapacityParams) -> dict[str, Chart]:
    """The fit of the moment, the three errors by degree, and the error of each fold."""
    return {
        "fit": Curves(
            title=MISSED.at(params),
            at=LINE,
            series={
                "now": Series("degree in turn", GREEN),
                "yours": Series(f"yours: degree {params.degree}", OCHRE),
                "chosen": Series("chosen", PURPLE, width=3.5),
            },
            fixed={"true wave": wave(LINE)},
            dots={"kept": Series("fitted", TRAIN), "held": Series("held out", PURPLE)},
            x=ACROSS,
            y=UP,
            height=340,
            click="added",
            click_adds=True,
            click_help="click to add a point",
        ),
        "errors": Lines(
            title=TURNS.at(params),
            series={
                "train": Series("training", TRAIN),
                "cv": Series("cross-validation", PURPLE),
                "test": Series("test", TEST),
            },
            x=Axis("degree", (-0.5, 24.5)),
            y=Axis("mean squared error", (3e-3, 100), log=True),
            mode="lines+markers",
            height=340,
        ),
        "folds": Bars(
            title="The error of each fold, held out while the rest is fitted",
            categories=[str(fold + 1) for fold in range(params.folds)],
            series={"error": Series("held-out error", PURPLE)},
            x=Axis("fold"),
            y=Axis("mean squared error", (1e-3, 100), log=True),
            wide=True,
            height=220,
        ),
    }


class Points:
    """What is learned from, x and y (n,), and dealt into folds; and what judges, unseen."""

    def __init__(self, params: CapacityParams) -> None:
        rng = streams(params.seed)
        self.unseen_x, self.unseen_y = scattered(rng, UNSEEN, params.noise)
        x, y = spread_out(rng, params.points, params.noise)
        added = points_of(params.added)
        self.x, self.y = np.append(x, added[0]), np.append(y, added[1])
        self.folds = np.array_split(np.argsort(rng.batches.random(self.x.size)), params.folds)
        self.everything = np.arange(self.x.size)

    def fit(self, degree: int, places: Array) -> Array:
        """Least squares on some of the points, in Legendre polynomials, which span what powers of x do and round less."""
        basis = legendre.legvander(self.x[places], degree)
        weights: Array = np.linalg.lstsq(basis, self.y[places], rcond=None)[0]
        return weights

    def error(self, weights: Array, places: Array) -> float:
        """Mean squared error on some of the points."""
        return _error(weights, self.x[places], self.y[places])

    def test_error(self, weights: Array) -> float:
        """Mean squared error on the points nobody has seen."""
        return _error(weights, self.unseen_x, self.unseen_y)

    def dots(self, held: Array) -> dict[str, Array]:
        """The points as the chart has them: those that were fitted, and those held out."""
        both = np.stack([self.x, self.y])
        return {"kept": np.delete(both, held, axis=1), "held": both[:, held]}


def _error(weights: Array, x: Array, y: Array) -> float:
    return float(np.mean((legendre.legval(x, weights) - y) ** 2))


def run(params: CapacityParams) -> Run:
    """Degrees 0 to 24: for each one fit per fold, without that fold, and then one on all points. A frame is a fit."""
    data, nobody, fits = Points(params), np.empty(0, int), 1
    yield Snapshot(0, {"fit": data.dots(nobody)})
    yield Snapshot(1, {"fit": {"yours": legendre.legval(LINE, data.fit(params.degree, data.everything))}})
    errors: dict[str, list[float]] = {"train": [], "cv": [], "test": []}
    for degree in DEGREES:
        guessed = []
        for chart, bars in _each_fold(data, degree):
            fits += 1
            guessed = bars
            yield Snapshot(fits, {"fit": chart, "folds": {"error": np.array(bars)}})
        weights = data.fit(degree, data.everything)
        sizes = [fold.size for fold in data.folds]
        measured = (data.error(weights, data.everything), float(np.average(guessed, weights=sizes)), data.test_error(weights))
        for name, value in zip(errors, measured, strict=True):
            errors[name].append(value)
        fits += 1
        fitted = {"now": legendre.legval(LINE, weights), **data.dots(nobody)}
        newest = {name: (degree, values[-1]) for name, values in errors.items()}
        yield Snapshot(fits, {"fit": fitted, "errors": newest})
    chosen = DEGREES[int(np.argmin(errors["cv"]))]
    curve = legendre.legval(LINE, data.fit(chosen, data.everything))
    yield Snapshot(fits + 1, {"fit": {"chosen": curve}}, measured=_story(errors))
    return None


def _each_fold(data: Points, degree: int) -> Iterator[tuple[dict[str, Array], list[float]]]:
    """For each fold the fit without it and its dots, and the errors of the folds so far, NaN for those to come."""
    errors = [float("nan")] * len(data.folds)
    for place, fold in enumerate(data.folds):
        weights = data.fit(degree, _without(data.everything, fold))
        errors[place] = data.error(weights, fold)
        yield {"now": legendre.legval(LINE, weights), **data.dots(fold)}, list(errors)


def _without(everything: Array, fold: Array) -> Array:
    """The places of the other folds: no fold is guessed by a fit that has seen it."""
    return np.delete(everything, fold)


def _story(errors: dict[str, list[float]]) -> dict[str, float]:
    """The numbers of the claims and of the text, out of the errors by degree."""
    test = errors["test"]
    best, place, peak = int(np.argmin(test)), int(np.argmin(errors["cv"])), int(np.argmax(test))
    return {
        "rise": float(np.max(np.diff(errors["train"]))),
        "line": errors["train"][1] / test[best],
        "last": test[-1] / test[best],
        "best degree": DEGREES[best],
        "peak degree": DEGREES[peak],
        "chosen": DEGREES[place],
        "regret": test[place] / test[best],
    }


RISE = Claim(
    "Training error never rises with the degree, since each degree contains the one before: its largest rise.",
    "rise",
    at_most(1e-9),
    by_construction=True,
)
LINE_MISSES = Claim(
    "A straight line underfits: even its training error is this many times the best test error.",
    "line",
    at_least(2),
    Ground(points=30, noise=between(0.1, 0.3), added=""),
)
LAST_OVERFITS = Claim(
    "Degree 24 overfits: its test error is this many times the best.",
    "last",
    at_least(50),
    Ground(points=30, noise=between(0.1, 0.5), added=""),
)
FOLDED = Ground(points=30, noise=between(0.2, 0.3), folds=between(5, 10), added="")
MISSED = Title("Low degrees miss the wave, high ones chase the points", "The points and the fits", (LINE_MISSES, LAST_OVERFITS))
TURNS = Title("Training error only falls; test error turns", "Errors by degree", (RISE, LAST_OVERFITS))

demo = Demo(
    name="capacity",
    title="Degree by degree",
    params=CapacityParams,
    charts=charts,
    run=run,
    frames=lambda params: 3 + len(DEGREES) * (params.folds + 1),
    claims=(
        RISE,
        LINE_MISSES,
        LAST_OVERFITS,
        Claim("Cross-validation chooses a degree in the middle.", "chosen", between(4, 12), FOLDED),
        Claim("It loses little by that: its choice’s test error is this many times the best.", "regret", at_most(2), FOLDED),
        Claim(
            "More data cure degree 24: its test error is this many times the best.",
            "last",
            at_most(1.5),
            Ground(points=between(200, 400), noise=between(0.1, 0.5), added=""),
        ),
    ),
    presets=(
        Preset("underfit: a line", {}),
        Preset("about right", {"degree": 7}),
        Preset("overfit: degree 24", {"degree": 24}),
        Preset("degree 24 and 200 points", {"degree": 24, "points": 200, "folds": 5}),
        Preset("one outlier", {"degree": 16, "added": "0.1 2"}),
    ),
    guesses=guesses.CAPACITY,
    hint="Watch the test error fall, turn and leave the chart; then change your degree, or click to add an outlier.",
)
