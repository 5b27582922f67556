"""Symmetry: hidden units that begin alike stay alike, whatever the data; how little randomness it takes to tell them apart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Scatter, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
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
    between,
    choice,
    exactly,
    slider,
    streams,
)
from app.topics.weight_initialization import guesses
from engine import Graph, Node, Plan, Session, losses, mlp, optimizers
from engine.datasets import Dataset, batches, moons
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import sigmoid

SAMPLES, UNITS, BATCH_SIZE, STEPS = 300, 8, 30, 2500
PACE = Pace(STEPS, 101)
LEARNING_RATE = 0.1
PLANE = Plane(Axis("x", (-2.0, 2.0)), Axis("y", (-1.4, 1.4)), 40)
FLOOR = 1e-9
"""Where an exact zero is drawn on the log axis."""
REACH = 20.0
"""The largest weight that is drawn, either way."""
SORTED = 0.95
"""The share of the moons above which a network is past what one unit can do."""


class SymmetryParams(Params):
    """How the visitor's eight units begin."""

    randomness: float = slider(
        1e-6,
        (0.0, 1e-6, 1e-4, 0.01, 0.1, 1.0),
        label="randomness",
        help="Standard deviation of what is added to the common start. Zero: all units alike.",
        maximum=10,
    )
    common: float = slider(
        0.0, (0.0, 0.1, 0.5, 1.0), label="common start", help="The value every weight shares before that.", minimum=-5, maximum=5
    )
    activation: Literal["tanh", "sigmoid", "relu"] = choice(
        "sigmoid",
        {"tanh": "tanh", "sigmoid": "sigmoid", "relu": "ReLU"},
        label="activation",
        help="Of your network’s hidden units.",
    )


class Recipe(NamedTuple):
    """How a network's weights begin, and what its units compute, and how many there are."""

    activation: str
    randomness: float
    common: float = 0.0
    units: int = UNITS


REFERENCES = {
    "tanh": Recipe("tanh", 0.0),
    "sigmoid": Recipe("sigmoid", 0.0),
    "random": Recipe("sigmoid", 1.0),
    "one": Recipe("sigmoid", 1.0, units=1),
}
SERIES = {
    "yours": Series("yours", GREEN, width=4),
    "tanh": Series("zeros, tanh", GREY),
    "sigmoid": Series("zeros, sigmoid", VERMILION),
    "random": Series("random, sigmoid", BLUE),
}
ALONE = {"one": Series("one unit, random, sigmoid", OCHRE, "dash")}


def charts(params: SymmetryParams) -> dict[str, Chart]:
    """Accuracy, how far apart the units are, where their weights lie, and what yours makes of the moons."""
    data = _data(params.seed)
    steps, weights = Axis("step", (0, STEPS)), (-REACH, REACH)
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series=SERIES | ALONE,
            further=["tanh", "random"],
            x=steps,
            y=Axis("share of the moons sorted right", (0.4, 1.01)),
            height=310,
        ),
        "spread": Lines(
            title="How far apart the weights of the eight units are",
            series=SERIES,
            further=["tanh"],
            x=steps,
            y=Axis("largest difference of a weight (0 drawn at 1e-9)", (FLOOR / 3, 100), log=True),
            height=310,
        ),
        "weights": Scatter(
            title="The weights of each network’s eight hidden units",
            groups={name: SERIES[name] for name in ("random", "tanh", "sigmoid", "yours")},
            x=Axis("weight of input x", weights),
            y=Axis("weight of input y", weights),
            size=9,
            height=310,
        ),
        "field": Field(
            title="What your network makes of the plane",
            points=data.inputs,
            labels=data.labels,
            class_names=data.class_names,
            **PLANE.axes,
            size=PLANE.size,
            height=310,
        ),
    }


def _data(seed: int) -> Dataset:
    return moons(streams(seed).data, SAMPLES)


class Learner(NamedTuple):
    """A network 2-8-1 that is ready to train: its step, and what is looked at."""

    train: Plan
    look: Plan
    session: Session
    hidden: Node
    """The hidden units' weights (8, 3), the bias last."""


def learner(recipe: Recipe, rng: np.random.Generator, points: Array) -> Learner:
    """The network with its plans; to be looked at on `points` (2, n)."""

    def start(rng: np.random.Generator, units: int, fan_in: int) -> Array:
        return recipe.common + recipe.randomness * rng.normal(size=(units, fan_in))

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, BATCH_SIZE)), graph.placeholder("targets", (1, BATCH_SIZE))
    network = mlp(graph, (2, recipe.units, 1), rng, recipe.activation, start)
    loss = losses.sigmoid_cross_entropy(network(inputs), targets)
    update = optimizers.adam(loss, graph.constant(LEARNING_RATE))
    session = Session(graph)
    return Learner(session.plan([loss], [update]), session.plan([network(graph.constant(points))]), session, network.variables[0])


