"""The wine shop: a forger learns to make up wines that a shop owner cannot tell from real ones; the baseline is a Gaussian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import CYAN, FORGED, OCHRE, PURPLE, REAL
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
from app.topics.gan import guesses
from app.topics.gan.discriminators import Rules
from app.topics.gan.game import Game, generated_share, told_apart
from app.topics.gan.wines import DRAWN, as_near_as_real, wines
from engine.datasets import Standardizer
from engine.graph import Array
from engine.metrics import energy_distance, two_sample_accuracy
from engine.probabilities import softplus

NOISE = 8
STEPS = 1000
PACE = Pace(STEPS, 121)
PLANE = Plane(Axis("alcohol, % by volume", (10.5, 15.5)), Axis("flavanoids, as in the data", (-0.5, 5.5)))
FLOOR = 1e-3
"""The estimate of a distance that is zero falls below zero half the time; a log axis draws it here."""
OPINION = {"two": "owner says forged", "thirteen": "owner says forged, all else average"}
"""At a point of the plane; the eleven measurements that are not drawn are given their means there."""


class WineParams(Params):
    """What is forged, and how both sides learn."""

    features: Literal["two", "thirteen"] = choice(
        "two",
        {"two": "alcohol and flavanoids", "thirteen": "all thirteen"},
        label="measurements",
        help="Which of the thirteen chemical measurements of each wine are forged and judged. The plane always shows alcohol "
        "and flavanoids.",
    )
    learning_rate: float = slider(
        0.002,
        (0.0005, 0.001, 0.002, 0.005, 0.01),
        label="learning rate",
        help="Step length of both players. A high rate makes them overshoot each other.",
        log=True,
        minimum=1e-5,
        maximum=0.1,
    )
    r1: float = slider(
        0.5,
        (0.0, 0.1, 0.5, 2.0, 10.0),
        label="R1 penalty",
        help="What the owner pays for a steep opinion at real wines. The penalty calms the game: without it the border is steep.",
        maximum=100,
    )
    hidden_units: int = slider(
        32,
        (4, 8, 16, 32, 64),
        label="hidden units",
        help="Width of the two hidden layers of either network.",
        minimum=1,
    )


def charts(params: WineParams) -> dict[str, Chart]:
    """The shop, the owner's accuracy, both losses, and how far the forged wines are from the real ones."""
    real, scale = wines(params.features)
    steps = Axis("step", (0, STEPS))
    return {
        "shop": Field(
            title=AMONG.at(params),
            points=scale.undo(real)[DRAWN],
            labels=np.zeros(real.shape[1], int),
            class_names=("real wines",),
            moving={"forged": Series("forged wines", FORGED)},
            of=OPINION[params.features],
            **PLANE.axes,
            size=PLANE.size,
            height=380,
        ),
        "accuracy": Lines(
            title=GUESSING.at(params),
            series={
                "owner": Series("shop owner", REAL),
                "neighbours": Series("5 nearest neighbours, averaged forger", OCHRE),
                "baseline": Series("5 nearest neighbours, fitted Gaussian", CYAN, "dash"),
            },
            levels={"guessing": 0.5},
            x=steps,
            y=Axis("share told apart", (0.3, 1)),
            height=380,
        ),
        "losses": Lines(
            title="Both losses: each measures one player against the other",
            series={"owner": Series("shop owner, R1 included", REAL), "forger": Series("forger", FORGED)},
            levels={"owner who guesses: 2 ln 2": 2 * np.log(2), "forger who is not told: ln 2": np.log(2)},
            x=steps,
            y=Axis("loss", (0, 2.5)),
            height=360,
        ),
        "energy": Lines(
            title="How far forged wines are from real ones",
            series={
                "now": Series("forger now", FORGED),
                "averaged": Series("averaged forger", PURPLE),
                "gaussian": Series("a fitted Gaussian", CYAN, "dash"),
            },
            levels={"95 % of pairs of real samples are nearer": as_near_as_real(params.features)},
            x=steps,
            y=Axis(f"energy distance (drawn from {FLOOR:g} up)", (FLOOR, 3), log=True),
            height=360,
        ),
    }


