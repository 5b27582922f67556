"""In training: a plain deep sigmoid network and one with a cure, from the same digits in the same batches; the cure is all."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines
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
    choice,
    one_of,
    slider,
    streams,
)
from app.topics.vanishing_gradients.recipes import (
    BATCH_SIZE,
    CLASSES,
    PIXELS,
    RECIPES,
    Recipe,
    line,
    network,
    norms,
)
from engine import Graph, Guard, Plan, Session, gradients, losses, optimizers
from engine.datasets import Dataset, batches, digits, split
from engine.graph import Array
from engine.metrics import accuracy

TRAIN = 1397
MOMENTUM = 0.5
CURES = ("sigmoid_norm", "sigmoid_residual", "tanh", "relu", "relu_norm", "relu_residual")


class TrainingParams(Params):
    """Which cure, and in what it has to work."""

    cure: Literal["sigmoid_norm", "sigmoid_residual", "tanh", "relu", "relu_norm", "relu_residual"] = choice(
        "sigmoid_norm",
        {name: RECIPES[name].name for name in CURES},
        label="cure",
        help="What the second network has and the plain sigmoid network does not.",
    )
    depth: int = slider(20, (2, 5, 10, 20), label="depth", unit="hidden layers", help="Of both networks, each layer 64 wide.")
    learning_rate: float = slider(
        0.05,
        (0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Of both networks; momentum is 0.5.",
        log=True,
        minimum=1e-4,
        maximum=2,
    )
    steps: int = slider(300, (300, 1000, 3000), label="steps", help="How long both train, on batches of 64.", minimum=10)


def pace(params: TrainingParams) -> Pace:
    """Eighty-one frames, however long the networks train."""
    return Pace(params.steps, 81)


def charts(params: TrainingParams) -> dict[str, Chart]:
    """Who learns, and what reaches each layer meanwhile."""
    series = {"plain": line("sigmoid"), "cured": line(params.cure, 3.5)}
    low = 10 ** (-0.68 * params.depth - 2)
    return {
        "accuracy": Lines(
            title="Unseen digits read right",
            series=series,
            levels={"guessing": 0.1},
            x=Axis("step", (0, params.steps)),
            y=Axis("share of unseen digits read right", (0, 1.02)),
        ),
        "ratio": Lines(
            title="First layer’s gradient over the last layer’s",
            series=series,
            x=Axis("step", (0, params.steps)),
            y=Axis("norm of dL/dz, first layer over last", (low, 1e3), log=True),
        ),
        "gradient": Curves(
            title="The gradient that reaches each layer, now",
            at=np.arange(1, params.depth + 1),
            series=series,
            mode="lines+markers",
            x=Axis("hidden layer", (0.5, params.depth + 0.5)),
            y=Axis("norm of dL/dz", (low, 10), log=True),
            wide=True,
            height=320,
        ),
    }


class Learner(NamedTuple):
    """A network that is ready to train: its step behind a guard, and the plan that reads the unseen digits."""

    train: Plan
    look: Plan
    guard: Guard

    def norms(self) -> Array:
        """The norm of dL/dz by hidden layer, (depth,), in the last step's batch, before its update."""
        return norms(self.train.outputs[1:])


def prepared(recipe: Recipe, depth: int, rng: np.random.Generator, test: Dataset) -> Generator[None, None, Learner]:
    """The network of a recipe with its plans, made in pieces."""
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
    deep = network(graph, recipe, depth, rng)
    inside = deep.apply(inputs)
    loss = losses.softmax_cross_entropy(inside.outputs, targets)
    slopes = gradients(loss, inside.pre_activations[:-1])
    yield NOT_YET
    update = optimizers.momentum(loss, graph.placeholder("learning_rate"), momentum=MOMENTUM)
    yield NOT_YET
    session = Session(graph)
    train = yield from session.planning([loss, *slopes], [update, *inside.assigns])
    look = yield from session.planning([deep(graph.constant(test.inputs))])
    return Learner(train, look, Guard(session, train))


def run(params: TrainingParams) -> Run:
    """Two networks 64-64-...-10 on the UCI digits, SGD with momentum .5, batch 64; one that diverges drops out."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAIN)
    order = batches(rng.batches, train.size, BATCH_SIZE)
    learners = dict[str, Learner]()
    for name, recipe in {"plain": RECIPES["sigmoid"], "cured": RECIPES[params.cure]}.items():
        learners[name] = yield from prepared(recipe, params.depth, streams(params.seed).weights, test)

    diverged = None
    for done, shown in pace(params):
        batch = train.take(next(order))
        feeds = {"inputs": batch.inputs, "targets": batch.one_hot, "learning_rate": params.learning_rate}
        shares = {name: accuracy(each.look()[0], test.labels) for name, each in learners.items()} if shown else {}
        for learner in learners.values():
            if broke := learner.guard.step(**feeds):
                diverged = diverged or Diverged(done, broke)
        if shown:
            yield _snapshot(done, {name: each for name, each in learners.items() if not each.guard.broke}, shares)
    return diverged


def _snapshot(done: int, learners: dict[str, Learner], shares: dict[str, float]) -> Snapshot:
    """What is drawn and measured of the networks that are still finite."""
    accuracies = {name: shares[name] for name in learners}
    sizes = {name: each.norms() for name, each in learners.items()}
    ratios = {name: float(each[0] / each[-1]) for name, each in sizes.items()}
    measured = {f"{name} ratio": ratio for name, ratio in ratios.items()}
    return Snapshot(done, {"accuracy": accuracies, "ratio": ratios, "gradient": sizes}, measured=accuracies | measured)


DEEP = {"depth": 20, "learning_rate": 0.05}

demo = Demo(
    name="training",
    title="In training",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        Claim(
            "The plain sigmoid network of 20 layers still guesses at the end: the share of unseen digits read right.",
            "plain",
            at_most(0.15),
            Ground(**DEEP, steps=at_most(1000)),
        ),
        Claim(
            "Its first layer’s gradient at the end, over its last layer’s.",
            "plain ratio",
            at_most(1e-9),
            Ground(**DEEP, steps=at_most(1000)),
        ),
        Claim(
            "With batch norm or residual links the same network learns: the share of unseen digits read right.",
            "cured",
            at_least(0.8),
            Ground(**DEEP, cure=one_of("sigmoid_norm", "sigmoid_residual"), steps=at_least(300)),
        ),
        Claim(
            "With two layers the plain network learns without a cure: the share of unseen digits read right.",
            "plain",
            at_least(0.6),
            Ground(depth=2, learning_rate=0.2, steps=at_least(300)),
        ),
    ),
    presets=(
        Preset("batch norm", {}),
        Preset("residual links", {"cure": "sigmoid_residual"}),
        Preset("tanh instead", {"cure": "tanh"}),
        Preset("ReLU, He", {"cure": "relu", "learning_rate": 0.02}),
        Preset("He and residual: explodes", {"cure": "relu_residual"}),
        Preset("two layers", {"depth": 2, "learning_rate": 0.2}),
    ),
    hint="Same digits, same batches: watch which line leaves the bottom, and what gradient reaches the first layers.",
)
