"""Scale: deep networks that differ in nothing but how large their first weights are, from the first pass to the last step."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, PURPLE, VERMILION
from app.topic import (
    NOT_YET,
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
from app.topics.weight_initialization import guesses
from engine import Graph, Guard, Plan, Session, gradients, losses, mlp, optimizers
from engine.datasets import Dataset, Standardizer, batches, digits
from engine.graph import Array
from engine.metrics import accuracy
from engine.networks.initializers import Initializer, he, normal, orthogonal, xavier

WIDTH, PIXELS, CLASSES = 64, 64, 10
TRAIN, BATCH_SIZE = 500, 50
LATE = 0.75
"""From this share of the run on, accuracies are averaged: a single step may be a dip."""


class ScaleParams(Params):
    """How the visitor's network begins, and how deep all of them are."""

    scale: float = slider(
        1.0,
        (0.0, 0.08, 0.3, 0.7, 1.0, 1.41, 2.0, 4.0, 8.0),
        label="scale of your weights",
        unit="1/√fan-in",
        help="Their standard deviation times the square root of the number of inputs. Xavier is 1 here, He 1.41.",
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
    depth: int = slider(10, (2, 5, 10, 20), label="depth", unit="hidden layers", help="Of all six networks, each layer 64 wide.")
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Of all six, without momentum.",
        log=True,
        minimum=1e-4,
        maximum=2,
    )
    epochs: int = slider(8, (8, 20, 40, 80), label="epochs", help="How long all six train: ten steps per epoch.", minimum=1)


class Recipe(NamedTuple):
    """What a network is but for its depth."""

    activation: str
    start: Initializer


REFERENCES = {
    "small": Recipe("tanh", normal(0.01)),
    "large": Recipe("tanh", normal(1.0)),
    "xavier": Recipe("tanh", xavier),
    "relu_xavier": Recipe("relu", xavier),
    "he": Recipe("relu", he),
}
SERIES = {
    "yours": Series("yours", GREEN, width=4),
    "small": Series("tanh, std 0.01", GREY),
    "large": Series("tanh, std 1", PURPLE),
    "xavier": Series("tanh, Xavier", BLUE),
    "relu_xavier": Series("ReLU, Xavier", OCHRE),
    "he": Series("ReLU, He", VERMILION),
}
FURTHER = ("large", "relu_xavier", "he")


