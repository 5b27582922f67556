"""Mode collapse: eight clouds on a ring, a generator that is content with some of them, and what makes it cover all."""

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
    Title,
    at_least,
    at_most,
    between,
    choice,
    one_of,
    slider,
    streams,
)
from app.topics.gan import guesses
from app.topics.gan.discriminators import Cure, Rules
from app.topics.gan.game import Game, generated_share, told_apart
from engine.datasets import ring_of_gaussians
from engine.graph import Array
from engine.metrics import modes_covered

MODES, SPREAD = 8, 0.05
NOISE = 2
SAMPLES, SHOWN = 1000, 400
DISCRIMINATOR_RATE = 0.001
STEPS = 1500
PACE = Pace(STEPS, 121)
PLANE = Plane(Axis("x", (-3.0, 3.0)), Axis("y", (-3.0, 3.0)))
NEAR = 3 * SPREAD
"""A generated sample is a good one when it is this near to the middle of a cloud."""
FAIR = 1 / MODES / 4
"""A cloud is covered when at least a quarter of its fair share of the generated samples is good there."""
CURES = {
    "none": "none",
    "minibatch-std": "minibatch standard deviation",
    "r1": "R1 penalty 0.1",
    "label-smoothing": "label smoothing 0.9",
    "spectral-norm": "spectral norm, 3 discriminator steps",
    "wgan-gp": "Wasserstein, gradient penalty, 3 critic steps",
}
assert tuple(CURES) == get_args(Cure)


class RingParams(Params):
    """The remedy, and how fast the generator learns."""

    cure: Cure = choice(
        "none", CURES, label="cure", help="What is changed about the discriminator to keep the generator from playing favourites."
    )
    generator_speed: float = slider(
        5.0,
        (1.0, 2.0, 3.0, 5.0, 8.0),
        label="generator’s speed",
        unit="× discriminator’s rate",
        help="The generator’s learning rate as a multiple of the discriminator’s, which is 0.001.",
        log=True,
        minimum=0.1,
        maximum=20,
    )
    hidden_units: int = slider(
        64, (16, 32, 64), label="hidden units", help="Width of the two hidden layers of either network.", minimum=1
    )


def charts(params: RingParams) -> dict[str, Chart]:
    """The ring with the discriminator's opinion, clouds covered, good samples, and the discriminator's accuracy."""
    real, _ = ring_of_gaussians(streams(params.seed).data, SHOWN, MODES, SPREAD)
    steps = Axis("step", (0, STEPS))
    both = {"now": Series("generator now", FORGED), "averaged": Series("averaged generator", PURPLE)}
    return {
        "ring": Field(
            title="Eight clouds to generate, and where the samples are",
            points=real,
            labels=np.zeros(SHOWN, int),
            class_names=("real",),
            moving={"generated": Series("generated now", FORGED)},
            of="discriminator says generated",
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
            title="Share of generated samples that lie in a cloud",
            series=both,
            x=steps,
            y=Axis(f"share within {NEAR:g} of a middle", (0, 1)),
        ),
        "accuracy": Lines(
            title=SWINGING.at(params),
            series={"discriminator": Series("discriminator", REAL)},
            levels={"guessing": 0.5},
            x=steps,
            y=Axis("share told apart", (0, 1)),
        ),
    }


def run(params: RingParams) -> Run:
    """2-h-h-2 against 2-h-h-1, leaky ReLU, Adam, the non-saturating loss unless the cure has its own."""
    rng, hidden = streams(params.seed), (params.hidden_units,) * 2
    real, centres = ring_of_gaussians(rng.data, SAMPLES, MODES, SPREAD)
    rules = Rules(NOISE, hidden, DISCRIMINATOR_RATE, DISCRIMINATOR_RATE * params.generator_speed, params.cure)
    game = Game(rules, real, rng.weights, rng.batches)
    look, covered, told = _look(game, real, centres, rng), list[float](), list[float]()
    for done, shown in PACE:
        if shown:
            drawn = look()
            told += [drawn["accuracy"]["discriminator"]]
            covered += [drawn["modes"]["now"]] if done >= 0.9 * STEPS else []
            measured = {name: drawn[name]["averaged"] for name in ("modes", "good")}
            measured |= {"late": float(np.mean(covered))} if covered else {}
            yield Snapshot(done, drawn, measured=measured | {"swings": _swings(told)})
        if broke := game.step():
            return Diverged(done, broke)
    return None


