"""The image GAN: handwritten digits from a convolutional forger, each beside the real digit that it is nearest to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import CYAN, FORGED, PURPLE, REAL
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Streams,
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from app.topics.gan.game import Game
from app.topics.gan.images import inspector, painter, sketcher
from app.topics.gan.judges import Rules
from engine import datasets
from engine.graph import Array
from engine.metrics import distances, energy_distance, two_sample_accuracy

NOISE = 16
STEPS = 600
PACE = Pace(STEPS, 81)
SIDE, KINDS = 8, 10
SAMPLES, ROWS, COLUMNS = 200, 5, 6
SHOWN = ROWS * COLUMNS
SOME = 500
"""Of so many real digits the distance to the nearest other is measured, which is enough for a median."""
SOME = 500
"""Of so many real digits the distance to the nearest other is measured, which is enough for a median."""
BELOW = "Gaussian"
"""What stands in a row of its own below the forged digits: what a fitted Gaussian makes."""
FAIR = 1 / KINDS / 4
"""A digit is covered when at least a quarter of its fair share of the forged images is nearest to real ones of it."""
FORGERS = {"painter": "transposed convolutions", "sketcher": "a perceptron"}


class DigitsParams(Params):
    """Who forges, how large both players are and how they learn."""

    forger: Literal["painter", "sketcher"] = choice(
        "painter", FORGERS, label="forger", help="The network that turns noise into images; about as many weights either way."
    )
    filters: int = slider(
        16,
        (4, 8, 16),
        label="filters",
        help="Channels of both players where images are 4 × 4; twice as many at 2 × 2.",
        minimum=1,
        maximum=24,
    )
    learning_rate: float = slider(
        0.002,
        (0.0005, 0.001, 0.002, 0.005, 0.01),
        label="learning rate",
        help="Step length of both players.",
        log=True,
        minimum=1e-5,
        maximum=0.1,
    )
    r1: float = slider(
        0.2,
        (0.0, 0.2, 1.0, 5.0),
        label="R1 penalty",
        help="What the owner pays for a steep opinion at real digits.",
        maximum=100,
    )


@dataclass(frozen=True)
class Real:
    """The real digits: `images` (64, n) from -1, no ink, to 1; `labels` (n,); `apart`: the median from one to its nearest."""

    images: Array
    labels: Array
    apart: float

    def nearest(self, images: Array) -> tuple[float, Array]:
        """How far images (64, m) are from the nearest real one, the median in units of `apart`, and which those are (m,)."""
        images = images.astype(np.float32)
        beyond = (self.images * self.images).sum(axis=0) - 2 * (
            images.T @ self.images
        )  # squares, but for what is the same in a row
        gaps = np.sqrt(beyond.min(axis=1) + (images * images).sum(axis=0))
        return float(np.median(gaps)) / self.apart, beyond.argmin(axis=1)

    def shares(self, chosen: Any) -> Array:
        """How much of the real digits that are `chosen` each of the ten is (10,)."""
        labels = self.labels[chosen]
        return np.asarray(np.bincount(labels, minlength=KINDS) / labels.size)


@cache
def real_digits() -> Real:
    """The 1797 digits of UCI."""
    data = datasets.digits()
    images = 2 * data.inputs - 1
    gaps = distances(images[:, :SOME], images)
    np.fill_diagonal(gaps, np.inf)
    return Real(images, data.labels, float(np.median(gaps.min(axis=1))))


def charts(params: DigitsParams) -> dict[str, Chart]:
    """What is forged, what it is nearest to, which digits that makes, and how far the forged ones are from real ones."""
    return {
        "forged": _grid("Forged digits, each from noise of its own", "of the averaged forger; in the last row of a Gaussian"),
        "nearest": _grid("The real digit that is nearest to each", f"of the {real_digits().labels.size} that the owner is shown"),
        "gap": Lines(
            title="Nearer to real digits than a Gaussian gets",
            series={
                "now": Series("forger now", FORGED),
                "averaged": Series("averaged forger", PURPLE),
                "gaussian": Series("a fitted Gaussian", CYAN, "dash"),
            },
            levels={"from one real digit to the next": 1},
            x=Axis("step", (0, STEPS)),
            y=Axis("distance to the nearest real digit", (0.9, 3.2)),
        ),
        "kinds": Bars(
            title="All ten digits are forged",
            categories=range(KINDS),
            series={"forged": Series("forged, by the nearest real digit", FORGED), "real": Series("real", REAL)},
            x=Axis("digit"),
            y=Axis("share", (0, 0.5)),
        ),
    }


def _grid(title: str, what: str) -> ImageGrid:
    return ImageGrid(
        title=title,
        rows=ROWS + 1,
        columns=COLUMNS,
        image=(SIDE, SIDE),
        low=-1,
        x=Axis(what),
        y=Axis(f"{SIDE} × {SIDE} pixels"),
        height=400,
    )


def run(params: DigitsParams) -> Run:
    """16-2f-f-1 channels by transposed convolutions, against 1-f-2f-1 by convolutions; Adam, the non-saturating loss with R1."""
    rng, real, rate = streams(params.seed), real_digits(), params.learning_rate
    rules = Rules(NOISE, (2 * params.filters, params.filters), rate, rate, "r1", params.r1)
    forger = {"painter": painter, "sketcher": sketcher}[params.forger]
    game = Game(rules, real.images, rng.weights, rng.batches, (forger, inspector))
    look = _look(game, real, rng)
    for done, shown in PACE:
        if shown:
            yield look(done)
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: Real, rng: Streams) -> Callable[[int], Snapshot]:
    """A snapshot, as a function to be called at any step; the noise stays the same, so that each image has a path."""
    now, averaged = game.forgers(rng.noise.normal(size=(NOISE, SAMPLES)))
    compared = real.images[:, rng.data.permutation(real.labels.size)[:SAMPLES]]
    gaussian = rng.data.multivariate_normal(real.images.mean(axis=1), np.cov(real.images), SAMPLES).T
    below, (gap, nearest_below) = gaussian[:, :COLUMNS], real.nearest(gaussian)
    fixed = {"gaussian": energy_distance(gaussian, compared), "gaussian gap": gap}

    def look(done: int) -> Snapshot:
        better = averaged()[0]
        gap, nearest = real.nearest(better)
        shares = real.shares(nearest)
        gaps = {"now": real.nearest(now()[0])[0], "averaged": gap, "gaussian": fixed["gaussian gap"]}
        shown: dict[str, Any] = {
            "forged": _pictures(better[:, :SHOWN], below),
            "nearest": _pictures(*(real.images[:, those] for those in (nearest[:SHOWN], nearest_below[:COLUMNS]))),
            "kinds": {"forged": shares, "real": real.shares(slice(None))},
            "gap": gaps,
        }
        measured = {"energy": energy_distance(better, compared), "gap": gap, "kinds": float((shares >= FAIR).sum())}
        return Snapshot(done, shown, measured=measured | fixed | {"neighbours": two_sample_accuracy(better, compared)})

    return look


def _pictures(*parts: Array) -> Array:
    """Columns of pixels (64, n), some after others, as the chart takes them (n, 8, 8)."""
    return np.concatenate(parts, axis=1).T.reshape(-1, SIDE, SIDE)


def _as_measured(params: DigitsParams) -> bool:
    return params.filters == 16 and params.learning_rate == 0.002 and 0.1 <= params.r1 <= 1


GROUND = "16 filters, learning rate 0.002, R1 0.1 to 1, either forger"

demo = Demo(
    name="digits",
    title="Forged digits",
    params=DigitsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "Energy distance of the averaged forger’s digits from the real ones",
            "energy",
            at_most(0.15),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "Of the ten digits, those that hold a quarter of their fair share or more",
            "kinds",
            at_least(9),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "A forged digit’s distance to its nearest real one, over that from real one to real one",
            "gap",
            at_most(1.6),
            Ground(GROUND, _as_measured),
        ),
        Claim("The same for what a Gaussian fitted to the pixels makes", "gaussian gap", at_least(1.65)),
        Claim("Yet in energy distance the Gaussian’s are as near as", "gaussian", at_most(0.05)),
        Claim("Five nearest neighbours still tell forged from real with accuracy", "neighbours", at_least(0.65)),
    ),
    presets=(
        Preset("convolutional", {}),
        Preset("the forger a perceptron", {"forger": "sketcher"}),
        Preset("four filters", {"filters": 4}),
        Preset("no penalty", {"r1": 0.0}),
        Preset("overshooting each other", {"learning_rate": 0.01}),
    ),
    hint="Pick one image and drag the player: fog, a stroke, then a digit, and often another digit later on.",
)
