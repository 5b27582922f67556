"""Dead ReLU: hidden units that are off for every point, from the start or after large steps. Which functions find a way out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Lines
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
    Title,
    at_least,
    at_most,
    between,
    choice,
    exactly,
    slider,
    streams,
)
from app.topics.activation_functions import guesses
from app.topics.activation_functions.functions import labels_of, lines
from app.topics.activation_functions.two_moons import PLANE, data, field_chart, field_of
from engine import Graph, Guard, Session, losses, mlp, optimizers
from engine.metrics import accuracy, if_finite

NAMES = ("relu", "leaky_relu", "elu", "gelu", "silu", "linear")
"""Five that bend, and the straight line that they have to beat."""
STEPS = 400
PACE = Pace(STEPS, 121)
UNITS = 16


class DeadParams(Params):
    """Which function to look at, how deep in the off side the hidden units begin, and how far a step goes."""

    activation: Literal["relu", "leaky_relu", "elu", "gelu", "silu", "linear"] = choice(
        "elu", labels_of(NAMES), label="activation", help="All six train; this one is drawn thick, with its field."
    )
    hidden_bias: float = slider(
        -3.0,
        (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0),
        label="hidden bias at the start",
        help="At −3 no hidden unit gets above zero for any point. At 0 each does for about half of them.",
        minimum=-5,
    )
    learning_rate: float = slider(
        0.5,
        (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
        label="learning rate",
        help="Step length, the same for all; momentum is 0.9. A large step can throw a unit to where it is off for every point.",
        log=True,
        minimum=0.01,
        maximum=20,
    )


def charts(params: DeadParams) -> dict[str, Chart]:
    """Accuracy of all six, the field of the chosen one, and of the five that bend the units above zero and how far they moved."""
    steps, series = Axis("step", (0, STEPS)), lines(NAMES, params.activation)
    if params.activation != "relu":
        series["relu"] = replace(series["relu"], width=3)  # the one that the demo is about
    bent = {name: one for name, one in series.items() if name != "linear"}
    return {
        "accuracy": Lines(
            title=STAYS.at(params),
            series=series,
            further={"leaky_relu", "gelu", "silu"} - {params.activation},
            x=steps,
            y=Axis("share of points sorted right", (0, 1.02)),
        ),
        "field": field_chart("What the chosen network makes of the points", params.seed),
        "alive": Lines(
            title="Hidden units above zero for at least one point",
            series=bent,
            further={"gelu", "silu"} - {params.activation},
            x=steps,
            y=Axis("share of hidden units", (-0.02, 1.02)),
        ),
        "moved": Lines(
            title="How far the weights moved",
            series=bent,
            further={"gelu", "silu"} - {params.activation},
            x=steps,
            y=Axis("distance from the start", (-0.6 * params.learning_rate, 50 * params.learning_rate)),  # it goes with the rate
        ),
    }


def run(params: DeadParams) -> Run:
    """2-16-2 on two moons, full-batch SGD with momentum .9; Xavier for all, so that all six start from the same weights.

    He's larger weights would lift a unit or two above zero at a bias of -3, and the layer would be only nearly dead.
    """
    points, weights = data(params.seed), [streams(params.seed).weights for _ in NAMES]
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", points.inputs.shape), graph.placeholder("targets", (2, points.size))
    networks = {
        name: mlp(graph, (2, UNITS, 2), rng, name, start="xavier", name=name, hidden_bias=params.hidden_bias)
        for name, rng in zip(NAMES, weights, strict=True)
    }
    inside = [network.apply(inputs) for network in networks.values()]
    costs = [losses.softmax_cross_entropy(each.outputs, targets) for each in inside]
    together = zip(costs, networks.values(), strict=True)
    updates = [optimizers.momentum(cost, params.learning_rate, network.variables) for cost, network in together]
    plane = networks[params.activation](graph.placeholder("plane", PLANE.points.shape))

    session = Session(graph)
    step = session.plan([costs[NAMES.index(params.activation)]], updates)
    look = session.plan([plane, *(each.outputs for each in inside), *(each.pre_activations[0] for each in inside)])
    feeds = {"inputs": points.inputs, "targets": points.one_hot}
    look.feed({"inputs": points.inputs, "plane": PLANE.points})
    guard, start = Guard(session, step), session.values.copy()
    for done, shown in PACE:
        if shown:
            look.step()
            yield _snapshot(done, look.outputs, points.labels, session.values - start)
        if broke := guard.step(**feeds):
            return Diverged(done, broke)
    return None


def _snapshot(step: int, seen: Sequence[np.ndarray], labels: np.ndarray, changes: np.ndarray) -> Snapshot:
    """`seen`: the field's logits, then all answers, then all hidden sums; `changes` of the weights, network by network."""
    plane, answers, sums = seen[0], seen[1 : len(NAMES) + 1], seen[len(NAMES) + 1 :]
    right = {name: accuracy(each, labels) for name, each in zip(NAMES, answers, strict=True)}
    alive = {name: if_finite((each.max(axis=1) > 0).mean(), each) for name, each in zip(NAMES, sums, strict=True)}
    lengths = np.linalg.norm(changes.reshape(len(NAMES), -1), axis=1).tolist()
    moved = dict(zip(NAMES, lengths, strict=True))
    bent = NAMES[:-1]
    story = {"alive": {name: alive[name] for name in bent}, "moved": {name: moved[name] for name in bent}}
    charts = {"accuracy": right, "field": field_of(plane), **story}
    measured = {**right, "relu moved": moved["relu"]} | {f"{name} alive": UNITS * share for name, share in alive.items()}
    measured |= {f"{name} lead": right[name] - right["linear"] for name in ("leaky_relu", "elu")}
    return Snapshot(step, charts, measured=measured)


