"""The image GAN: handwritten digits from a convolutional generator, each beside the real digit that it is nearest to."""

from __future__ import annotations

from collections.abc import Callable
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
    Title,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.gan.discriminators import Rules
from app.topics.gan.game import Game
from app.topics.gan.images import convolutional_discriminator, convolutional_generator, perceptron_generator
from app.topics.gan.real_digits import KINDS, SIDE, RealDigits, covered, real_digits
from engine.graph import Array
from engine.metrics import energy_distance, norm, two_sample_accuracy

NOISE = 16
STEPS = 600
PACE = Pace(STEPS, 81)
SAMPLES, ROWS, COLUMNS = 200, 5, 6
SHOWN = ROWS * COLUMNS
WALKS, PLACES = 3, 10
"""Ways from one noise to another, and places on each."""


class DigitsParams(Params):
    """Which generator, how large both players are and how they learn."""

    generator: Literal["convolutional", "perceptron"] = choice(
        "convolutional",
        {"convolutional": "transposed convolutions", "perceptron": "a perceptron"},
        label="generator",
        help="The network that turns noise into images; about as many weights either way.",
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
        help="What the discriminator pays for a steep opinion at real digits.",
        maximum=100,
    )


def charts(params: DigitsParams) -> dict[str, Chart]:
    """What is generated, what it is nearest to, how far from it, which digits that makes, and walks between two noises."""
    count = real_digits().labels.size
    return {
        "generated": _grid(
            "Generated digits, each from its own noise", "of the averaged generator; in the last row of a Gaussian"
        ),
        "nearest": _grid("The real digit that is nearest to each", f"of the {count} that the discriminator is shown"),
        "gap": Lines(
            title=NEARER.at(params),
            series={
                "now": Series("generator now", FORGED),
                "averaged": Series("averaged generator", PURPLE),
                "gaussian": Series("a fitted Gaussian", CYAN, "dash"),
            },
            levels={"from one real digit to the next": 1},
            x=Axis("step", (0, STEPS)),
            y=Axis("distance to the nearest real digit", (0.9, 3.2)),
        ),
        "kinds": Bars(
            title="Which digit the nearest real one is",
            categories=range(KINDS),
            series={"generated": Series("generated", FORGED), "real": Series("real", REAL)},
            x=Axis("digit"),
            y=Axis("share", (0, 0.5)),
        ),
        "walks": ImageGrid(
            title="From one noise to another, in equal steps",
            rows=WALKS,
            columns=PLACES,
            image=(SIDE, SIDE),
            low=-1,
            x=Axis("place on the way, averaged generator"),
            y=Axis("three ways"),
            wide=True,
            height=270,
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
    generator = {"convolutional": convolutional_generator, "perceptron": perceptron_generator}[params.generator]
    game = Game(rules, real.images, rng.weights, rng.batches, (generator, convolutional_discriminator))
    look = _look(game, real, rng)
    for done, shown in PACE:
        if shown:
            yield look(done)
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: RealDigits, rng: Streams) -> Callable[[int], Snapshot]:
    """A snapshot, as a function to be called at any step; the noise stays the same, so that each image has a path."""
    noise = np.concatenate([rng.noise.normal(size=(NOISE, SAMPLES)), _walks(rng.noise)], axis=1)
    now, averaged = game.generators(noise)
    compared = real.images[:, rng.data.permutation(real.labels.size)[:SAMPLES]]
    gaussian = real.gaussian(rng.data, SAMPLES)
    gaussian_gap, nearest_below = real.nearest(gaussian)
    baseline = {
        "gaussian": energy_distance(gaussian, compared),
        "gaussian gap": gaussian_gap,
        "gaussian neighbours": two_sample_accuracy(gaussian, compared),
    }

    def look(done: int) -> Snapshot:
        better, walks = np.split(averaged()[0], [SAMPLES], axis=1)
        gap, nearest = real.nearest(better)
        shares = real.shares(nearest)
        shown: dict[str, Any] = {
            "generated": _pictures(better[:, :SHOWN], gaussian[:, :COLUMNS]),
            "nearest": _pictures(*(real.images[:, those] for those in (nearest[:SHOWN], nearest_below[:COLUMNS]))),
            "kinds": {"generated": shares, "real": real.shares(slice(None))},
            "gap": {"now": real.nearest(now()[0][:, :SAMPLES])[0], "averaged": gap, "gaussian": gaussian_gap},
            "walks": _pictures(walks),
        }
        measured = {"energy": energy_distance(better, compared), "gap": gap, "kinds": covered(shares)}
        measured |= {"neighbours": two_sample_accuracy(better, compared), "widest": _widest(walks)}
        return Snapshot(done, shown, measured=measured | baseline | {"gap over gaussian": gap / gaussian_gap})

    return look


def _walks(rng: np.random.Generator) -> Array:
    """Noise (16, 30) on three ways from one noise to another, along a circle, so that each place is as likely as the ends."""
    ends = rng.normal(size=(2, NOISE, WALKS, 1))
    turn = np.linspace(0, np.pi / 2, PLACES)
    return np.asarray(np.cos(turn) * ends[0] + np.sin(turn) * ends[1]).reshape(NOISE, WALKS * PLACES)


def _widest(walks: Array) -> float:
    """The widest step of a way (64, 30) as a share of the distance between its ends, mean of the ways: 1 is a single jump."""
    ways = walks.reshape(-1, WALKS, PLACES)
    steps, ends = norm(np.diff(ways), axis=0)[0], norm(ways[..., -1] - ways[..., 0], axis=0)[0]
    return float(np.mean(steps.max(axis=1) / ends))


def _pictures(*parts: Array) -> Array:
    """Columns of pixels (64, n), some after others, as the chart takes them (n, 8, 8)."""
    return np.concatenate(parts, axis=1).T.reshape(-1, SIDE, SIDE)


MEASURED = Ground(filters=16, learning_rate=0.002, r1=between(0.1, 1))
ENERGY = Claim(
    "The averaged generator’s digits are this far from real ones, in energy distance.", "energy", at_most(0.15), MEASURED
)
KINDS_COVERED = Claim("This many of the ten digits have a quarter of their fair share or more.", "kinds", at_least(9), MEASURED)
GAP = Claim(
    "A generated digit is this far from its nearest real one, in units of the distance from a real one to its nearest neighbour.",
    "gap",
    at_most(1.6),
    MEASURED,
)
OVER_GAUSSIAN = Claim(
    "That is this share of the same distance for images from a fitted Gaussian.", "gap over gaussian", at_most(0.95), MEASURED
)
GAUSSIAN = Claim("Yet in energy distance the Gaussian’s images are this near to the real digits.", "gaussian", at_most(0.05))
NEIGHBOURS = Claim(
    "Five nearest neighbours still tell this share of generated and real digits apart.", "neighbours", at_least(0.65)
)
WIDEST = Claim(
    "On the way from one noise to another the widest of nine steps is this share of the distance between the ends.",
    "widest",
    at_most(0.6),
    MEASURED,
)
NEARER = Title("Nearer to real digits than a Gaussian gets", "Distance to the nearest real digit", (OVER_GAUSSIAN,))

demo = Demo(
    name="digits",
    title="Generated digits",
    params=DigitsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(ENERGY, KINDS_COVERED, GAP, OVER_GAUSSIAN, GAUSSIAN, NEIGHBOURS, WIDEST),
    presets=(
        Preset("convolutional", {}),
        Preset("the generator a perceptron", {"generator": "perceptron"}),
        Preset("four filters", {"filters": 4}),
        Preset("no penalty", {"r1": 0.0}),
        Preset("overshooting each other", {"learning_rate": 0.01}),
    ),
    hint="Pick one image and drag the player: fog turns into a stroke, then a digit, and often another digit later on.",
)
