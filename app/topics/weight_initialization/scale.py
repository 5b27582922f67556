"""Scale: deep networks that differ in nothing but how large their first weights are, from the first pass to the last step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
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
    between,
    choice,
    slider,
    streams,
)
from engine import Graph, Guard, Session, gradients, losses, mlp, optimizers
from engine.datasets import Dataset, Standardizer, batches, digits
from engine.graph import Array
from engine.metrics import accuracy
from engine.networks.initializers import Initializer, he, normal, orthogonal, xavier

WIDTH, PIXELS, CLASSES = 64, 64, 10
TRAIN, BATCH_SIZE, STEPS = 500, 50, 80
PACE = Pace(STEPS, 61)


class ScaleParams(Params):
    """How the visitor's network begins, and how deep all of them are."""

    scale: float = slider(
        1.0,
        (0.0, 0.08, 0.3, 0.7, 1.0, 1.41, 2.0, 4.0, 8.0),
        label="scale of your weights",
        unit="1/√fan-in",
        help="Their standard deviation times the square root of the inputs. Xavier is 1 here, He 1.41.",
        maximum=100,
    )
    distribution: Literal["gaussian", "uniform", "orthogonal"] = choice(
        "orthogonal",
        {"gaussian": "Gaussian", "uniform": "uniform", "orthogonal": "orthogonal"},
        label="drawn from",
        help="Of your network. All three have the spread above.",
    )
    activation: Literal["tanh", "relu", "sigmoid", "gelu", "linear"] = choice(
        "tanh",
        {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid", "gelu": "GELU", "linear": "linear"},
        label="activation",
        help="Of your network. The scale has to suit it.",
    )
    depth: int = slider(10, (2, 5, 10, 20), label="depth", unit="hidden layers", help="Of all five networks, each layer 64 wide.")
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Of all five, without momentum.",
        log=True,
        minimum=1e-4,
        maximum=2,
    )


class Recipe(NamedTuple):
    """What a network is but for its depth."""

    activation: str
    start: Initializer


REFERENCES = {
    "small": Recipe("tanh", normal(0.01)),
    "xavier": Recipe("tanh", xavier),
    "relu_xavier": Recipe("relu", xavier),
    "he": Recipe("relu", he),
}
SERIES = {
    "yours": Series("yours", GREEN, width=4),
    "small": Series("tanh, std 0.01", GREY),
    "xavier": Series("tanh, Xavier", BLUE),
    "relu_xavier": Series("ReLU, Xavier", OCHRE),
    "he": Series("ReLU, He", VERMILION),
}


def charts(params: ScaleParams) -> dict[str, Chart]:
    """What goes forward, what comes back, and who learns."""
    layers = Axis("hidden layer", (0.5, params.depth + 0.5))
    at, low = np.arange(1, params.depth + 1), 10 ** (-1.1 * params.depth - 1.5)
    forward = Axis("std over units and samples", (low, 10), log=True)
    back = Axis("std of dL/dz, units and samples", (low * 1e-4, 1), log=True)
    title = "Who learns: digits read right"
    growing = Lines(
        title=title,
        series=SERIES,
        levels={"guessing": 0.1},
        x=Axis("step", (0, STEPS)),
        y=Axis("share of the training digits", (0, 1.02)),
        wide=True,
    )
    named: dict[str, Any] = {"at": at, "series": SERIES, "x": layers, "mode": "lines+markers"}
    return {
        "activations": Curves(title="Forward: does the signal keep its size?", y=forward, height=330, **named),
        "gradients": Curves(title="Backward: what reaches the first layers?", y=back, height=330, **named),
        "accuracy": growing,
    }


class Learner:
    """One deep network, its training plan and the plan that looks at how it does."""

    def __init__(self, recipe: Recipe, depth: int, rng: np.random.Generator, data: Dataset) -> None:
        graph = Graph()
        inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
        net = mlp(graph, (PIXELS, *[WIDTH] * depth, CLASSES), rng, recipe.activation, recipe.start)
        inside = net.apply(inputs)
        loss = losses.softmax_cross_entropy(inside.outputs, targets)
        slopes = gradients(loss, inside.pre_activations[:-1])
        update = optimizers.sgd(loss, graph.placeholder("learning_rate"))
        self._all = net(graph.placeholder("all", data.inputs.shape))
        self._session, self._depth, self._labels = Session(graph), depth, data.labels
        self._train = self._session.plan([loss, *inside.activations, *slopes], [update])
        self._look = self._session.plan([self._all])
        self._look.feed({"all": data.inputs})
        self._guard = Guard(self._session, self._train)
        self.broke: Diverged | None = None

    def accuracy(self) -> float:
        """The share of all training digits read right."""
        self._look.step()
        return accuracy(self._look.outputs[0], self._labels)

    def step(self, done: int, feeds: dict[str, Any]) -> None:
        """One update, unless the numbers have left the finite ones before."""
        if broke := self._guard.step(**feeds):
            self.broke = self.broke or Diverged(done, broke)

    def spreads(self) -> tuple[Array, Array]:
        """Standard deviations over units and samples of the activations and of dL/dz, each (depth,), before the last update."""
        values = self._train.outputs[1:]
        return _stds(values[: self._depth]), _stds(values[self._depth :])


