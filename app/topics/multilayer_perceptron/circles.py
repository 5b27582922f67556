"""A circle within a circle: no hidden layer, a hidden layer without a nonlinearity, and a hidden layer with one."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import GREEN, GREY, PURPLE
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
    slider,
    streams,
)
from app.topics.multilayer_perceptron.hidden_view import SIZE, HiddenView, hidden_chart
from engine import Graph, Guard, Mlp, Session, losses, mlp, optimizers
from engine.datasets import circles
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import sigmoid

POINTS = 300
STEPS = 600
PACE = Pace(STEPS, 101)
RATE = 0.05
REACH = (-1.5, 1.5)
PLANE = Plane(Axis("first input", REACH), Axis("second input", REACH), SIZE)
CIRCLES = ("outer circle", "inner circle")
NAMES = ("network", "linear", "line")


class CirclesParams(Params):
    """The width of the hidden layer, and how blurred the circles are."""

    hidden_units: int = slider(
        4, (1, 2, 3, 4, 6, 8), label="hidden units", help="Width of the hidden layer, with and without the nonlinearity."
    )
    noise: float = slider(
        0.08, (0.0, 0.04, 0.08, 0.12, 0.2, 0.3), label="noise", help="Spread of the points around the circles.", maximum=1
    )


def charts(params: CirclesParams) -> dict[str, Chart]:
    """Two maps, the hidden layer from inside, and the accuracies."""
    points = circles(streams(params.seed).data, POINTS, params.noise)

    def field(title: str) -> Field:
        return Field(
            title=title,
            points=points.inputs,
            labels=points.labels,
            class_names=CIRCLES,
            **PLANE.axes,
            size=PLANE.size,
            of="inner circle",
        )

    return {
        "network": field(CUT.at(params)),
        "linear": field("The same without tanh: one straight cut"),
        "hidden": hidden_chart("Where the tanh layer puts the points", CIRCLES),
        "accuracy": Lines(
            title=NO_MORE.at(params),
            series={
                "network": Series("hidden layer, tanh", GREEN),
                "linear": Series("hidden layer, no nonlinearity", PURPLE),
                "line": Series("no hidden layer", GREY, "dash"),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("share of the 300 points sorted right", (0.3, 1.02)),
        ),
    }


def run(params: CirclesParams) -> Run:
    """2-h-1 with and without tanh from the same weights, and logistic regression, by full-batch Adam at .05."""
    data = circles(streams(params.seed).data, POINTS, params.noise)
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", data.inputs.shape), graph.placeholder("targets", (1, POINTS))
    networks = _networks(graph, params)
    inside = {name: network.apply(inputs) for name, network in networks.items()}
    costs = {name: losses.sigmoid_cross_entropy(each.outputs, targets) for name, each in inside.items()}
    session, plane = Session(graph), graph.placeholder("plane", PLANE.points.shape)
    answers = [inside[name].outputs for name in NAMES]
    look = session.plan([*answers, inside["network"].activations[0], networks["network"](plane), networks["linear"](plane)])
    updates = [optimizers.adam(costs[name], RATE, networks[name].variables) for name in NAMES]
    step = session.plan([costs["network"]], updates)
    feeds = {"inputs": data.inputs, "targets": data.labels[None]}
    look.feed({**feeds, "plane": PLANE.points})
    step.feed(feeds)
    guard, view = Guard(session, step), HiddenView(CIRCLES, data.labels)
    for done, shown in PACE:
        if shown:
            look.step()
            *outputs, hidden, curved, straight = look.outputs
            right = {name: accuracy(each, data.labels) for name, each in zip(NAMES, outputs, strict=True)}
            drawn = {
                "network": PLANE.picture(sigmoid(curved)),
                "linear": PLANE.picture(sigmoid(straight)),
                "hidden": view.value(hidden, session.value(networks["network"].variables[-1])),
                "accuracy": right,
            }
            folded = collapsed(*(session.value(layer) for layer in networks["linear"].variables))
            apart = np.abs(folded[:, :2] @ data.inputs + folded[:, 2:] - outputs[1]).max()
            worth = abs(right["linear"] - right["line"])
            yield Snapshot(done, drawn, measured={**right, "apart": float(apart), "worth": worth})
        if broke := guard.step():
            return Diverged(done, broke)
    return None


def _networks(graph: Graph, params: CirclesParams) -> dict[str, Mlp]:
    """The first two from the same random numbers."""
    sizes = {"network": (2, params.hidden_units, 1), "linear": (2, params.hidden_units, 1), "line": (2, 1)}
    kinds = {"network": "tanh", "linear": "linear", "line": "linear"}
    return {name: mlp(graph, sizes[name], streams(params.seed).weights, kinds[name], "xavier", name=name) for name in NAMES}


def collapsed(first: Array, second: Array) -> Array:
    """Two linear layers, each (units, fan_in + 1) with the bias last, as the one layer that they are."""
    one = second[:, :-1] @ first
    one[:, -1] += second[:, -1]
    return one


CLOSES = Claim(
    "With four tanh units or more the cut closes around the inner circle. Share of the 300 points sorted right:",
    "network",
    at_least(0.98),
    Ground(hidden_units=at_least(4), noise=at_most(0.08)),
)
STAYS_OPEN = Claim(
    "With one or two tanh units it cannot close. Share sorted right:", "network", at_most(0.9), Ground(hidden_units=at_most(2))
)
LINE = Claim("With no hidden layer little more than half are sorted right, and half is chance:", "line", at_most(0.65))
WORTH = Claim(
    "A hidden layer without a nonlinearity is worth no more than none. Their accuracies differ by:",
    "worth",
    at_most(0.02),
)
FOLDED = Claim(
    "Its two layers folded into one give the same logits, up to rounding. Largest difference:",
    "apart",
    at_most(1e-5),
    by_construction=True,
)
CUT = Title("Hidden layer with tanh: the cut closes", "Hidden layer with tanh", (CLOSES,))
NO_MORE = Title("Without tanh, a hidden layer is worth no more than none", "Points sorted right", (WORTH,))

demo = Demo(
    name="circles",
    title="What the nonlinearity is for",
    params=CirclesParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(CLOSES, STAYS_OPEN, LINE, WORTH, FOLDED),
    presets=(
        Preset("four units", {}),
        Preset("two units: the cut cannot close", {"hidden_units": 2}),
        Preset("eight units, much noise", {"hidden_units": 8, "noise": 0.2}),
    ),
    hint="Compare the two maps: the networks start from the same weights, and only the first has a nonlinearity.",
)