def pace(params: ScaleParams) -> Pace:
    """Sixty-one frames, however long the networks train."""
    return Pace(params.epochs * (TRAIN // BATCH_SIZE), 61)


def charts(params: ScaleParams) -> dict[str, Chart]:
    """What goes forward, what comes back, and how well each network reads its digits."""
    depth = params.depth
    layers, low = Axis("hidden layer", (0.5, depth + 0.5)), 10 ** (-1.1 * depth - 1.5)
    forward = Axis("std over units and samples", (low, 10), log=True)
    back = Axis("std of dL/dz, units and samples", (low * 1e-4, 10 ** (0.5 * depth)), log=True)
    named: dict[str, Any] = {"at": np.arange(1, depth + 1), "series": SERIES, "x": layers, "mode": "lines+markers"}
    named["further"] = FURTHER
    return {
        "activations": Curves(title="Forward: the size of the signal at each layer", y=forward, height=330, **named),
        "gradients": Curves(title="Backward: the size of the gradient at each layer", y=back, height=330, **named),
        "accuracy": Lines(
            title=f"Training digits read right, over {params.epochs} epochs",
            series=SERIES,
            further=FURTHER,
            levels={"guessing": 0.1},
            x=Axis("step", (0, pace(params).steps)),
            y=Axis("share of the training digits", (0, 1.02)),
            wide=True,
        ),
    }


class Learner(NamedTuple):
    """A network that is ready to train: its step behind a guard, and the plan that reads all the digits."""

    train: Plan
    look: Plan
    guard: Guard

    def spreads(self) -> Array:
        """Standard deviations over units and samples of the activations and of dL/dz, (2, depth), before the last update.

        In float64, so that the smallest have a square; an exact zero is a gap on a log axis.
        """
        stds = np.array([each.std(dtype=np.float64) for each in self.train.outputs[1:]]).reshape(2, -1)
        return np.where(stds > 0, stds, np.nan)


def prepared(recipe: Recipe, depth: int, rng: np.random.Generator, data: Dataset) -> Generator[None, None, Learner]:
    """A network 64-64-...-10 with its plans, made in pieces."""
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
    network = mlp(graph, (PIXELS, *[WIDTH] * depth, CLASSES), rng, recipe.activation, recipe.start)
    inside = network.apply(inputs)
    loss = losses.softmax_cross_entropy(inside.outputs, targets)
    slopes = gradients(loss, inside.pre_activations[:-1])
    yield NOT_YET
    update = optimizers.sgd(loss, graph.placeholder("learning_rate"))
    session = Session(graph)
    train = yield from session.planning([loss, *inside.activations, *slopes], [update])
    look = yield from session.planning([network(graph.constant(data.inputs))])
    return Learner(train, look, Guard(session, train))


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
    """Six networks 64-64-...-10 on 500 standardized digits, SGD on batches of 50; one that diverges drops out."""
    rng = streams(params.seed)
    raw = digits().take(rng.data.permutation(digits().size)[:TRAIN])
    data = replace(raw, inputs=Standardizer.fit(raw.inputs)(raw.inputs))
    order = batches(rng.batches, TRAIN, BATCH_SIZE)
    recipes = {"yours": Recipe(params.activation, scaled(params.scale, params.distribution))} | REFERENCES
    learners = dict[str, Learner]()
    for name, recipe in recipes.items():
        learners[name] = yield from prepared(recipe, params.depth, streams(params.seed).weights, data)

    diverged, late = None, {name: list[float]() for name in learners}
    for done, shown in (steps := pace(params)):
        batch = data.take(next(order))
        feeds = {"inputs": batch.inputs, "targets": batch.one_hot, "learning_rate": params.learning_rate}
        shares = {name: accuracy(each.look()[0], data.labels) for name, each in learners.items()} if shown else {}
        for learner in learners.values():
            learner.guard.step(**feeds)
        if broke := learners["yours"].guard.broke:
            diverged = diverged or Diverged(done, broke)
        if shown:
            for name in late if done >= LATE * steps.steps else ():
                late[name].append(shares[name])
            yield _snapshot(done, {name: each for name, each in learners.items() if not each.guard.broke}, shares, late)
    return diverged


def _snapshot(done: int, learners: dict[str, Learner], shares: dict[str, float], late: dict[str, list[float]]) -> Snapshot:
    """What is drawn and measured; the ratios of layers only before training, when they are the initializer's doing."""
    spreads = {name: each.spreads() for name, each in learners.items()}
    measured = {name: float(np.mean(late[name])) for name in learners if late[name]}
    if done == 0:
        measured |= {f"{name} kept": float(forward[-1] / forward[0]) for name, (forward, _) in spreads.items()}
        measured |= {f"{name} returned": float(back[0] / back[-1]) for name, (_, back) in spreads.items()}
    drawn = {
        "activations": {name: forward for name, (forward, _) in spreads.items()},
        "gradients": {name: back for name, (_, back) in spreads.items()},
        "accuracy": {name: shares[name] for name in learners},
    }
    return Snapshot(done, drawn, epoch=done * BATCH_SIZE / TRAIN, measured=measured)


DEEP = Ground(depth=at_least(10))
BRIEF = Ground(depth=10, learning_rate=0.05, epochs=8)

demo = Demo(
    name="scale",
    title="Too small, too large, right",
    params=ScaleParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        Claim("Tanh, std 0.01, before training: the last layer’s signal over the first’s.", "small kept", at_most(1e-9), DEEP),
        Claim(
            "Tanh, std 1: the gradient explodes on its way back, the first layer’s over the last’s.",
            "large returned",
            at_least(100),
            DEEP,
        ),
        Claim("ReLU with Xavier’s weights: the last layer’s signal over the first’s.", "relu_xavier kept", at_most(0.1), DEEP),
        Claim(
            "ReLU with He’s weights keeps the signal’s size: the last layer’s over the first’s.",
            "he kept",
            between(0.35, 2.0),
            Ground(depth=10),
        ),
        Claim("Tanh, std 0.01, still guesses late in 8 epochs: the share of digits read right.", "small", at_most(0.15), BRIEF),
        Claim("Tanh, std 1, reads few digits by then: their share.", "large", at_most(0.3), BRIEF),
        Claim("Tanh with Xavier’s weights reads nearly all digits by then: their share.", "xavier", at_least(0.9), BRIEF),
        Claim("ReLU with Xavier’s weights lags behind: the share read right by then.", "relu_xavier", at_most(0.4), BRIEF),
        Claim("ReLU with He’s weights has learned most digits by then: their share.", "he", at_least(0.75), BRIEF),
        Claim(
            "Twenty layers of ReLU with Xavier’s weights do learn in 80 epochs: the share of digits read right.",
            "relu_xavier",
            at_least(0.3),
            Ground(depth=20, learning_rate=0.05, epochs=80),
        ),
    ),
    presets=(
        Preset("orthogonal", {}),
        Preset("zeros", {"scale": 0.0}),
        Preset("sigmoid", {"activation": "sigmoid"}),
        Preset("ReLU, too large", {"scale": 4.0, "activation": "relu", "distribution": "gaussian"}),
        Preset("two layers forgive", {"depth": 2, "scale": 0.3}),
        Preset("twenty layers, 80 epochs", {"depth": 20, "epochs": 80}),
    ),
    guesses=guesses.SCALE,
    hint="Go back to step 0 first: only there do you see the first weights. If the grey line later bends up in the left "
    "chart, that is due to its biases, which are the same for all digits.",
)