def run(params: WineParams) -> Run:
    """8-h-h-d against d-h-h-1, leaky ReLU, Adam, the non-saturating loss with R1, and a moving average of the forger."""
    rng, (real, scale) = streams(params.seed), wines(params.features)
    rate, hidden = params.learning_rate, (params.hidden_units,) * 2
    game = Game(Rules(NOISE, hidden, rate, rate, "r1", params.r1), real, rng.weights, rng.batches)
    look, told, divergences = _look(game, real, scale, rng), list[float](), list[float]()
    for done, shown in PACE:
        if shown:
            drawn, measured = look()
            told += [drawn["accuracy"]["owner"]]
            divergences += [measured["divergence"]]
            late = len([moment for moment in PACE.moments if 0.9 * STEPS <= moment <= done])
            measured |= {"peak": max(told), "most divergence": max(divergences), "line": as_near_as_real(params.features)}
            measured |= {"end": float(np.mean(told[-late:])), "divergence": float(np.mean(divergences[-late:]))} if late else {}
            losses = {"losses": dict(zip(("owner", "forger"), game.losses, strict=True))} if done else {}
            yield Snapshot(done, drawn | losses, measured=measured)
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: Array, scale: Standardizer, rng: Streams) -> Callable[[], tuple[dict[str, Any], dict[str, float]]]:
    """What a snapshot draws and measures, to be called at any step; the noise stays the same, so that each wine has a path."""
    features, n = real.shape
    now, averaged = game.generators(rng.noise.normal(size=(NOISE, n)))
    gaussian = rng.data.multivariate_normal(real.mean(axis=1), np.cov(real), n).T
    baseline = {"gaussian": energy_distance(gaussian, real), "baseline": two_sample_accuracy(gaussian, real)}
    ask, ask_field = game.opinion("sample", n), game.opinion("point", PLANE.points.shape[1])
    plane = np.zeros((features, PLANE.points.shape[1]), np.float32)
    plane[DRAWN] = (PLANE.points - scale.centre[DRAWN]) / scale.spread[DRAWN]

    def look() -> tuple[dict[str, Any], dict[str, float]]:
        forged, better = now()[0], averaged()[0]
        says_real, says_forged = ask(real).copy(), ask(forged).copy()
        far = {"now": energy_distance(forged, real), "averaged": energy_distance(better, real), "gaussian": baseline["gaussian"]}
        apart = {"neighbours": two_sample_accuracy(better, real), "baseline": baseline["baseline"]}
        drawn = {
            "shop": {"field": PLANE.picture(generated_share(ask_field(plane))), "forged": scale.undo(forged)[DRAWN]},
            "accuracy": {"owner": told_apart(says_real, says_forged)} | apart,
            "energy": {name: max(value, FLOOR) for name, value in far.items()},
        }
        lead = {"forger over gaussian": far["averaged"] - far["gaussian"]}
        return drawn, far | apart | lead | {"divergence": _divergence(says_real, says_forged)}

    return look


def _divergence(says_real: Array, says_forged: Array) -> float:
    """The Jensen-Shannon divergence as far as the owner knows it, in nats: ln 2 less half its cross-entropy."""
    return float(np.log(2) - (softplus(-says_real).mean() + softplus(says_forged).mean()) / 2)


EITHER = Ground(learning_rate=0.002, r1=between(0.1, 10), hidden_units=32)
TWO = Ground(features="two", learning_rate=0.002, r1=between(0.1, 10), hidden_units=32)
THIRTEEN = Ground(features="thirteen", learning_rate=0.002, r1=between(0.1, 10), hidden_units=32)
PEAK = Claim("At its best the shop owner judges this share of real and forged wines correctly.", "peak", at_least(0.65), EITHER)
END = Claim("Over the last tenth of the run that share is close to one half.", "end", between(0.45, 0.58), TWO)
DIVERGENCE = Claim(
    "Its cross-entropy then puts the Jensen-Shannon divergence at this many nats, where ln 2 = 0.69 would be full certainty.",
    "divergence",
    at_most(0.02),
    TWO,
)
NEAR = Claim("The averaged forger’s wines end this far from the real ones, in energy distance.", "averaged", at_most(0.03), TWO)
NEIGHBOURS = Claim(
    "Five nearest neighbours judge this share of them and of the real ones correctly.", "neighbours", at_most(0.65), TWO
)
GAUSSIAN = Claim(
    "Wines drawn from a fitted Gaussian, without any game, are this far from the real ones.", "gaussian", at_most(0.03)
)
LEAD = Claim(
    "With all thirteen measurements the forger hardly beats the Gaussian, if at all: its energy distance less the Gaussian’s.",
    "forger over gaussian",
    at_least(-0.02),
    THIRTEEN,
)
AMONG = Title("Forged wines end among the real ones", "Real and forged wines", (NEAR, NEIGHBOURS))
GUESSING = Title(
    "The owner is good at first, and ends up guessing", "How often real and forged wines are told apart", (PEAK, END)
)

demo = Demo(
    name="wine",
    title="The wine shop",
    params=WineParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(PEAK, END, DIVERGENCE, NEAR, NEIGHBOURS, GAUSSIAN, LEAD),
    presets=(
        Preset("the shop", {}),
        Preset("all thirteen measurements", {"features": "thirteen"}),
        Preset("no penalty", {"r1": 0.0}),
        Preset("overshooting each other", {"learning_rate": 0.01}),
        Preset("four hidden units", {"hidden_units": 4}),
    ),
    guesses=guesses.WINE,
    hint="Drag the player slowly through the first hundred steps: forged wines move to wherever the owner’s opinion is blue.",
)
