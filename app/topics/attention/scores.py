"""The scores alone, with no training: how products of longer and longer random vectors spread, and what softmax makes of them."""

from __future__ import annotations

from math import sqrt

import numpy as np

from app.charts import Axis, Bars, Chart, Histogram, Lines, Series
from app.charts.colours import BLUE, VERMILION
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, Title, at_least, at_most, between, slider, streams
from engine import Array
from engine.probabilities import softmax

QUERIES, MOST = 200, 1024
WIDTHS = tuple(int(width) for width in np.unique(np.round(2 ** np.arange(0, 10.01, 0.5))))
PLAIN, SCALED = Series("q·k", VERMILION), Series("q·k / √d", BLUE, width=3)
BOTH = {"plain": PLAIN, "scaled": SCALED}
SURE = 0.99


class ScoresParams(Params):
    """How many keys there are, and how large the numbers of a vector are."""

    keys: int = slider(16, (2, 4, 8, 16, 32), label="keys", help="How many keys each query is compared with.")
    spread: float = slider(
        1.0, (0.5, 0.7, 1.0, 1.4), label="spread", help="The standard deviation of each number of a query or key.", maximum=2.0
    )


def charts(params: ScoresParams) -> dict[str, Chart]:
    """What softmax does by d, the weights of one query, and how the scores spread."""
    by_width = Axis("numbers a vector, d", (1, MOST), log=True)
    return {
        "sure": Lines(
            title=TITLE.at(params),
            series={
                **{name: Series(f"entropy, {one.name}", one.colour, width=one.width) for name, one in BOTH.items()},
                **{f"sure {name}": Series(f"weight above 0.99, {one.name}", one.colour, "dash") for name, one in BOTH.items()},
            },
            x=by_width,
            y=Axis("entropy over its largest, and share of queries", (0, 1.02)),
        ),
        "weights": Bars(
            title="The weights that one query gives",
            categories=list(range(1, params.keys + 1)),
            series=BOTH,
            x=Axis("key"),
            y=Axis("attention weight", (0, 1)),
        ),
        "scores": Histogram(
            title="All scores",
            series=BOTH,
            x=Axis("score", (-40, 40)),
        ),
        "slope": Lines(
            title="How much the weights still respond to the scores",
            series={name: Series(f"median slope, {one.name}", one.colour, width=one.width) for name, one in BOTH.items()},
            x=by_width,
            y=Axis("norm of softmax’s Jacobian", (0, 0.4)),
        ),
    }


def slopes(weights: Array) -> Array:
    """The Frobenius norm of the Jacobian diag(p) - p p' of softmax at weights p (keys, n): (n,)."""
    squares, cubes = (weights**2).sum(axis=0), (weights**3).sum(axis=0)
    return np.asarray(np.sqrt(np.maximum(squares - 2 * cubes + squares**2, 0)))


def run(params: ScoresParams) -> Run:
    """200 random queries against random keys, longer from frame to frame: each product goes on where the shorter one ended."""
    rng = streams(params.seed).data
    plain, done = np.zeros((params.keys, QUERIES)), 0
    for width in WIDTHS:
        more = (width - done, QUERIES)
        queries, keys = (params.spread * rng.standard_normal(shape, np.float32) for shape in (more, (params.keys, *more)))
        plain, done = plain + (keys * queries).sum(axis=1), width
        yield _snapshot(width, {"plain": plain, "scaled": plain / sqrt(width)})
    return None


def _snapshot(width: int, scores: dict[str, Array]) -> Snapshot:
    weights = {name: softmax(each) for name, each in scores.items()}
    largest = {name: each.max(axis=0) for name, each in weights.items()}
    entropy = {name: _entropy(each) for name, each in weights.items()}
    sure = {f"sure {name}": float((each > SURE).mean()) for name, each in largest.items()}
    slope = {name: float(np.median(slopes(each))) for name, each in weights.items()}
    drawn = {
        "sure": {name: (width, value) for name, value in (entropy | sure).items()},
        "weights": {name: each[:, 0] for name, each in weights.items()},
        "scores": scores,
        "slope": {name: (width, value) for name, value in slope.items()},
    }
    at = {f"entropy {name}": value for name, value in entropy.items()} | sure | {f"slope {name}": v for name, v in slope.items()}
    told = at | {"spread over √d": float(scores["plain"].std()) / sqrt(width)}
    return Snapshot(width, drawn, measured={f"{what} at 64": value for what, value in told.items()} if width == 64 else {})


def _entropy(weights: Array) -> float:
    """The mean entropy of the queries' weights over that of equal ones."""
    return float(-(weights * np.log(np.maximum(weights, 1e-300))).sum(axis=0).mean() / np.log(len(weights)))


HOME = Ground(keys=16, spread=1)
GROWS = Claim(
    "At d = 64 the scores’ standard deviation is √64 times that of a single product: their standard deviation over √d.",
    "spread over √d at 64",
    between(0.85, 1.15),
    Ground(spread=1),
)
SHARP = Claim(
    "At d = 64 softmax of the plain scores has little entropy left: its share of the maximum.",
    "entropy plain at 64",
    at_most(0.25),
    HOME,
)
EVEN = Claim("Divided by √d, the scores leave most of it.", "entropy scaled at 64", between(0.75, 0.92), HOME)
CERTAIN = Claim(
    "With plain scores, this share of the queries puts more than 0.99 on one key.", "sure plain at 64", at_least(0.12), HOME
)
NONE = Claim("With divided scores, almost no query does: their share.", "sure scaled at 64", at_most(0.01), HOME)
TITLE = Title("Plain scores harden with d; divided by √d they do not", "Entropy of the weights, by d", (SHARP, EVEN))

demo = Demo(
    name="scores",
    title="The scores alone",
    params=ScoresParams,
    charts=charts,
    run=run,
    frames=len(WIDTHS),
    frame_seconds=0.3,
    claims=(GROWS, SHARP, EVEN, CERTAIN, NONE),
    presets=(
        Preset("sixteen keys", {}),
        Preset("two keys", {"keys": 2}),
        Preset("smaller numbers", {"spread": 0.5}),
    ),
    hint="Nothing is trained here: the vectors are random, and grow longer from frame to frame.",
)
