"""The wine shop: a forger learns to make up alcohol and flavanoids of wines that a shop owner cannot tell from real ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import CYAN, FORGED, GREY, OCHRE, PURPLE, REAL
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
    slider,
    streams,
)
from app.topics.gan.game import Game, forged_share, told_apart
from app.topics.gan.judges import Rules
from engine.datasets import Standardizer, wine
from engine.graph import Array
from engine.metrics import distances, energy_distance, two_sample_accuracy

NOISE = 8
STEPS = 1000
PACE = Pace(STEPS, 121)
PLANE = Plane(Axis("alcohol, % by volume", (10.5, 15.5)), Axis("flavanoids, as in the data", (-0.5, 5.5)))
FLOOR = 1e-3
"""The estimate of a distance that is zero falls below zero half the time; a log axis draws it here."""


class WineParams(Params):
    """How both sides learn."""

    learning_rate: float = slider(
        0.002,
        (0.0005, 0.001, 0.002, 0.005, 0.01),
        label="learning rate",
        help="Step length of both players. High makes them overshoot each other.",
        log=True,
        minimum=1e-5,
        maximum=0.1,
    )
    r1: float = slider(
        0.5,
        (0.0, 0.1, 0.5, 2.0, 10.0),
        label="R1 penalty",
        help="What the owner pays for a steep opinion at real wines. It calms the game: without it the border is steep.",
        maximum=100,
    )
    hidden_units: int = slider(
        32,
        (4, 8, 16, 32, 64),
        label="hidden units",
        help="Width of the two hidden layers of either network.",
        minimum=1,
    )


@cache
def wines() -> tuple[Array, Standardizer]:
    """The 178 wines (2, n), standardized, and the way back to their units."""
    raw = wine().features("alcohol", "flavanoids").inputs
    scale = Standardizer.fit(raw)
    return scale(raw), scale


def charts(params: WineParams) -> dict[str, Chart]:
    """The shop, the owner's accuracy, both losses, and how far the forged wines are from the real ones."""
    real, scale = wines()
    steps = Axis("step", (0, STEPS))
    return {
        "shop": Field(
            title="Forged wines end among the real ones",
            points=scale.undo(real),
            labels=np.zeros(real.shape[1], int),
            class_names=("real wines",),
            moving={"forged": Series("forged wines", FORGED)},
            of="owner says forged",
            **PLANE.axes,
            size=PLANE.size,
            height=380,
        ),
        "accuracy": Lines(
            title="The owner is good at first, and ends at guessing",
            series={"owner": Series("shop owner", REAL), "neighbours": Series("5 nearest neighbours, averaged forger", OCHRE)},
            levels={"guessing": 0.5},
            x=steps,
            y=Axis("share told apart", (0.3, 1)),
            height=380,
        ),
        "losses": Lines(
            title="Neither loss falls and stays down",
            series={"owner": Series("shop owner", REAL), "forger": Series("forger", FORGED)},
            levels={"owner who guesses: 2 ln 2": 2 * np.log(2), "forger who is not told: ln 2": np.log(2)},
            x=steps,
            y=Axis("loss", (0, 2.5)),
            height=360,
        ),
        "energy": Lines(
            title="Not in the losses: how far forged is from real",
            series={
                "now": Series("forger now", FORGED),
                "averaged": Series("averaged forger", PURPLE),
                "gaussian": Series("a fitted Gaussian", CYAN, "dash"),
                "halves": Series("95 % of halves of the real ones", GREY, "dot"),
            },
            x=steps,
            y=Axis(f"energy distance (drawn from {FLOOR:g} up)", (FLOOR, 2), log=True),
            height=360,
        ),
    }