def _stds(arrays: Sequence[Array]) -> Array:
    """In float64, so that the smallest have a square; an exact zero is a gap on a log axis."""
    stds = np.array([each.std(dtype=np.float64) for each in arrays])
    return np.where(stds > 0, stds, np.nan)


def scaled(scale: float, distribution: str) -> Initializer:
    """Weights of standard deviation scale / sqrt(fan_in), drawn as said. Orthogonal ones have that spread when square."""

    def start(rng: np.random.Generator, units: int, fan_in: int) -> Array:
        if distribution == "orthogonal":
            drawn = orthogonal(rng, units, fan_in)
        elif distribution == "uniform":
            drawn = rng.uniform(-1, 1, (units, fan_in)) * np.sqrt(3 / fan_in)
        else:
            drawn = rng.normal(size=(units, fan_in)) / np.sqrt(fan_in)
        return drawn * scale

    return start


def run(params: ScaleParams) -> Run:
    """Five networks 64-64-...-10 on 500 standardized digits, SGD on batches of 50, eight epochs; one that diverges drops out."""
    rng, learners = streams(params.seed), dict[str, Learner]()
    raw = digits().take(rng.data.permutation(digits().size)[:TRAIN])
    data = replace(raw, inputs=Standardizer.fit(raw.inputs)(raw.inputs))
    recipes = {"yours": Recipe(params.activation, scaled(params.scale, params.distribution))} | REFERENCES
    order = batches(rng.batches, TRAIN, BATCH_SIZE)
    best = dict.fromkeys(recipes, 0.0)
    for done, shown in PACE:
        batch = data.take(next(order))
        feeds = {"inputs": batch.inputs, "targets": batch.one_hot, "learning_rate": params.learning_rate}
        accuracies: dict[str, float] = {}
        for name, recipe in recipes.items():
            if done == 0:
                learners[name] = Learner(recipe, params.depth, streams(params.seed).weights, data)
            if shown:
                accuracies[name] = learners[name].accuracy()
                best[name] = max(best[name], accuracies[name])
            learners[name].step(done, feeds)
            if done == 0:
                yield _snapshot(0, {name: learners[name]}, accuracies, best)
        if done and shown:
            yield _snapshot(done, {name: each for name, each in learners.items() if each.broke is None}, accuracies, best)
    return learners["yours"].broke


def _snapshot(done: int, learners: dict[str, Learner], accuracies: dict[str, float], best: dict[str, float]) -> Snapshot:
    """What is drawn and measured; the ratio of last to first layer only before training, when it is the initializer's doing.

    Claims go by the best accuracy so far: a ReLU network at this rate dips for some steps at any time, also at the last.
    """
    spreads = {name: each.spreads() for name, each in learners.items()}
    alive = {name: accuracies[name] for name in learners}
    kept = {f"{name} kept": float(forward[-1] / forward[0]) for name, (forward, _) in spreads.items()} if done == 0 else {}
    drawn = {
        "activations": {name: forward for name, (forward, _) in spreads.items()},
        "gradients": {name: back for name, (_, back) in spreads.items()},
        "accuracy": alive,
    }
    return Snapshot(done, drawn, epoch=done * BATCH_SIZE / TRAIN, measured={name: best[name] for name in learners} | kept)


def _as_measured(params: ScaleParams) -> bool:
    return params.depth == 10 and params.learning_rate == 0.05


def _deep(params: ScaleParams) -> bool:
    return params.depth == 10


GROUND = "depth 10, rate 0.05"

demo = Demo(
    name="scale",
    title="Too small, too large, right",
    params=ScaleParams,
    charts=charts,
    run=run,
    frames=len(PACE) + len(REFERENCES),
    claims=(
        Claim(
            "tanh, std 0.01, before training: signal at layer 10 over layer 1",
            "small kept",
            at_most(1e-8),
            Ground("depth 10", _deep),
        ),
        Claim(
            "ReLU with Xavier’s weights loses most of it: the same ratio",
            "relu_xavier kept",
            at_most(0.1),
            Ground("depth 10", _deep),
        ),
        Claim("ReLU with He’s weights keeps it: the same ratio", "he kept", between(0.35, 2.0), Ground("depth 10", _deep)),
        Claim("tanh, std 0.01 never does better than guess: best accuracy", "small", at_most(0.25), Ground(GROUND, _as_measured)),
        Claim(
            "tanh with Xavier’s weights reads the digits: best accuracy", "xavier", at_least(0.9), Ground(GROUND, _as_measured)
        ),
        Claim("ReLU with Xavier’s weights lags: best accuracy", "relu_xavier", at_most(0.6), Ground(GROUND, _as_measured)),
        Claim("ReLU with He’s weights learns: best accuracy", "he", at_least(0.8), Ground(GROUND, _as_measured)),
    ),
    presets=(
        Preset("orthogonal", {}),
        Preset("zeros", {"scale": 0.0}),
        Preset("saturated", {"scale": 8.0, "distribution": "gaussian"}),
        Preset("sigmoid", {"activation": "sigmoid"}),
        Preset("ReLU, too large", {"scale": 4.0, "activation": "relu", "distribution": "gaussian"}),
        Preset("two layers forgive", {"depth": 2, "scale": 0.3}),
    ),
    hint="Begin at step 0, the state that you choose. If the grey line later bends up, that is its biases, alike for all digits.",
)
