"""Dead ReLU: every hidden unit starts with a bias so low that it is off for every point. Which functions find the way out?"""

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
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from app.topics.activation_functions.common import PLANE, data, field_chart, field_of, labels_of, lines
from engine import Graph, Guard, Mlp, Session, losses, mlp, optimizers
from engine.metrics import accuracy, if_finite

NAMES = ("relu", "leaky_relu", "elu", "gelu", "silu")
STEPS = 400
PACE = Pace(STEPS, 121)
UNITS = 16


class DeadParams(Params):
    """Which function to look at, and how deep in the off side the hidden units begin."""

    activation: Literal["relu", "leaky_relu", "elu", "gelu", "silu"] = choice(
        "elu", labels_of(NAMES), label="activation", help="All five train; this one is drawn thick, with its field."
    )
    hidden_bias: float = slider(
        -3.0,
        (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0),
        label="hidden bias at the start",
        help="At −3 no hidden unit gets above zero for any point. At 0 each does for about half of them.",
        minimum=-5,
    )


def charts(params: DeadParams) -> dict[str, Chart]:
    """Accuracy, units above zero and distance from the start for all five, and the field of the chosen one."""
    steps, series, dead = Axis("step", (0, STEPS)), lines(NAMES, params.activation), _dead(params)
    if params.activation != "relu":
        series["relu"] = replace(series["relu"], width=3)  # the one that the demo is about
    return {
        "accuracy": Lines(
            title="ReLU stays where it is; its relatives get out" if dead else "Who learns from this start",
            series=series,
            x=steps,
            y=Axis("share of points sorted right", (0.3, 1.02)),
        ),
        "field": field_chart("What the chosen network makes of the points", params.seed),
        "alive": Lines(
            title="Hidden units above zero for at least one point",
            series=series,
            x=steps,
            y=Axis("share of hidden units", (-0.02, 1.02)),
        ),
        "moved": Lines(
            title="How far the weights moved: dead ReLU, nowhere" if dead else "How far the weights moved",
            series=series,
            x=steps,
            y=Axis("distance from the start", (-0.3, 25)),
        ),
    }


def run(params: DeadParams) -> Run:
    """2-16-2 on two moons, full-batch SGD at .5 with momentum .9; Xavier for all, so that all five start from the same weights.

    He's larger weights would lift a unit or two above zero at a bias of -3, and the layer would be only nearly dead.
    """
    points, chosen = data(params.seed), params.activation
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", points.inputs.shape), graph.placeholder("targets", (2, points.size))
    networks = {name: _network(graph, name, params) for name in NAMES}
    inside = {name: network.apply(inputs) for name, network in networks.items()}
    costs = {name: losses.softmax_cross_entropy(each.outputs, targets) for name, each in inside.items()}
    updates = [optimizers.momentum(costs[name], 0.5, networks[name].variables) for name in NAMES]
    plane = networks[chosen](graph.placeholder("plane", PLANE.points.shape))

    session = Session(graph)
    answers, sums = [each.outputs for each in inside.values()], [each.pre_activations[0] for each in inside.values()]
    look, step = session.plan([plane, *answers, *sums]), session.plan([costs[chosen]], updates)
    feeds = {"inputs": points.inputs, "targets": points.one_hot}
    look.feed({**feeds, "plane": PLANE.points})
    step.feed(feeds)
    guard, start = Guard(session, step), session.values.copy()
    for done, shown in PACE:
        if shown:
            look.step()
            yield _snapshot(done, look.outputs, points.labels, session.values - start)
        if broke := guard.step():
            return Diverged(done, broke)
    return None


def _network(graph: Graph, name: str, params: DeadParams) -> Mlp:
    """Every one from the same weights, only the function differs."""
    rng = streams(params.seed).weights
    return mlp(graph, (2, UNITS, 2), rng, name, start="xavier", name=name, hidden_bias=params.hidden_bias)


def _snapshot(step: int, seen: Sequence[np.ndarray], labels: np.ndarray, changes: np.ndarray) -> Snapshot:
    """`seen`: the field's logits, then all answers, then all hidden sums; `changes` of the weights, network by network."""
    plane, answers, sums = seen[0], seen[1 : len(NAMES) + 1], seen[len(NAMES) + 1 :]
    right = {name: accuracy(each, labels) for name, each in zip(NAMES, answers, strict=True)}
    alive = {name: if_finite((each.max(axis=1) > 0).mean(), each) for name, each in zip(NAMES, sums, strict=True)}
    lengths = np.linalg.norm(changes.reshape(len(NAMES), -1), axis=1).tolist()
    moved = dict(zip(NAMES, lengths, strict=True))
    charts = {"accuracy": right, "field": field_of(plane), "alive": alive, "moved": moved}
    return Snapshot(step, charts, measured={**right, "relu moved": moved["relu"], "relu alive": alive["relu"]})


def _dead(params: DeadParams) -> bool:
    return params.hidden_bias <= -3


def _as_measured(params: DeadParams) -> bool:
    return params.hidden_bias == -3


GROUND = "a hidden bias of −3"

demo = Demo(
    name="dead-relu",
    title="Dead ReLU",
    params=DeadParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "ReLU: how far all weights moved in 400 steps, exactly",
            "relu moved",
            at_most(0.0),
            Ground(f"{GROUND} or less", _dead),
        ),
        Claim("So ReLU’s accuracy is that of a coin", "relu", at_most(0.55), Ground(f"{GROUND} or less", _dead)),
        Claim("ELU, from the same weights, solves it", "elu", at_least(0.97), Ground(GROUND, _as_measured)),
        Claim("GELU finds a way out too", "gelu", at_least(0.85), Ground(GROUND, _as_measured)),
        Claim("Leaky ReLU walks out, with a few of its units", "leaky_relu", at_least(0.8), Ground(GROUND, _as_measured)),
    ),
    presets=(
        Preset("ELU climbs out", {}),
        Preset("dead ReLU", {"activation": "relu"}),
        Preset("leaky ReLU, with a few units", {"activation": "leaky_relu"}),
        Preset("ReLU dies on the way", {"activation": "relu", "hidden_bias": -1.0}),
        Preset("ReLU, healthy", {"activation": "relu", "hidden_bias": 0.0}),
    ),
    hint="ReLU lies flat to the end. Raise the bias to 0, and it learns like the rest.",
)
