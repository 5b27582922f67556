"""Mode collapse: eight clouds on a ring to be forged, a forger that is content with some of them, and what makes it cover all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import FORGED, PURPLE, REAL
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
from app.topics.gan.game import Game, forged_share, told_apart
from app.topics.gan.judges import Cure, Rules
from engine.datasets import ring_of_gaussians
from engine.graph import Array
from engine.metrics import modes_covered

MODES, SPREAD = 8, 0.05
NOISE = 2
SAMPLES, SHOWN = 1000, 400
OWNER_RATE = 0.001
STEPS = 1500
PACE = Pace(STEPS, 121)
PLANE = Plane(Axis("x", (-3.0, 3.0)), Axis("y", (-3.0, 3.0)))
NEAR = 3 * SPREAD
"""A forged sample is a good one when it is this near to the middle of a cloud."""
FAIR = 1 / MODES / 4
"""A cloud is covered when at least a quarter of its fair share of the forged samples is good there."""
CURES = {
    "none": "none",
    "minibatch-std": "minibatch standard deviation",
    "r1": "R1 penalty 0.1",
    "label-smoothing": "label smoothing 0.9",
    "spectral-norm": "spectral norm, 3 owner steps",
    "wgan-gp": "Wasserstein, gradient penalty, 3 critic steps",
}
assert tuple(CURES) == get_args(Cure)


class RingParams(Params):
    """The remedy, and how hasty the forger is."""

    cure: Cure = choice("none", CURES, label="cure", help="What is changed about the owner to keep the forger from favourites.")
    forger_speed: float = slider(
        5.0,
        (1.0, 2.0, 3.0, 5.0, 8.0),
        label="forger’s speed",
        unit="× owner’s rate",
        help="The forger’s learning rate as a multiple of the owner’s 0.001. A hasty forger runs to where the owner is blind.",
        log=True,
        minimum=0.1,
        maximum=20,
    )
    hidden_units: int = slider(
        64, (16, 32, 64), label="hidden units", help="Width of the two hidden layers of either network.", minimum=1
    )


def charts(params: RingParams) -> dict[str, Chart]:
    """The ring with the owner's opinion, clouds covered, good samples, and the owner's accuracy."""
    real, _ = ring_of_gaussians(streams(params.seed).data, SHOWN, MODES, SPREAD)
    steps = Axis("step", (0, STEPS))
    both = {"now": Series("forger now", FORGED), "averaged": Series("averaged forger", PURPLE)}
    return {
        "ring": Field(
            title="Eight clouds to forge: which are visited?",
            points=real,
            labels=np.zeros(SHOWN, int),
            class_names=("real",),
            moving={"forged": Series("forged now", FORGED)},
            of="owner says forged",
            **PLANE.axes,
            size=PLANE.size,
            height=380,
        ),
        "modes": Lines(
            title="Clouds covered, of eight",
            series=both,
            levels={"all of them": MODES},
            x=steps,
            y=Axis("clouds covered", (-0.3, MODES + 0.5)),
            height=380,
        ),
        "good": Lines(
            title="Forged samples that lie in a cloud at all",
            series=both,
            x=steps,
            y=Axis(f"share within {NEAR:g} of a middle", (0, 1)),
        ),
        "accuracy": Lines(
            title="The owner’s accuracy says little about either",
            series={"owner": Series("shop owner", REAL)},
            levels={"guessing": 0.5},
            x=steps,
            y=Axis("share told apart", (0, 1)),
        ),
    }


def run(params: RingParams) -> Run:
    """2-h-h-2 against 2-h-h-1, leaky ReLU, Adam, the non-saturating loss unless the cure has its own."""
    rng, hidden = streams(params.seed), (params.hidden_units,) * 2
    real, centres = ring_of_gaussians(rng.data, SAMPLES, MODES, SPREAD)
    rules = Rules(NOISE, hidden, OWNER_RATE, OWNER_RATE * params.forger_speed, params.cure)
    game = Game(rules, real, rng.weights, rng.batches)
    look, late = _look(game, real, centres, rng), list[int]()
    for done, shown in PACE:
        if shown:
            drawn = look()
            late += [drawn["modes"]["now"]] if done >= 0.9 * STEPS else []
            ends = {"late": float(np.mean(late))} if late else {}
            yield Snapshot(done, drawn, measured=ends | {name: drawn[name]["averaged"] for name in ("modes", "good")})
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: Array, centres: Array, rng: Streams) -> Callable[[], dict[str, Any]]:
    """What a snapshot shows, as a function to be called at any step; the noise stays the same, so that each sample has a path."""
    now, averaged = game.forgers(rng.noise.normal(size=(NOISE, SAMPLES)))
    judge, judge_field = game.opinion("sample", SAMPLES), game.opinion("point", PLANE.points.shape[1])

    def look() -> dict[str, Any]:
        forged, better = now()[0], averaged()[0]
        says_real, says_forged = judge(real), judge(forged)
        edge = float(says_real.mean() + says_forged.mean()) / 2 if game.rules.cure == "wgan-gp" else 0.0
        opinion = PLANE.picture(forged_share(judge_field(PLANE.points, among=forged), edge))
        (modes, good), (modes_averaged, good_averaged) = (modes_covered(each, centres, NEAR, FAIR) for each in (forged, better))
        return {
            "ring": {"field": opinion, "forged": forged[:, :SHOWN]},
            "modes": {"now": modes, "averaged": modes_averaged},
            "good": {"now": good, "averaged": good_averaged},
            "accuracy": {"owner": told_apart(says_real, says_forged, edge)},
        }

    return look


def _varied(params: RingParams) -> bool:
    return params.cure == "minibatch-std" and 1 <= params.forger_speed <= 5 and params.hidden_units == 64


VARIED = "minibatch standard deviation, forger’s speed 1 to 5, 64 hidden units"
BOUNDED = ("r1", "spectral-norm", "wgan-gp")

demo = Demo(
    name="ring",
    title="Mode collapse",
    params=RingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "Without a cure, the clouds that a hasty forger covers at one time, mean over the last tenth",
            "late",
            at_most(3),
            Ground(
                "no cure, forger’s speed 5 to 8, 64 hidden units",
                lambda params: params.cure == "none" and 5 <= params.forger_speed <= 8 and params.hidden_units == 64,
            ),
        ),
        Claim("With minibatch standard deviation the averaged forger covers", "modes", at_least(8), Ground(VARIED, _varied)),
        Claim("and of its samples this share lies in a cloud", "good", at_least(0.65), Ground(VARIED, _varied)),
        Claim(
            "Under R1, spectral norm or the Wasserstein critic the averaged forger covers",
            "modes",
            at_least(6),
            Ground(
                "one of these three cures, equal speed, 64 hidden units",
                lambda params: params.cure in BOUNDED and params.forger_speed == 1 and params.hidden_units == 64,
            ),
        ),
    ),
    presets=(
        Preset("collapse", {}),
        Preset("minibatch standard deviation", {"cure": "minibatch-std"}),
        Preset("no cure, equal speed", {"forger_speed": 1.0}),
        Preset("label smoothing", {"cure": "label-smoothing", "forger_speed": 1.0}),
        Preset("R1", {"cure": "r1", "forger_speed": 1.0}),
        Preset("spectral norm", {"cure": "spectral-norm", "forger_speed": 1.0}),
        Preset("Wasserstein critic", {"cure": "wgan-gp", "forger_speed": 1.0}),
    ),
    hint="Follow the forged points: shrunk to a blob, they run round the ring, away from the owner’s suspicion.",
)