def _look(game: Game, real: Array, centres: Array, rng: Streams) -> Callable[[], dict[str, Any]]:
    """What a snapshot shows, as a function to be called at any step; the noise stays the same, so that each sample has a path."""
    now, averaged = game.generators(rng.noise.normal(size=(NOISE, SAMPLES)))
    ask, ask_field = game.opinion("sample", SAMPLES), game.opinion("point", PLANE.points.shape[1])

    def look() -> dict[str, Any]:
        generated, better = now()[0], averaged()[0]
        says_real, says_generated = ask(real), ask(generated)
        edge = float(says_real.mean() + says_generated.mean()) / 2 if game.rules.cure == "wgan-gp" else 0.0
        opinion = PLANE.picture(generated_share(ask_field(PLANE.points, among=generated), edge))
        (modes, good), (modes_averaged, good_averaged) = (
            modes_covered(each, centres, NEAR, FAIR) for each in (generated, better)
        )
        return {
            "ring": {"field": opinion, "generated": generated[:, :SHOWN]},
            "modes": {"now": modes, "averaged": modes_averaged},
            "good": {"now": good, "averaged": good_averaged},
            "accuracy": {"discriminator": told_apart(says_real, says_generated, edge)},
        }

    return look


def _swings(accuracies: list[float]) -> float:
    """How often the accuracy went from one side of one half to the other."""
    sides = np.sign(np.array(accuracies) - 0.5)
    return float((np.diff(sides[sides != 0]) != 0).sum())


HASTY = Ground(cure="none", generator_speed=between(5, 8), hidden_units=64)
VARIED = Ground(cure="minibatch-std", generator_speed=between(1, 5), hidden_units=64)
BOUNDED = Ground(cure=one_of("r1", "spectral-norm", "wgan-gp"), generator_speed=1, hidden_units=64)
COLLAPSE = Claim(
    "Without a cure, a fast generator covers this many of the eight clouds at one time, mean of the last tenth of the run.",
    "late",
    at_most(2),
    HASTY,
)
SWINGS = Claim(
    "Meanwhile the discriminator’s accuracy crosses one half this many times.",
    "swings",
    at_least(30),
    HASTY,
)
SWINGING = Title(
    "Its accuracy crosses one half again and again, while hardly a cloud is covered",
    "How often real and generated samples are told apart",
    (COLLAPSE, SWINGS),
)

demo = Demo(
    name="ring",
    title="Mode collapse",
    params=RingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        COLLAPSE,
        SWINGS,
        Claim("With minibatch standard deviation the averaged generator covers this many clouds.", "modes", at_least(8), VARIED),
        Claim("This share of its samples lies in a cloud.", "good", at_least(0.7), VARIED),
        Claim(
            "With R1, spectral norm or the Wasserstein critic the averaged generator covers this many clouds.",
            "modes",
            at_least(7),
            BOUNDED,
        ),
    ),
    presets=(
        Preset("collapse", {}),
        Preset("minibatch standard deviation", {"cure": "minibatch-std"}),
        Preset("no cure, equal speed", {"generator_speed": 1.0}),
        Preset("label smoothing", {"cure": "label-smoothing", "generator_speed": 1.0}),
        Preset("R1", {"cure": "r1", "generator_speed": 1.0}),
        Preset("spectral norm", {"cure": "spectral-norm", "generator_speed": 1.0}),
        Preset("Wasserstein critic", {"cure": "wgan-gp", "generator_speed": 1.0}),
    ),
    guesses=guesses.RING,
    hint="Follow the generated points: as one blob they run round the ring, away from where the discriminator suspects them.",
)
