"""Training sets of a noisy wave, and what many of them tell: the bias and the variance of whatever was trained on each.

The wave is known, so the error of a prediction can be taken apart. Twelve training sets are drawn, the same method learns
from each, and its predictions are compared with each other and with the wave, at points along the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from app.charts import Axis, Curves, Lines, Series
from app.charts.colours import GREEN, OCHRE, PURPLE, TEST, TRAIN
from app.topic import slider
from engine import Array

SETS, TESTED = 12, 300
LINE = np.linspace(-1.0, 1.0, 81)[None]
X = Axis("x", (-1.0, 1.0))
ONE_TREE = Series("one tree, all points", OCHRE)
BIAS, VARIANCE = Series("squared bias", PURPLE), Series("variance", GREEN, width=3)
TRAINING_ERROR, TEST_ERROR = Series("training", TRAIN), Series("test", TEST)
POINTS = {"points": Series("training points", TRAIN)}


def noise_slider() -> Any:
    """How far the points lie from the wave."""
    return slider(0.3, (0.0, 0.1, 0.3, 0.6), label="noise", help="Its standard deviation on y.", minimum=0.0, maximum=0.6)


def wave(x: Array) -> Array:
    """What there is to be learned."""
    y: Array = np.sin(3 * x)
    return y


@dataclass(frozen=True, eq=False)
class Points:
    """Inputs (1, n) and targets (1, n)."""

    inputs: Array
    targets: Array

    @property
    def picture(self) -> Array:
        """As a cloud, (2, n)."""
        return np.concatenate([self.inputs, self.targets])


def points(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Points on the wave, x even in -1 to 1, with Gaussian noise of spread `noise` on y."""
    x = rng.uniform(-1.0, 1.0, (1, n))
    return Points(x, wave(x) + rng.normal(size=(1, n)) * noise)


class Apart(NamedTuple):
    """The mean squared error along the line, without the noise of the points, in its two parts."""

    bias: float
    variance: float


def apart(predictions: Array) -> Apart:
    """Squared bias and variance of predictions (sets, line), the means along the line; both estimates are unbiased.

    The mean over a few sets is itself off by chance, by the variance over their number, which is taken from the squared bias: it
    may come out a little below 0.
    """
    variance = float(predictions.var(axis=0, ddof=1).mean())
    away = float(np.square(predictions.mean(axis=0) - wave(LINE[0])).mean())
    return Apart(away - variance / len(predictions), variance)


def axis_of(quantity: str, noise: float) -> Axis:
    """Of what is as high as the wave and its noise."""
    return Axis(quantity, (-1.3 - 3 * noise, 1.3 + 3 * noise))


def fit_chart(title: str, noise: float, ensemble: str, more: dict[str, Series]) -> Curves:
    """The first training set, the wave, and what an ensemble and one tree make of it, below whatever `more` there is."""
    return Curves(
        title=title,
        at=LINE[0],
        series={**more, "one": ONE_TREE, "ensemble": Series(ensemble, GREEN, width=3)},
        fixed={"the wave": wave(LINE[0])},
        dots=POINTS,
        x=X,
        y=axis_of("y", noise),
    )


def spread_chart(title: str, steps: Axis, y: Axis, more: dict[str, Series]) -> Lines:
    """Squared bias and variance by step."""
    return Lines(title=title, series={"variance": VARIANCE, "bias": BIAS, **more}, x=steps, y=y)
