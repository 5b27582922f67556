"""Grid against random search with the same number of trials, many times over, on settings that have really been trained.

First 48 rates by 8 strengths of an L2 penalty are trained, eight rates at a time. Then every frame makes one search of each kind,
looks its trials up among them, and says who found the lower loss (Bergstra and Bengio, 2012).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Scatter, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, OCHRE, PURPLE, VERMILION
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, between, choice, slider, streams
from app.topics.hyperparameters import guesses
from app.topics.hyperparameters.trial import Trial, data
from engine.graph import Array

RATES = np.logspace(-5, 1, 48)
PENALTIES = np.logspace(-7, -4, 8)
COLOURS = (GREY, CYAN, BLUE, GREEN, OCHRE, VERMILION, PURPLE, GREY)
AT_ONCE, STEPS, MOMENTUM, UNITS = 8, 100, 0.9, 16
DRAWS = 180
LOWEST = 1e-3


class SearchParams(Params):
    """How many trials each search may make, and where the grid lies."""

    trials: int = slider(
        16,
        (4, 9, 16, 25),
        label="trials per search",
        help="The same for both. The grid has the square root of that many values along each axis.",
        minimum=4,
        maximum=25,
    )
    placed: Literal["anywhere", "centred"] = choice(
        "anywhere",
        {"anywhere": "shifted at random", "centred": "always centred"},
        label="the grid is",
        help="Before a search nobody knows where a good grid lies; centred, it is one fixed guess.",
    )


def charts(params: SearchParams) -> dict[str, Chart]:
    """What is searched, one search of each kind, who wins, and how good they are on average."""
    grid, random = Series("grid", BLUE, width=3), Series("random", VERMILION, width=3)
    side = root(params)
    exponents = {float(power): f"1e{power}" for power in range(-5, 2)}
    strengths = {float(place): _named(strength) for place, strength in enumerate(PENALTIES)}
    looks = zip(strengths.values(), COLOURS, ("solid",) * 7 + ("dot",), strict=True)
    lines = {name: Series(name, colour, dash, width=1.5) for name, colour, dash in looks}
    return {
        "map": Curves(
            title="What is searched: a line for each strength of the L2 penalty",
            at=RATES,
            series=lines,
            x=Axis("learning rate", (0.8e-5, 12), log=True),
            y=Axis("validation loss", (LOWEST, 10), log=True),
            wide=True,
            height=330,
        ),
        "trials": Scatter(
            title=f"One search of each: {side} rates against up to {side * side}",
            groups={"grid": grid, "random": random},
            x=Axis("learning rate", (-5.3, 1.3), ticks=exponents),
            y=Axis("L2 penalty", (-0.7, 7.7), ticks=strengths),
            size=9,
            height=400,
        ),
        "won": Lines(
            title="How often random search found the lower loss",
            series={"random": random},
            levels={"even": 0.5},
            x=Axis("searches made", (0, DRAWS)),
            y=Axis("share of searches won", (0, 1)),
            height=400,
        ),
        "best": Curves(
            title="The best loss after each number of trials, on average",
            at=np.arange(1, side * side + 1),
            series={"grid": grid, "random": random},
            x=Axis("trials", (1, side * side)),
            y=Axis("geometric mean of best loss", (LOWEST * 3, 1), log=True),
            wide=True,
        ),
    }


def _named(strength: float) -> str:
    return f"{strength:.0e}".replace("e-0", "e-")


def root(params: SearchParams) -> int:
    """The side of the largest square grid that the trials allow."""
    return int(np.sqrt(params.trials))


def run(params: SearchParams) -> Run:
    """384 networks 2-16-1 on the moons, then 180 pairs of searches among them."""
    moons, rng = data(params.seed), streams(params.seed).noise
    scores = np.full((len(PENALTIES), len(RATES)), np.nan)
    yield Snapshot(0, {"map": {}})
    for row, strength in enumerate(PENALTIES):
        for start in range(0, len(RATES), AT_ONCE):
            several = slice(start, start + AT_ONCE)
            trial = Trial(moons, RATES[several].tolist(), UNITS, momentum=MOMENTUM, seed=params.seed, l2=float(strength))
            trial.train(STEPS)
            scores[row, several] = trial.validation()
            curve = np.maximum(scores[row], LOWEST)
            yield Snapshot(row * len(RATES) + start + AT_ONCE, {"map": {_named(strength): curve}})
    found: list[tuple[Array, Array]] = []
    rates: list[int] = []
    for _ in range(DRAWS):
        grid, random = gridded(rng, root(params), params.placed == "centred"), scattered(rng, root(params) ** 2)
        found.append((_best(scores, grid), _best(scores, random)))
        rates.append(len(set(random[1].tolist())))
        yield _snapshot(len(found), {"grid": grid, "random": random}, np.array(found), rates)
    return None


def gridded(rng: np.random.Generator, side: int, centred: bool) -> Array:
    """Places (2, side * side) of a grid in the table, penalties then rates, as far apart as they go, in random order."""
    shift = np.full(2, 0.5) if centred else rng.random(2)
    penalty, rate = (
        ((np.arange(side) + by) * count / side).astype(int) for by, count in zip(shift, (len(PENALTIES), len(RATES)), strict=True)
    )
    places = np.stack([each.ravel() for each in np.meshgrid(penalty, rate)])
    return places[:, rng.permutation(side * side)]


def scattered(rng: np.random.Generator, trials: int) -> Array:
    """Places (2, trials), each drawn for itself."""
    return np.stack([rng.integers(0, count, trials) for count in (len(PENALTIES), len(RATES))])


def _best(scores: Array, places: Array) -> Array:
    """The lowest loss after each trial, (trials,)."""
    lowest: Array = np.minimum.accumulate(scores[places[0], places[1]])
    return lowest


def _snapshot(draws: int, places: dict[str, Array], found: Array, rates: list[int]) -> Snapshot:
    """`found`: the best losses after each trial, (draws, 2, trials); a tie counts half."""
    last = found[:, :, -1]
    won = float(np.mean((last[:, 1] < last[:, 0]) + 0.5 * (last[:, 1] == last[:, 0])))
    means = np.exp(np.log(np.maximum(found, 1e-6)).mean(axis=0))
    drawn: dict[str, Any] = {
        "trials": {name: np.stack([np.log10(RATES[at[1]]), at[0]]) for name, at in places.items()},
        "won": {"random": (draws, won)},
        "best": {"grid": np.maximum(means[0], LOWEST), "random": np.maximum(means[1], LOWEST)},
    }
    made = len(RATES) * len(PENALTIES) + draws
    measured = {"won": won, "rates": float(np.mean(rates)), "gain": float(means[0, -1] / means[1, -1])}
    return Snapshot(made, drawn, measured=measured)


WINS = Claim(
    "Random search finds the lower loss in this share of 180 pairs.",
    "won",
    at_least(0.55),
    Ground(trials=16, placed="anywhere"),
)
RATES_TRIED = Claim(
    "It tries this many different rates on average, where the grid tries four.", "rates", between(10, 16), Ground(trials=16)
)

demo = Demo(
    name="random-search",
    title="Grid against random",
    params=SearchParams,
    charts=charts,
    run=run,
    frames=1 + len(PENALTIES) * len(RATES) // AT_ONCE + DRAWS,
    claims=(WINS, RATES_TRIED),
    presets=(
        Preset("16 trials", {}),
        Preset("4 trials", {"trials": 4}),
        Preset("25 trials", {"trials": 25}),
        Preset("a grid that is always centred", {"placed": "centred"}),
    ),
    guesses=guesses.RANDOM,
    hint="First every setting is trained once. Then each frame is one search of each kind: watch the share that random wins.",
)