DEAD = Ground(hidden_bias=at_most(-3.0))
FROM_THERE = Ground(hidden_bias=-3.0, learning_rate=0.5)
HALF_ON = Ground(hidden_bias=0.0, learning_rate=0.5)
LARGE_STEPS = Ground(hidden_bias=0.0, learning_rate=10.0)

FLAT = Claim("ReLU moves none of its weights in 400 steps: their distance from the start.", "relu moved", exactly(0), DEAD)
COIN = Claim("So ReLU does no better than a coin toss: its accuracy.", "relu", at_most(0.55), DEAD)
OUT = Claim("ELU, from the same weights, solves the task: its accuracy.", "elu", at_least(0.97), FROM_THERE)
STAYS = Title("ReLU stays where it is; ELU gets out", "Accuracy from this start", (FLAT, COIN, OUT))

demo = Demo(
    name="dead-relu",
    title="Dead ReLU",
    params=DeadParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        FLAT,
        COIN,
        OUT,
        Claim("ELU does better than the straight line: its lead in accuracy.", "elu lead", at_least(0.05), FROM_THERE),
        Claim(
            "Leaky ReLU lifts a few of its 16 hidden units above zero: their number at the end.",
            "leaky_relu alive",
            between(1, 6),
            FROM_THERE,
        ),
        Claim(
            "From a bias of 0 at a rate of 0.5 most ReLU units stay alive: how many of 16 end above zero for some point.",
            "relu alive",
            at_least(11),
            HALF_ON,
        ),
        Claim(
            "From a bias of 0 at a rate of 10, large steps kill ReLU units: how many of 16 end above zero for some point.",
            "relu alive",
            at_most(10),
            LARGE_STEPS,
        ),
    ),
    presets=(
        Preset("ELU climbs out", {}),
        Preset("dead ReLU", {"activation": "relu"}),
        Preset("leaky ReLU, with a few units", {"activation": "leaky_relu"}),
        Preset("ReLU, healthy", {"activation": "relu", "hidden_bias": 0.0}),
        Preset("large steps kill", {"activation": "relu", "hidden_bias": 0.0, "learning_rate": 10.0}),
    ),
    guesses=guesses.DEAD,
    hint="ReLU stays flat to the end. Raise the bias to 0, and it learns like the rest.",
)
