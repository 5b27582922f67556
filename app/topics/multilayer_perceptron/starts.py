"""Fifty starts: a network that can represent XOR need not find it. The share of random starts that do, by width."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, OCHRE, PURPLE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.multilayer_perceptron.common import CORNERS, TABLES
from engine import Graph, Plan, Session, losses, mlp, optimizers
from engine.graph import Array
from engine.metrics import if_finite
from engine.networks.initializers import initializer, suited_to

WIDTHS = (1, 2, 3, 4, 6, 8)
COLOURS = (GREY, VERMILION, OCHRE, PURPLE, CYAN, GREEN)
STARTS = 50
STEPS = 300
PACE = Pace(STEPS, 101)
TARGETS = np.array([TABLES["xor"]])


class StartsParams(Params):
    """How all three hundred networks train."""

    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Step length of Adam, the same for all.",
        log=True,
        minimum=0.001,
        maximum=1,
    )
    activation: Literal["tanh", "relu", "leaky_relu", "sigmoid"] = choice(
        "tanh",
        {"tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "sigmoid": "sigmoid"},
        label="activation",
        help="Of the hidden units. Two of any of these can represent XOR.",
    )


def charts(params: StartsParams) -> dict[str, Chart]:
    """Solved by width now, and by step."""
    return {
        "solved": Bars(
            title=f"Of {STARTS} random starts, those that have solved XOR",
            categories=WIDTHS,
            series={"solved": Series("solved", BLUE)},
            x=Axis("hidden units"),
            y=Axis("share of starts with all four points right", (0, 1.02)),
        ),
        "confidence": Lines(
            title="The average loss over the starts",
            series=_lines(),
            x=Axis("step", (0, STEPS)),
            y=Axis("mean cross-entropy", (0, 1)),
        ),
        "progress": Lines(
            title="Wider networks find it sooner, and more often",
            series=_lines(),
            x=Axis("step", (0, STEPS)),
            y=Axis("share of starts with all four points right", (-0.02, 1.02)),
            wide=True,
        ),
    }


def _lines() -> dict[str, Series]:
    names = [f"{width} hidden unit{'s' if width > 1 else ''}" for width in WIDTHS]
    return {str(width): Series(name, colour) for width, name, colour in zip(WIDTHS, names, COLOURS, strict=True)}


def run(params: StartsParams) -> Run:
    """2-h-1 on the four points of XOR by full-batch Adam; the fifty starts of a width are one plan with a leading axis."""
    rng = streams(params.seed).weights
    plans = [_plans(params, width, rng) for width in WIDTHS]
    for done, shown in PACE:
        if shown:
            seen = [look() for look, _ in plans]
            solved = [if_finite(((outputs[:, 0] > 0) == TARGETS).all(axis=1).mean(), outputs) for _, outputs in seen]
            mean_loss = [float(np.mean(values)) for values, _ in seen]
            names = [str(width) for width in WIDTHS]
            curves = {"progress": dict(zip(names, solved, strict=True)), "confidence": dict(zip(names, mean_loss, strict=True))}
            yield Snapshot(done, {"solved": solved, **curves}, measured=curves["progress"])
        for _, step in plans:
            step.step()
    return None


def _plans(params: StartsParams, width: int, rng: np.random.Generator) -> tuple[Plan, Plan]:
    """For looking (losses, outputs) and for training fifty networks of one width, each from weights of its own."""
    graph = Graph(sweep=STARTS)
    inputs, targets = graph.constant(CORNERS), graph.constant(TARGETS)
    network = mlp(graph, (2, width, 1), rng, params.activation)
    outputs = network(inputs)
    loss = losses.sigmoid_cross_entropy(outputs, targets)
    session = Session(graph)
    for node, (units, fan_in) in zip(network.variables, ((width, 2), (1, width)), strict=True):
        session.assign(node, np.stack([_fresh(params, units, fan_in, rng) for _ in range(STARTS)]))
    return session.plan([loss, outputs]), session.plan([loss], [optimizers.adam(loss, params.learning_rate)])


def _fresh(params: StartsParams, units: int, fan_in: int, rng: np.random.Generator) -> Array:
    """A layer (units, fan_in + 1) as `engine.dense` would begin it, with biases of zero."""
    weights = initializer(suited_to(params.activation))(rng, units, fan_in)
    return np.concatenate([weights, np.zeros((units, 1))], axis=1)


def _as_measured(params: StartsParams) -> bool:
    return params.learning_rate == 0.05 and params.activation == "tanh"


GROUND = "tanh, rate 0.05"

demo = Demo(
    name="starts",
    title="Fifty starts",
    params=StartsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("One hidden unit never solves XOR: share of starts", "1", at_most(0.0)),
        Claim(
            "Two can represent it, and training finds it about every other time",
            "2",
            between(0.3, 0.75),
            Ground(GROUND, _as_measured),
        ),
        Claim("Four find it nearly always", "4", at_least(0.9), Ground(GROUND, _as_measured)),
        Claim("Eight find it", "8", at_least(0.98), Ground(GROUND, _as_measured)),
    ),
    presets=(
        Preset("tanh", {}),
        Preset("ReLU: harder still", {"activation": "relu"}),
        Preset("leaky ReLU", {"activation": "leaky_relu"}),
        Preset("sigmoid", {"activation": "sigmoid"}),
    ),
)