def run(params: WineParams) -> Run:
    """8-h-h-2 against 2-h-h-1, leaky ReLU, Adam, the non-saturating loss with R1, and a moving average of the forger."""
    rng, (real, scale) = streams(params.seed), wines()
    rate, hidden = params.learning_rate, (params.hidden_units,) * 2
    game = Game(Rules(NOISE, hidden, rate, rate, "r1", params.r1), real, rng.weights, rng.batches)
    look = _look(game, real, scale, rng)
    peak, late = 0.0, list[float]()
    for done, shown in PACE:
        if shown:
            drawn = look()
            told = drawn["accuracy"]["owner"]
            peak, late = max(peak, told), late + ([told] if done >= 0.9 * STEPS else [])
            ends = {"end": float(np.mean(late))} if late else {}
            yield _snapshot(done, drawn, game, {"peak": peak} | ends)
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: Array, scale: Standardizer, rng: Streams) -> Callable[[], dict[str, Any]]:
    """What a snapshot shows, as a function to be called at any step; the noise stays the same, so that each wine has a path."""
    n = real.shape[1]
    now, averaged = game.forgers(rng.noise.normal(size=(NOISE, n)))
    gaussian = rng.data.multivariate_normal(real.mean(axis=1), np.cov(real), n).T
    fixed = {"gaussian": energy_distance(gaussian, real), "halves": _between_halves(real, rng.data)}
    judge, judge_field = game.opinion("sample", n), game.opinion("point", PLANE.points.shape[1])
    grid = scale(PLANE.points)

    def look() -> dict[str, Any]:
        forged, better = now()[0], averaged()[0]
        far = {"now": energy_distance(forged, real), "averaged": energy_distance(better, real)} | fixed
        opinion = PLANE.picture(forged_share(judge_field(grid)))
        told = told_apart(judge(real), judge(forged))
        return {
            "shop": {"field": opinion, "forged": scale.undo(forged)},
            "accuracy": {"owner": told, "neighbours": two_sample_accuracy(better, real)},
            "energy": far,
        }

    return look


def _snapshot(done: int, drawn: dict[str, Any], game: Game, measured: dict[str, float]) -> Snapshot:
    far = drawn["energy"]
    measured |= {"averaged": far["averaged"], "neighbours": drawn["accuracy"]["neighbours"], "gaussian": far["gaussian"]}
    above = {"energy": {name: max(value, FLOOR) for name, value in far.items()}}
    losses = {"losses": dict(zip(("owner", "forger"), game.losses, strict=True))} if done else {}
    return Snapshot(done, drawn | above | losses, measured=measured)


def _between_halves(real: Array, rng: np.random.Generator, splits: int = 40) -> float:
    """The energy distance that 95 of 100 random halves of the real wines stay below: as near as two sets of real wines are."""
    gaps, half = distances(real.astype(np.float64), real.astype(np.float64)), real.shape[1] // 2
    found = []
    for _ in range(splits):
        order = rng.permutation(real.shape[1])
        a, b = order[:half], order[half : 2 * half]
        within = (gaps[np.ix_(a, a)].sum() + gaps[np.ix_(b, b)].sum()) / (half * (half - 1))
        found.append(2 * gaps[np.ix_(a, b)].mean() - within)
    return float(np.quantile(found, 0.95))


def _as_measured(params: WineParams) -> bool:
    return params.learning_rate == 0.002 and 0.1 <= params.r1 <= 10 and params.hidden_units == 32


GROUND = "learning rate 0.002, R1 0.1 to 10, 32 hidden units"

demo = Demo(
    name="wine",
    title="The wine shop",
    params=WineParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("At its best the shop owner’s accuracy is", "peak", at_least(0.65), Ground(GROUND, _as_measured)),
        Claim("Over the last tenth it is close to guessing", "end", at_most(0.58), Ground(GROUND, _as_measured)),
        Claim(
            "Energy distance of the averaged forger’s wines from the real ones",
            "averaged",
            at_most(0.05),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "Five nearest neighbours tell forged from real with accuracy",
            "neighbours",
            at_most(0.7),
            Ground(GROUND, _as_measured),
        ),
        Claim("A Gaussian fitted to the wines, without any game, comes as near", "gaussian", at_most(0.05)),
    ),
    presets=(
        Preset("the shop", {}),
        Preset("no penalty", {"r1": 0.0}),
        Preset("overshooting each other", {"learning_rate": 0.01}),
        Preset("four hidden units", {"hidden_units": 4}),
    ),
    hint="Drag the player slowly through the first hundred steps: forged wines run for wherever the owner’s opinion is blue.",
)
