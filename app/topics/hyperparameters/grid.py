"""A grid search, one trial a frame: 9 learning rates by 7 widths, each cell a network trained from the start."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Matrix, Series
from app.charts.colours import BLUE, GREEN, GREY, HEIGHT_SCALE, VERMILION
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, at_most, choice, slider, streams
from app.topics.hyperparameters import guesses
from app.topics.hyperparameters.trial import WORST, Moons, Trial, data

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
WIDTHS = (1, 2, 3, 4, 8, 16, 32)
LOOKS = 25
"""How often a trial is looked at while it trains."""


class GridParams(Params):
    """What every trial has in common; the two that are searched are on the axes."""

    steps: int = slider(
        100,
        (25, 50, 100, 200, 300),
        label="steps per trial",
        help="The budget of each of the 63 networks.",
        minimum=25,
        maximum=400,
    )
    momentum: float = slider(
        0.9, (0.0, 0.5, 0.9, 0.95), label="momentum", help="Of all trials. It shifts the best learning rate.", maximum=0.99
    )
    order: Literal["rows", "random"] = choice(
        "rows",
        {"rows": "row by row", "random": "in random order"},
        label="order of trials",
        help="The same 63 trials; a search that may be stopped early should not go row by row.",
    )


def charts(params: GridParams) -> dict[str, Chart]:
    """The map as it fills, the trial just made against the best, and the best so far."""
    cells = len(RATES) * len(WIDTHS)
    loss = Axis("validation loss", (1e-4, WORST), log=True)
    return {
        "map": Matrix(
            title="Validation loss after training; dark is good",
            rows=[f"{rate:g}" for rate in RATES],
            columns=[str(width) for width in WIDTHS],
            x=Axis("hidden units"),
            y=Axis("learning rate"),
            low=0.0,
            limit=0.7,
            colours=HEIGHT_SCALE,
            digits=3,
            wide=True,
            height=340,
        ),
        "trial": Curves(
            title="How the latest trial learned, beside the best",
            at=_looks(params),
            series={"latest": Series("latest trial", BLUE), "best": Series("best so far", GREEN, width=4)},
            x=Axis("step", (0, params.steps)),
            y=loss,
        ),
        "search": Lines(
            title="Each trial’s loss, and the best so far on both kinds of unseen points",
            series={
                "latest": Series("this trial, validation", GREY, width=1.5),
                "best": Series("best so far, validation", GREEN, width=4),
                "test": Series("the same network, 1000 fresh points", VERMILION, dash="dot"),
            },
            x=Axis("trials made", (0, cells)),
            y=Axis("mean cross-entropy", loss.range, log=True),
        ),
    }


def _looks(params: GridParams) -> list[int]:
    """The steps after which a trial is looked at."""
    return [int(step) for step in np.linspace(0, params.steps, LOOKS + 1).round()]


def order(params: GridParams) -> list[tuple[int, int]]:
    """The cells (rate, width) in the order of their trials."""
    cells = [(row, column) for row in range(len(RATES)) for column in range(len(WIDTHS))]
    if params.order == "rows":
        return cells
    return [cells[place] for place in streams(params.seed).noise.permutation(len(cells))]


def run(params: GridParams) -> Run:
    """63 networks on 200 moons, from the same seed of weights; the winner by validation loss is judged on 1000 more points."""
    moons, scores = data(params.seed), np.full((len(RATES), len(WIDTHS)), np.nan)
    best, best_curve, fresh = WORST + 1, np.array([]), (float("nan"), float("nan"))
    yield Snapshot(0, {"map": scores})
    for done, (row, column) in enumerate(order(params), start=1):
        trial, curve = tried(params, moons, RATES[row], WIDTHS[column])
        scores[row, column] = curve[-1]
        if curve[-1] < best:
            best, best_curve, fresh = float(curve[-1]), curve, trial.test()
        drawn = {
            "map": scores.copy(),
            "trial": {"latest": curve, "best": best_curve},
            "search": {"latest": float(curve[-1]), "best": best, "test": fresh[0]},
        }
        yield Snapshot(done, drawn, measured=_measured(scores, best, *fresh))
    return None


def tried(params: GridParams, moons: Moons, rate: float, width: int) -> tuple[Trial, np.ndarray]:
    """One network trained, and its validation loss along the way, (looks,)."""
    trial, at = Trial(moons, [rate], width, momentum=params.momentum, seed=params.seed), _looks(params)
    curve = [float(trial.validation()[0])]
    for before, now in pairwise(at):
        trial.train(now - before)
        curve.append(float(trial.validation()[0]))
    return trial, np.array(curve)


def _measured(scores: np.ndarray, best: float, test_loss: float, test: float) -> dict[str, float]:
    """Lowest loss in all, in the row of the smallest rate and the column of width 1, as far as they have been tried."""
    seen = np.where(np.isnan(scores), np.inf, scores)
    by_rate, by_width = seen.min(axis=1), seen.min(axis=0)
    return {
        "best": best,
        "slowest": float(by_rate[0]),
        "narrowest": float(by_width[0]),
        "test": test,
        "test loss": test_loss,
        "flattered": test_loss / best,
    }


AS_MEASURED = Ground(steps=100, momentum=0.9)
BEST = Claim("The best of the 63 settings learns the moons: its validation loss.", "best", at_most(0.1), AS_MEASURED)
SLOW = Claim("No width makes up for a rate of 0.001: the lowest loss in its row.", "slowest", at_least(0.3), AS_MEASURED)
NARROW = Claim(
    "No rate makes up for a single hidden unit: the lowest loss in its column.", "narrowest", at_least(0.2), Ground(momentum=0.9)
)
FRESH = Claim(
    "Of 1000 points used neither to train nor to choose, the winner classifies this share correctly.",
    "test",
    at_least(0.97),
    AS_MEASURED,
)

demo = Demo(
    name="grid",
    title="A search, cell by cell",
    params=GridParams,
    charts=charts,
    run=run,
    frames=1 + len(RATES) * len(WIDTHS),
    claims=(BEST, SLOW, NARROW, FRESH),
    presets=(
        Preset("row by row", {}),
        Preset("in random order", {"order": "random"}),
        Preset("no momentum", {"momentum": 0.0}),
        Preset("a quarter of the steps", {"steps": 25}),
    ),
    guesses=guesses.GRID,
    hint="Each frame trains one network. Watch which rows and which column stay light, whatever the other setting is.",
)
