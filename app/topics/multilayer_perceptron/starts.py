"""Fifty starts: a network that can represent XOR need not find it. The share of random starts that do, by width."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Histogram, Lines, Series
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
    Title,
    at_least,
    at_most,
    between,
    choice,
    one_of,
    slider,
    streams,
)
from app.topics.multilayer_perceptron import guesses
from app.topics.multilayer_perceptron.points import CORNERS, TABLES
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
MEETING = 0.1
"""Two points nearer than that in the hidden plane, where tanh leaves room for 2, are as good as one."""
ONE_PAIR = 2 * np.log(2) / 4
"""The mean cross-entropy of four points when two cannot be told apart, each getting one half, and two are surely right."""


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
        help="Of the hidden units. Two units of any of these kinds can represent XOR.",
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
        "losses": Histogram(
            title=HEAPS.at(params),
            series={"two": Series("starts with two hidden units", VERMILION)},
            x=Axis("cross-entropy", (0, 1)),
            y=Axis("share of the fifty starts", (0, 1.02)),
        ),
        "progress": Lines(
            title=MORE_OFTEN.at(params),
            series=_lines(),
            further=["1", "3", "6"],
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
    plans = {width: _plans(params, width, rng) for width in WIDTHS}
    for done, shown in PACE:
        if shown:
            seen = {width: look() for width, (look, _) in plans.items()}
            right = {width: ((outputs[:, 0] > 0) == TARGETS).all(axis=1) for width, (_, outputs, _) in seen.items()}
            solved = {str(width): if_finite(each.mean(), seen[width][1]) for width, each in right.items()}
            values, _, hidden = seen[2]
            drawn = {"solved": list(solved.values()), "progress": solved, "losses": {"two": values}}
            yield Snapshot(done, drawn, measured={**solved, **_stuck(values[~right[2]], hidden[~right[2]])})
        for _, step in plans.values():
            step.step()
    return None


def _plans(params: StartsParams, width: int, rng: np.random.Generator) -> tuple[Plan, Plan]:
    """For looking (losses, outputs, hidden) and for training fifty networks of one width, each from weights of its own."""
    graph = Graph(sweep=STARTS)
    inputs, targets = graph.constant(CORNERS), graph.constant(TARGETS)
    network = mlp(graph, (2, width, 1), rng, params.activation)
    inside = network.apply(inputs)
    loss = losses.sigmoid_cross_entropy(inside.outputs, targets)
    session = Session(graph)
    for node, (units, fan_in) in zip(network.variables, ((width, 2), (1, width)), strict=True):
        session.assign(node, np.stack([_fresh(params, units, fan_in, rng) for _ in range(STARTS)]))
    look = session.plan([loss, inside.outputs, inside.activations[0]])
    return look, session.plan([loss], [optimizers.adam(loss, params.learning_rate)])


def _stuck(values: Array, hidden: Array) -> dict[str, float]:
    """Of unsolved starts, given their losses (n,) and hidden activations (n, 2, 4): the share in which a true and a false point
    have met in the hidden plane, and the share whose loss is that of one such pair, both at one half. NaN when n is 0.
    """
    labels = TARGETS[0].astype(bool)
    apart = hidden[:, :, labels][..., None] - hidden[:, :, ~labels][..., None, :]
    nearest = np.sqrt((apart**2).sum(axis=1)).min(axis=(1, 2))
    shares = {"met": nearest < MEETING, "one pair": np.abs(values - ONE_PAIR) < 0.02}
    return {name: float(each.mean()) if each.size else float("nan") for name, each in shares.items()}


def _fresh(params: StartsParams, units: int, fan_in: int, rng: np.random.Generator) -> Array:
    """A layer (units, fan_in + 1) as `engine.dense` would begin it, with biases of zero."""
    weights = initializer(suited_to(params.activation))(rng, units, fan_in)
    return np.concatenate([weights, np.zeros((units, 1))], axis=1)


AS_TRIED = Ground(activation="tanh", learning_rate=0.05)
ONE = Claim(
    "One hidden unit makes one straight cut, and never solves XOR. Share of starts:", "1", at_most(0), by_construction=True
)
TWO = Claim("Two can represent XOR, and about half of the starts find it. Their share:", "2", between(0.35, 0.75), AS_TRIED)
FOUR = Claim("With four, nearly all starts find it. Their share:", "4", at_least(0.88), AS_TRIED)
EIGHT = Claim("With eight, all starts find it, or all but one. Their share:", "8", at_least(0.98), AS_TRIED)
MET = Claim(
    "In each stuck start with two units, a true and a false point have met in the hidden plane. Share of stuck starts:",
    "met",
    at_least(0.98),
    Ground(learning_rate=0.05, activation=one_of("tanh", "relu", "sigmoid")),
)
PAIR = Claim(
    "Of these, nearly all are stuck with one such pair, at a loss of half of ln 2. Share within 0.02 of it:",
    "one pair",
    at_least(0.7),
    AS_TRIED,
)
HEAPS = Title("Two units: solved near 0, or stuck near 0.35", "The losses of the starts with two units", (TWO, PAIR))
MORE_OFTEN = Title("The wider the network, the more starts solve XOR", "Starts that have solved XOR", (TWO, FOUR, EIGHT))

demo = Demo(
    name="starts",
    title="Fifty starts",
    params=StartsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(ONE, TWO, FOUR, EIGHT, MET, PAIR),
    presets=(
        Preset("tanh", {}),
        Preset("ReLU", {"activation": "relu"}),
        Preset("leaky ReLU", {"activation": "leaky_relu"}),
        Preset("sigmoid", {"activation": "sigmoid"}),
    ),
    guesses=guesses.STARTS,
    hint="Watch the bar of two units stop halfway, and see in the histogram where the other starts end.",
)
