"""Untangling: a network whose last hidden layer has two units, so that what it has made of the spirals can be seen."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import CLASSES, GREEN, GREY, OCHRE
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
    slider,
    streams,
)
from app.topics.what_is_deep_learning import guesses
from app.topics.what_is_deep_learning.spirals import ARMS, PLANE, REACH, data, field_chart, probe, second_arm
from engine import Graph, Guard, Session, losses, mlp, optimizers
from engine.metrics import accuracy

STEPS = 3000
RATE = 0.003
PACE = Pace(STEPS, 121)
UNITS = 24


class UntanglingParams(Params):
    """What stands between the plane and its picture."""

    hidden_layers: int = slider(2, (0, 1, 2, 3), label="layers before", help="Layers of 24 units before the two that are drawn.")
    turns: float = slider(
        2.0, (0.5, 1.0, 1.5, 2.0, 2.5), label="turns", help="How often the spirals wind around each other.", minimum=0.1
    )
    activation: Literal["tanh", "linear"] = choice(
        "tanh",
        {"tanh": "tanh", "linear": "none (linear)"},
        label="nonlinearity",
        help="Without one, all layers together turn and stretch the plane, but untangle nothing.",
    )


def charts(params: UntanglingParams) -> dict[str, Chart]:
    """The plane as it is, the plane as the last hidden layer has it, and what a straight cut can do in each."""
    _, test = data(params.seed, params.turns)
    hidden = hidden_plane(params)
    return {
        "inputs": field_chart("The inputs: the spirals as they are", test),
        "hidden": Field(
            title=(PULLED if params.activation == "tanh" else TANGLED).at(params),
            points=np.zeros((2, 0)),
            labels=np.zeros(0),
            class_names=(),
            moving={name: Series(name, colour) for name, colour in zip(ARMS, CLASSES, strict=False)},
            **hidden.axes,
            size=hidden.size,
            of="second arm",
            height=330,
        ),
        "accuracy": Lines(
            title=ENOUGH.at(params),
            series={
                "network": Series("the network", GREEN),
                "hidden": Series("best straight cut, last hidden layer", OCHRE),
                "inputs": Series("best straight cut, inputs", GREY, "dash"),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("share of new points sorted right", (0.4, 1.02)),
            wide=True,
        ),
    }


def hidden_plane(params: UntanglingParams) -> Plane:
    """Where the two hidden units go: tanh stays within one."""
    reach = REACH if params.activation == "tanh" else (-2.2, 2.2)
    return Plane(Axis("first hidden unit", reach), Axis("second hidden unit", reach))


def run(params: UntanglingParams) -> Run:
    """2-24-24-2-2 by full-batch Adam at .003, fresh points for all that is drawn and measured."""
    train, test = data(params.seed, params.turns)
    both, n = np.concatenate([train.inputs, test.inputs], axis=1), train.size
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", train.inputs.shape), graph.placeholder("targets", (2, n))
    sizes = (2, *[UNITS] * params.hidden_layers, 2, 2)
    network = mlp(graph, sizes, streams(params.seed).weights, params.activation, "xavier")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    seen, plane = network.apply(graph.placeholder("points", both.shape)), network(graph.placeholder("plane", PLANE.points.shape))

    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, RATE)])
    look = session.plan([plane, seen.outputs, seen.activations[-1]])
    look.feed({"points": both, "plane": PLANE.points})
    feeds = {"inputs": train.inputs, "targets": train.one_hot}
    step.feed(feeds)
    guard = Guard(session, step)
    grid = hidden_plane(params).points
    below = probe(train.inputs, train.labels, test.inputs, test.labels)
    for done, shown in PACE:
        if shown:
            look.step()
            logits, answers, hidden = look.outputs
            last = session.value(network.variables[-1])
            cut = last[:, :2] @ grid + last[:, 2:]
            clouds = {name: hidden[:, n:][:, test.labels == place] for place, name in enumerate(ARMS)}
            right = {
                "network": accuracy(answers[:, n:], test.labels),
                "hidden": probe(hidden[:, :n], train.labels, hidden[:, n:], test.labels),
                "inputs": below,
            }
            drawn = {"inputs": second_arm(logits), "hidden": {"field": second_arm(cut), **clouds}, "accuracy": right}
            yield Snapshot(done, drawn, measured=right)
        if broke := guard.step():
            return Diverged(done, broke)
    return None


AS_TRIED = Ground(activation="tanh", hidden_layers=2, turns=between(1.5, 2))
WOUND = Ground(turns=at_least(1.5))
NETWORK = Claim(
    "The network sorts at least nine of ten new points right through a layer of two units. Its accuracy:",
    "network",
    at_least(0.9),
    AS_TRIED,
)
HIDDEN = Claim("In that layer a straight cut is enough. The best one’s accuracy:", "hidden", at_least(0.9), AS_TRIED)
INPUTS = Claim("In the inputs it is not. The best one’s accuracy:", "inputs", at_most(0.75), WOUND)
LINEAR = Claim(
    "Without a nonlinearity the layers untangle nothing. The network’s accuracy:",
    "network",
    at_most(0.75),
    Ground(activation="linear", turns=at_least(1.5)),
)
ALONE = Claim(
    "The two units with nothing before them cannot do it. The network’s accuracy:",
    "network",
    at_most(0.75),
    Ground(hidden_layers=0, turns=at_least(2)),
)
DRAWN = "The same points in the last hidden layer"
PULLED = Title(f"{DRAWN}: pulled apart", DRAWN, (HIDDEN,))
TANGLED = Title(f"{DRAWN}: still tangled", DRAWN, (LINEAR,))
ENOUGH = Title("In the last layer a straight cut is enough", "The network, and the best straight cut", (HIDDEN, INPUTS))

demo = Demo(
    name="untangling",
    title="Untangling, seen from inside",
    params=UntanglingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(NETWORK, HIDDEN, INPUTS, LINEAR, ALONE),
    presets=(
        Preset("untangled", {}),
        Preset("no nonlinearity", {"activation": "linear"}),
        Preset("one layer before", {"hidden_layers": 1}),
        Preset("the two units alone", {"hidden_layers": 0}),
        Preset("half a turn", {"turns": 0.5}),
    ),
    guesses=guesses.UNTANGLING,
    hint="Watch the second chart: two units hold all that the last, straight cut gets to see.",
)
