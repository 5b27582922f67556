"""Bars and stripes: nine pixels, so the likelihood is exact, and four ways to learn can be judged by what they are really for."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import BLUE, FORGED, GREEN, PURPLE, REAL, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams, switch
from app.topics.boltzmann_machine import guesses
from engine.datasets import bars_and_stripes
from engine.graph import Array
from engine.learners.boltzmann import RestrictedBoltzmannMachine, all_states, drawn

SIDE, PIXELS, PATTERNS, STATES = 3, 9, 14, 512
STEPS = 2000
PACE = Pace(STEPS, 101)
SPREAD, CHAINS, LAST_RATE = 0.1, 50, 0.01
OPTIMUM, UNIFORM = -float(np.log(PATTERNS)), -float(np.log(STATES))
INK = ((0.0, FORGED), (0.5, "#f4f1ec"), (1.0, REAL))
"""The pixels that are on: of a bar or stripe in the colour of the real, of anything else in that of the forged."""
COLOURS = {"cd1": VERMILION, "cdk": PURPLE, "pcd": BLUE, "exact": GREEN}


class StripesParams(Params):
    """How far one of the machines walks, and how all four learn."""

    cd_steps: int = slider(
        5, (1, 2, 3, 5, 10, 20), label="k of CD-k", unit="Gibbs steps", help="How far CD-k walks from the data.", minimum=1
    )
    learning_rate: float = slider(
        0.2,
        (0.03, 0.05, 0.1, 0.2, 0.3, 0.5),
        label="learning rate",
        help="The length of each step up the estimated gradient, at the start.",
        log=True,
        minimum=0.001,
        maximum=1,
    )
    decay: bool = switch(
        True, label="rate falls to 0.01", help="Off, the rate stays constant, and the persistent chains have trouble keeping up."
    )
    hidden_units: int = slider(
        16, (2, 4, 8, 16, 32), label="hidden units", help="On/off units that are not part of the data.", minimum=1
    )


def names(params: StripesParams) -> dict[str, str]:
    """The four ways to learn, in the order of the charts."""
    return {"cd1": "CD-1", "cdk": f"CD-{params.cd_steps} (k)", "pcd": "PCD", "exact": "exact gradient"}


def charts(params: StripesParams) -> dict[str, Chart]:
    """Draws from each machine, exact likelihood beside reconstruction error, and where the probability lies."""
    steps = Axis("step", (0, STEPS))
    series = {uid: Series(name, COLOURS[uid]) for uid, name in names(params).items()}
    return {
        "draws": ImageGrid(
            title="What each would draw: bars and stripes in blue, anything else in red",
            rows=len(series),
            columns=PATTERNS,
            image=(SIDE, SIDE),
            low=-1,
            colours=INK,
            row_names=tuple(names(params).values()),
            x=Axis("14 draws from the exact distribution"),
            y=Axis("machine"),
            wide=True,
            height=270,
        ),
        "likelihood": Lines(
            title="How likely the data are: the goal itself",
            series=series,
            levels={"best: −ln 14": OPTIMUM, "no idea: −ln 512": UNIFORM},
            x=steps,
            y=Axis("mean ln p(v), nats", (-7, -2.2) if params.decay else (-18, -2)),
            height=340,
        ),
        "reconstruction": Lines(
            title="How well they are reconstructed: not the goal",
            series=series,
            x=steps,
            y=Axis("squared error per pixel", (1e-6, 1), log=True),
            height=340,
        ),
        "mass": Lines(
            title="Probability that goes to the 14 patterns",
            series=series,
            x=steps,
            y=Axis("share of all probability", (0, 1)),
        ),
        "patterns": Bars(
            title="How evenly: each pattern should get 1/14",
            categories=tuple(range(1, PATTERNS + 1)),
            series={uid: series[uid] for uid in ("cd1", "pcd")},
            x=Axis("pattern"),
            y=Axis("probability", (0, 0.2 if params.decay else 1)),
        ),
    }


def run(params: StripesParams) -> Run:
    """Nine visible units, all 14 patterns at every step, four machines from the same weights, 2,000 steps."""
    rng, data = streams(params.seed), bars_and_stripes(SIDE)
    start = RestrictedBoltzmannMachine.start(rng.weights, PIXELS, params.hidden_units, SPREAD)
    cd1, cdk, pcd, exact = start.copy(), start.copy(), start.copy(), start
    walk1, walk_k, walk_on = rng.noise.spawn(3)
    chains = drawn(walk_on, np.full((PIXELS, CHAINS), 0.5))
    draws = np.sort(rng.data.random(PATTERNS))
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, {"cd1": cd1, "cdk": cdk, "pcd": pcd, "exact": exact}, data, draws)
        rate = params.learning_rate
        if params.decay:
            rate = rate * (1 - done / STEPS) + LAST_RATE
        cd1.contrastive_step(walk1, data, data, rate)
        cdk.contrastive_step(walk_k, data, data, rate, params.cd_steps)
        chains = pcd.contrastive_step(walk_on, data, chains, rate)
        exact_step(exact, data, rate)
    return None


def exact_step(machine: RestrictedBoltzmannMachine, data: Array, learning_rate: float) -> None:
    """One step up the gradient itself: what the machine does on its own is summed over all 512 states."""
    model = machine.expectations(all_pixels(), machine.probabilities())
    machine.learn(machine.expectations(data), model, learning_rate)


def _snapshot(done: int, machines: dict[str, RestrictedBoltzmannMachine], data: Array, draws: Array) -> Snapshot:
    """All exact: what 14 draws, always at the same shares of the way through all states, give of each machine."""
    shares = {uid: machine.probabilities() for uid, machine in machines.items()}
    likelihood = {uid: machine.log_likelihood(data) for uid, machine in machines.items()}
    error = {uid: float(np.square(machine.reconstruct(data) - data).mean()) for uid, machine in machines.items()}
    places = _places_of_patterns()
    shown: dict[str, Any] = {
        "likelihood": likelihood,
        "reconstruction": error,
        "draws": np.concatenate([_inked(share, draws) for share in shares.values()]),
        "mass": {uid: float(share[places].sum()) for uid, share in shares.items()},
        "patterns": {uid: shares[uid][places] for uid in ("cd1", "pcd")},
    }
    measured = {
        "pcd over cd1": likelihood["pcd"] - likelihood["cd1"],
        "cdk over cd1": likelihood["cdk"] - likelihood["cd1"],
        "exact over pcd": likelihood["exact"] - likelihood["pcd"],
        "worst error": max(error.values()),
        "pcd error": error["pcd"],
        "exact over cdk": likelihood["exact"] - likelihood["cdk"],
        "exact mass": shown["mass"]["exact"],
        "four likeliest": float(np.sort(shares["pcd"][places])[-4:].sum()),
    }
    return Snapshot(done, shown, measured=measured | likelihood)


def _inked(share: Array, draws: Array) -> Array:
    """Images (14, 3, 3) of the states at these places in [0, 1) of the summed probabilities; -1 for ink in a wrong image."""
    states = np.minimum(np.searchsorted(np.cumsum(share), draws, side="right"), STATES - 1)
    sign = np.where(np.isin(states, _places_of_patterns()), 1.0, -1.0)
    return (all_pixels()[:, states] * sign).T.reshape(-1, SIDE, SIDE)


@cache
def all_pixels() -> Array:
    """Every state of the nine pixels, (9, 512)."""
    return all_states(PIXELS)


@cache
def _places_of_patterns() -> Array:
    """Where the 14 patterns stand among all states."""
    return np.asarray(2 ** np.arange(PIXELS) @ bars_and_stripes(SIDE)).astype(int)


FALLING = Ground(learning_rate=0.2, decay=True, hidden_units=16)
CONSTANT = Ground(learning_rate=0.5, decay=False, hidden_units=16)

demo = Demo(
    name="stripes",
    title="Bars and stripes",
    params=StripesParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "After training with persistent chains, the data’s mean log-likelihood is this many nats above that after CD-1.",
            "pcd over cd1",
            at_least(0.25),
            FALLING,
        ),
        Claim("It stays this many nats below what the exact gradient reaches.", "exact over pcd", at_most(0.2), FALLING),
        Claim(
            "CD-k with five steps or more gains this many nats over CD-1.",
            "cdk over cd1",
            at_least(0.25),
            Ground(cd_steps=at_least(5), learning_rate=0.2, decay=True, hidden_units=16),
        ),
        Claim(
            "Yet all four machines reconstruct the patterns: the largest of their mean squared errors per pixel.",
            "worst error",
            at_most(0.001),
            FALLING,
        ),
        Claim(
            "At a rate that stays at 0.5 the chains lose touch: under PCD’s machine the data’s mean log-likelihood falls below"
            " that of a uniform guess, −ln 512.",
            "pcd",
            at_most(UNIFORM),
            CONSTANT,
        ),
        Claim(
            "That machine gives this share of all probability to four of the 14 patterns.",
            "four likeliest",
            at_least(0.9),
            CONSTANT,
        ),
        Claim("It reconstructs all 14 with this mean squared error per pixel.", "pcd error", at_most(0.001), CONSTANT),
        Claim("The exact gradient at the same rate reaches this mean log-likelihood in nats.", "exact", at_least(-3.0), CONSTANT),
    ),
    presets=(
        Preset("CD-1 against PCD", {}),
        Preset("walk 20 steps", {"cd_steps": 20}),
        Preset("chains left behind", {"learning_rate": 0.5, "decay": False}),
        Preset("two hidden units", {"hidden_units": 2}),
    ),
    guesses=guesses.STRIPES,
    hint="Watch the draws turn from red to blue. All four machines reconstruct well, but differ in what they think likely.",
)
