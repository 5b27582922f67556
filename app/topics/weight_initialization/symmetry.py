"""Symmetry: hidden units that begin alike stay alike, whatever the data; how little randomness it takes to tell them apart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Scatter, Series
from app.charts.colours import BLUE, GREEN, GREY, VERMILION
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
from engine import Graph, Session, losses, mlp, optimizers
from engine.datasets import Dataset, batches, moons
from engine.graph import Array
from engine.metrics import accuracy
from engine.networks.initializers import Initializer
from engine.probabilities import sigmoid

SAMPLES, UNITS, BATCH_SIZE, STEPS = 300, 8, 30, 2500
PACE = Pace(STEPS, 101)
LEARNING_RATE = 0.1
PLANE = Plane(Axis("x", (-2.0, 2.0)), Axis("y", (-1.4, 1.4)), 40)
FLOOR = 1e-9
"""Where an exact zero is drawn on the log axis."""
REACH = 20.0


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
    """How a network's weights begin, and what its units compute."""

    activation: str
    randomness: float
    common: float = 0.0


REFERENCES = {"tanh": Recipe("tanh", 0.0), "sigmoid": Recipe("sigmoid", 0.0), "random": Recipe("sigmoid", 1.0)}
SERIES = {
    "yours": Series("yours", GREEN, width=4),
    "tanh": Series("zeros, tanh", GREY),
    "sigmoid": Series("zeros, sigmoid", VERMILION),
    "random": Series("random, sigmoid", BLUE),
}


def charts(params: SymmetryParams) -> dict[str, Chart]:
    """Accuracy, how far apart the units are, where their weights lie, and what yours makes of the moons."""
    data = _data(params.seed)
    steps, weights = Axis("step", (0, STEPS)), (-REACH, REACH)
    return {
        "accuracy": Lines(
            title="Alike units do the work of one", series=SERIES, x=steps, y=Axis("moons sorted right", (0.4, 1.01)), height=310
        ),
        "spread": Lines(
            title="How far apart the eight units are",
            series=SERIES,
            x=steps,
            y=Axis("spread over units (0 drawn at 1e-9)", (FLOOR / 3, 100), log=True),
            height=310,
        ),
        "weights": Scatter(
            title="Eight units a network: how many dots?",
            groups={name: SERIES[name] for name in ("random", "tanh", "sigmoid", "yours")},
            x=Axis("weight of input x", weights),
            y=Axis("weight of input y", weights),
            size=9,
            height=310,
        ),
        "field": Field(
            title="What your network makes of it",
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


class Learner:
    """A network 2-8-1 with plans to train it and to look at it."""

    def __init__(self, recipe: Recipe, seed: int, data: Dataset) -> None:
        graph = Graph()
        inputs, targets = graph.placeholder("inputs", (2, BATCH_SIZE)), graph.placeholder("targets", (1, BATCH_SIZE))
        net = mlp(graph, (2, UNITS, 1), streams(seed).weights, recipe.activation, _start(recipe))
        loss = losses.sigmoid_cross_entropy(net(inputs), targets)
        update = optimizers.adam(loss, graph.constant(LEARNING_RATE))
        self._session, self._hidden, self._labels = Session(graph), net.variables[0], data.labels
        self._train = self._session.plan([loss], [update])
        points = np.concatenate([data.inputs, PLANE.points], axis=1)
        self._look = self._session.plan([net(graph.constant(points))])

    def step(self, feeds: dict[str, Array]) -> None:
        """One update."""
        self._train.step(**feeds)

    def look(self) -> tuple[float, Array, Array]:
        """Accuracy, the hidden units' weights (8, 3) with the bias last, and logits over the grid."""
        (logits,) = self._look()
        known = len(self._labels)
        return accuracy(logits[:, :known], self._labels), self._session.value(self._hidden), logits[0, known:]


def _start(recipe: Recipe) -> Initializer:
    return lambda rng, units, fan_in: recipe.common + recipe.randomness * rng.normal(size=(units, fan_in))


def run(params: SymmetryParams) -> Run:
    """Four networks on the same 300 moons in the same batches of 30, Adam at 0.1, 150 epochs."""
    rng, data = streams(params.seed), _data(params.seed)
    recipes = {"yours": Recipe(params.activation, params.randomness, params.common)} | REFERENCES
    order = batches(rng.batches, SAMPLES, BATCH_SIZE)
    learners = {name: Learner(recipe, params.seed, data) for name, recipe in recipes.items()}
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, {name: learner.look() for name, learner in learners.items()})
        batch = data.take(next(order))
        for learner in learners.values():
            learner.step({"inputs": batch.inputs, "targets": batch.labels[None]})
    return None


def _snapshot(done: int, seen: dict[str, tuple[float, Array, Array]]) -> Snapshot:
    accuracies = {name: share for name, (share, _, _) in seen.items()}
    spreads = {name: float(np.ptp(weights.astype(np.float64), axis=0).max()) for name, (_, weights, _) in seen.items()}
    drawn: dict[str, Any] = {
        "accuracy": accuracies,
        "spread": {name: max(spread, FLOOR) for name, spread in spreads.items()},
        "weights": {name: np.clip(weights[:, :2].T, -REACH, REACH) for name, (_, weights, _) in seen.items()},
        "field": PLANE.picture(sigmoid(seen["yours"][2])),
    }
    largest = float(np.abs(seen["tanh"][1]).max())
    measured = accuracies | {f"{name} spread": spread for name, spread in spreads.items()} | {"tanh weights": largest}
    return Snapshot(done, drawn, epoch=done * BATCH_SIZE / SAMPLES, measured=measured)


def _a_little(params: SymmetryParams) -> bool:
    return (params.randomness, params.common, params.activation) == (1e-6, 0, "sigmoid")


demo = Demo(
    name="symmetry",
    title="Zeros and symmetry",
    params=SymmetryParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Zeros, tanh: the largest hidden weight after 2500 steps", "tanh weights", at_most(0)),
        Claim("So it guesses: accuracy", "tanh", at_most(0.55)),
        Claim("Zeros, sigmoid: how far apart the eight units are after 2500 steps", "sigmoid spread", at_most(0)),
        Claim("So it learns what one unit can: accuracy", "sigmoid", between(0.75, 0.96)),
        Claim("Random weights use all eight units: accuracy", "random", at_least(0.98)),
        Claim(
            "A millionth of randomness is enough: accuracy",
            "yours",
            at_least(0.98),
            Ground("sigmoid, randomness 1e-6, no common start", _a_little),
        ),
    ),
    presets=(
        Preset("a millionth of randomness", {}),
        Preset("none: all alike", {"randomness": 0.0, "common": 0.5}),
        Preset("ReLU from zeros", {"randomness": 0.0, "activation": "relu"}),
        Preset("tanh, random", {"randomness": 1.0, "activation": "tanh"}),
    ),
)