def run(params: SymmetryParams) -> Run:
    """Five networks on the same 300 moons in the same batches of 30, Adam at 0.1, 250 epochs."""
    rng, data = streams(params.seed), _data(params.seed)
    points = np.concatenate([data.inputs, PLANE.points], axis=1)
    recipes = {"yours": Recipe(params.activation, params.randomness, params.common)} | REFERENCES
    learners = {name: learner(recipe, streams(params.seed).weights, points) for name, recipe in recipes.items()}
    order = batches(rng.batches, SAMPLES, BATCH_SIZE)
    below = 0
    for done, shown in PACE:
        if shown:
            logits = {name: each.look()[0] for name, each in learners.items()}
            shares = {name: accuracy(each[:, :SAMPLES], data.labels) for name, each in logits.items()}
            below = done if shares["yours"] < SORTED else below
            weights = {name: each.session.value(each.hidden) for name, each in learners.items()}
            yield _snapshot(done, shares, weights, logits["yours"][0, SAMPLES:], below)
        batch = data.take(next(order))
        for each in learners.values():
            each.train.step(inputs=batch.inputs, targets=batch.labels[None])
    return None


def _snapshot(done: int, shares: dict[str, float], weights: dict[str, Array], logits: Array, below: int) -> Snapshot:
    """What is drawn and measured; `below` is the last step at which the visitor's network sorted fewer moons than `SORTED`."""
    alike = {name: weights[name] for name in SERIES}
    spreads = {name: float(np.ptp(each.astype(np.float64), axis=0).max()) for name, each in alike.items()}
    drawn: dict[str, Any] = {
        "accuracy": shares,
        "spread": {name: max(spread, FLOOR) for name, spread in spreads.items()},
        "weights": {name: np.clip(each[:, :2].T, -REACH, REACH) for name, each in alike.items()},
        "field": PLANE.picture(sigmoid(logits)),
    }
    measured = shares | {f"{name} spread": spread for name, spread in spreads.items()}
    measured["tanh weights"] = float(np.abs(weights["tanh"]).max())
    measured["against one unit"] = shares["sigmoid"] - shares["one"]
    measured["below until"] = below
    return Snapshot(done, drawn, epoch=done * BATCH_SIZE / SAMPLES, measured=measured)


STUCK = Claim("Tanh from zeros: the largest hidden weight after 2500 steps.", "tanh weights", exactly(0), by_construction=True)
GUESSES = Claim(
    "Tanh from zeros answers the same for all moons: the share sorted right.", "tanh", exactly(0.5), by_construction=True
)
ALIKE = Claim(
    "Sigmoid from zeros: the largest difference between the weights of its eight units.",
    "sigmoid spread",
    exactly(0),
    by_construction=True,
)
ONE = Claim("Sigmoid from zeros sorts only part of the moons right: their share.", "sigmoid", between(0.8, 0.94))
CONTROL = Claim(
    "Sigmoid from zeros sorts as many as a single unit from random weights: the difference of their shares.",
    "against one unit",
    between(-0.03, 0.03),
)
RANDOM = Claim("Sigmoid from random weights uses all eight units: its share sorted right.", "random", at_least(0.98))
A_LITTLE = Claim(
    "A millionth of randomness is enough for your network: its share sorted right.",
    "yours",
    at_least(0.98),
    Ground(randomness=1e-6, common=0, activation="sigmoid"),
)
TITLE = Title(
    "Eight identical units do the work of one", "How many moons each network sorts right", (ALIKE, ONE, CONTROL, RANDOM)
)

demo = Demo(
    name="symmetry",
    title="Zeros and symmetry",
    params=SymmetryParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(RANDOM, ONE, CONTROL, A_LITTLE, STUCK, GUESSES, ALIKE),
    presets=(
        Preset("a millionth of randomness", {}),
        Preset("none: all alike", {"randomness": 0.0, "common": 0.5}),
        Preset("ReLU from zeros", {"randomness": 0.0, "activation": "relu"}),
        Preset("tanh, random", {"randomness": 1.0, "activation": "tanh"}),
    ),
    guesses=guesses.SYMMETRY,
    hint="Watch the dots at the bottom left, and the green line: it leaves the red one once your units have drifted apart.",
)
