"""Double descent (Belkin et al., 2019): past the width that can just fit every point, a wider model does better again."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Lines, Scatter, Series
from app.charts.colours import GREEN, GREY, TEST, TRAIN
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
    slider,
    streams,
)
from app.topics.overfitting_and_underfitting import guesses
from engine import Array

INPUTS = 10
WIDEST = 1000
UNSEEN = 1000
DRAWN = 200
LOWEST, HIGHEST = 1e-2, 1e4


class DescentParams(Params):
    """How many points there are, how noisy, and whether large weights cost something."""

    points: int = slider(
        40,
        (20, 40, 80, 150),
        label="points",
        help="The peak lies where there are as many features as points.",
        minimum=10,
        maximum=200,
    )
    noise: float = slider(
        0.3, (0.0, 0.1, 0.3, 0.6, 1.0), label="noise", help="Spread of what is added to the answers.", maximum=2
    )
    penalty: float = slider(
        0.0,
        (0.0, 0.001, 0.01, 0.1, 1.0),
        label="ridge (L2) penalty",
        help="What squared weights cost. At 0, of all weights that fit equally well, the smallest are taken.",
        maximum=100,
    )


def charts(params: DescentParams) -> dict[str, Chart]:
    """Errors and weights by the number of features, and the answers to unseen points."""
    features = Axis("random features", (1, WIDEST), log=True)
    return {
        "errors": Lines(
            title=PEAKS.at(params),
            series={
                "train": Series("training", TRAIN),
                "test": Series("test", TEST),
                "edge": Series("as many features as points", GREY, "dot", 1.5),
            },
            x=features,
            y=Axis("mean squared error", (LOWEST, HIGHEST), log=True),
            wide=True,
            height=340,
        ),
        "weights": Lines(
            title=HUGE.at(params),
            series={"size": Series("length of the weight vector", GREEN)},
            x=features,
            y=Axis("length of the weight vector", (1e-1, 1e4), log=True),
        ),
        "answers": Scatter(
            title="Unseen points: right answers lie on the diagonal",
            groups={"test": Series("unseen points", TEST)},
            fixed={"right answers": (np.tile(np.linspace(-2.5, 2.5, 40), (2, 1)), GREY)},
            size=5,
            x=Axis("true answer", (-2.6, 2.6)),
            y=Axis("model’s answer", (-5, 5)),
        ),
    }


def widths(points: int) -> list[int]:
    """Numbers of features to try, evenly spread on a log scale, and closely around the number of points."""
    near = [points + away for away in (-4, -2, -1, 0, 1, 2, 4)]
    return [int(width) for width in np.unique([*np.round(np.geomspace(1, WIDEST, 60)), *near])]


class Task:
    """Points in ten dimensions with noisy answers, and a thousand random ReLU features that never change."""

    def __init__(self, params: DescentParams) -> None:
        rng = streams(params.seed)
        directions = rng.weights.normal(size=(INPUTS, WIDEST))
        unseen, seen = rng.data.normal(size=(UNSEEN, INPUTS)), rng.data.normal(size=(params.points, INPUTS))
        self.unseen_y, self.y = (_truth(points) + params.noise * rng.noise.normal(size=len(points)) for points in (unseen, seen))
        self._unseen, self._seen = (np.maximum(points @ directions, 0) for points in (unseen, seen))

    def fit(self, width: int, penalty: float) -> tuple[Array, Array, Array]:
        """Least squares on the first `width` features: weights (width,), answers to the points seen and to those unseen."""
        scale = 1 / np.sqrt(width)
        left, sizes, right = np.linalg.svd(self._seen[:, :width] * scale, full_matrices=False)
        kept = sizes > 1e-10 * sizes[0] if sizes[0] > 0 else np.zeros(len(sizes), bool)
        shrunk = np.divide(sizes, sizes**2 + penalty, out=np.zeros_like(sizes), where=kept)
        weights = right.T @ (shrunk * (left.T @ self.y))
        return weights, self._seen[:, :width] @ weights * scale, self._unseen[:, :width] @ weights * scale


def _truth(points: Array) -> Array:
    """Two of the ten inputs matter. (n, 10) to (n,)."""
    answers: Array = np.sin(points[:, 0]) + 0.5 * points[:, 1]
    return answers


def run(params: DescentParams) -> Run:
    """Regression on random features (Rahimi and Recht, 2007), here ReLUs, solved exactly; one width per frame."""
    task, edge = Task(params), params.points
    tests: dict[int, float] = {}
    trains: dict[int, float] = {}
    lengths: dict[int, float] = {}
    nothing = {"test": np.stack([task.unseen_y, np.zeros(UNSEEN)])[:, :DRAWN]}
    yield Snapshot(0, {"errors": {"edge": (edge, LOWEST)}, "answers": nothing})
    for width in widths(edge):
        weights, seen, unseen = task.fit(width, params.penalty)
        trains[width], tests[width] = (float(np.mean((got - y) ** 2)) for got, y in ((seen, task.y), (unseen, task.unseen_y)))
        lengths[width] = float(np.linalg.norm(weights))
        errors = {"train": (width, max(trains[width], LOWEST / 100)), "test": (width, tests[width])}
        charts = {
            "errors": errors | ({"edge": (edge, HIGHEST)} if width == 1 else {}),
            "weights": {"size": (width, lengths[width])},
            "answers": {"test": np.stack([task.unseen_y, unseen])[:, :DRAWN]},
        }
        yield Snapshot(width, charts, measured=_story(trains, tests, lengths, edge) if width == WIDEST else {})
    return None


def _story(trains: dict[int, float], tests: dict[int, float], lengths: dict[int, float], edge: int) -> dict[str, float]:
    """The numbers of the claims, out of the errors by width."""
    peak = max(tests, key=lambda width: tests[width])
    narrow = min(error for width, error in tests.items() if width <= edge / 2)
    around = max(error for width, error in tests.items() if edge / 2 < width < 2 * edge)
    return {
        "peak": peak / edge,
        "left": tests[peak] / narrow,
        "right": tests[peak] / tests[WIDEST],
        "train": max(error for width, error in trains.items() if width >= 2 * edge),
        "far": tests[WIDEST] / narrow,
        "length": lengths[edge] / lengths[WIDEST],
        "bump": around / max(narrow, tests[WIDEST]),
    }


NOISY = Ground(points=between(40, 150), noise=between(0.3, 0.6), penalty=0)
PEAK = Claim("The test error peaks at this many features per point.", "peak", between(0.85, 1.15), NOISY)
LEFT = Claim("At the peak the test error is this many times that of the best narrower model.", "left", at_least(4), NOISY)
RIGHT = Claim("It is this many times that with 1,000 features.", "right", at_least(4), NOISY)
FITTED = Claim(
    "From twice as many features as points on, every point is fitted, noise included: the largest training error there.",
    "train",
    at_most(1e-6),
    Ground(penalty=0),
)
LENGTH = Claim(
    "With as many features as points the weight vector is this many times as long as with 1,000 features.",
    "length",
    at_least(2.5),
    NOISY,
)
PEAKS = Title("Test error peaks where training error becomes zero", "Errors by number of features", (PEAK, LEFT, RIGHT, FITTED))
HUGE = Title("It takes huge weights to just fit every point", "The length of the weight vector", (LENGTH,))

demo = Demo(
    name="double-descent",
    title="Double descent",
    params=DescentParams,
    charts=charts,
    run=run,
    frames=lambda params: len(widths(params.points)) + 1,
    claims=(
        PEAK,
        LEFT,
        RIGHT,
        LENGTH,
        FITTED,
        Claim(
            "A ridge penalty takes the peak away: the worst test error near it, in multiples of the worse of the two sides.",
            "bump",
            at_most(1.5),
            Ground(points=between(40, 80), noise=0.3, penalty=1),
        ),
    ),
    presets=(
        Preset("the peak", {}),
        Preset("more points: the peak moves", {"points": 80}),
        Preset("without noise", {"noise": 0.0}),
        Preset("a penalty: no peak", {"penalty": 1.0}),
    ),
    guesses=guesses.DESCENT,
    hint="Watch the test error climb to a peak where the model can just fit every point, and come down again.",
)
