"""In training: a plain deep sigmoid network and one with a cure, from the same digits in the same batches; the cure is all."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines
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

STEPS = 300
PACE = Pace(STEPS, 81)
TRAIN = 1397
MOMENTUM = 0.5
CURES = ("sigmoid_norm", "sigmoid_residual", "tanh", "relu", "relu_norm", "relu_residual")


class TrainingParams(Params):
    """Which cure, and in what it has to work."""

    cure: Literal["sigmoid_norm", "sigmoid_residual", "tanh", "relu", "relu_norm", "relu_residual"] = choice(
        "sigmoid_norm",
        {name: RECIPES[name].name for name in CURES},
        label="cure",
        help="What the second network has that the plain sigmoid network has not.",
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


def charts(params: TrainingParams) -> dict[str, Chart]:
    """Who learns, and what reaches each layer meanwhile."""
    series = {"plain": line("sigmoid"), "cured": line(params.cure, 3.5)}
    low = 10 ** (-0.68 * params.depth - 2)
    return {
        "accuracy": Lines(
            title="Who leaves the starting line",
            series=series,
            levels={"guessing": 0.1},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of unseen digits read right", (0, 1.02)),
        ),
        "ratio": Lines(
            title="First layer’s gradient over the last layer’s",
            series=series,
            x=Axis("step", (0, STEPS)),
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


class Learner:
    """One deep network, to be prepared before its first step."""

    _look: Plan
    """All unseen digits."""
    _train: Plan
    """One step; its outputs are the loss and dL/dz of each hidden layer."""
    _guard: Guard

    def __init__(self, recipe: Recipe, depth: int, rng: np.random.Generator, test: Dataset) -> None:
        graph = Graph()
        inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
        net = network(graph, recipe, depth, rng)
        inside = net.apply(inputs)
        self._loss = losses.softmax_cross_entropy(inside.outputs, targets)
        self._inside, self._unseen = inside, net(graph.constant(test.inputs))
        self._session, self._labels = Session(graph), test.labels
        self.broke: Diverged | None = None

    def prepare(self) -> Generator[None, None, None]:
        """The costly part, its plans, in pieces."""
        slopes = gradients(self._loss, self._inside.pre_activations[:-1])
        yield
        update = optimizers.momentum(self._loss, self._session.graph.placeholder("learning_rate"), momentum=MOMENTUM)
        yield
        self._train = yield from self._session.planning([self._loss, *slopes], [update, *self._inside.assigns])
        self._look = yield from self._session.planning([self._unseen])
        self._guard = Guard(self._session, self._train)

    def accuracy(self) -> float:
        """The share of unseen digits read right."""
        self._look.step()
        return accuracy(self._look.outputs[0], self._labels)

    def step(self, done: int, feeds: dict[str, Any]) -> None:
        """One update, unless the numbers have left the finite ones before."""
        if broke := self._guard.step(**feeds):
            self.broke = self.broke or Diverged(done, broke)

    def norms(self) -> Array:
        """The norm of dL/dz by hidden layer, (depth,), in the last step's batch, before its update."""
        return norms(self._train.outputs[1:])


def run(params: TrainingParams) -> Run:
    """Two networks 64-64-...-10 on the UCI digits, SGD with momentum .5, batch 64; one that diverges drops out."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAIN)
    order = batches(rng.batches, train.size, BATCH_SIZE)
    recipes = {"plain": RECIPES["sigmoid"], "cured": RECIPES[params.cure]}
    learners = {name: Learner(recipe, params.depth, streams(params.seed).weights, test) for name, recipe in recipes.items()}
    for learner in learners.values():
        yield from learner.prepare()
    for done, shown in PACE:
        feeds = _feeds(train.take(next(order)), params.learning_rate)
        accuracies = {name: learner.accuracy() for name, learner in learners.items()} if shown else {}
        for learner in learners.values():
            learner.step(done, feeds)
        if shown:
            alive = {name: learner for name, learner in learners.items() if learner.broke is None}
            accuracies = {name: accuracies[name] for name in alive}
            yield Snapshot(done, {"accuracy": accuracies} | _gradients_of(alive), measured=accuracies)
    return learners["plain"].broke or learners["cured"].broke


def _feeds(batch: Dataset, rate: float) -> dict[str, Any]:
    return {"inputs": batch.inputs, "targets": batch.one_hot, "learning_rate": rate}


def _gradients_of(learners: dict[str, Learner]) -> dict[str, Any]:
    """The charts of the gradient: by layer, and the first layer's over the last's."""
    sizes = {name: learner.norms() for name, learner in learners.items()}
    return {"gradient": sizes, "ratio": {name: float(each[0] / each[-1]) for name, each in sizes.items()}}


def _deep(params: TrainingParams) -> bool:
    return params.depth == 20 and params.learning_rate == 0.05


demo = Demo(
    name="training",
    title="In training",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "The plain sigmoid network still guesses after 300 steps",
            "plain",
            at_most(0.25),
            Ground("depth 20, rate 0.05", _deep),
        ),
        Claim(
            "With batch norm or residual links the same network reads digits",
            "cured",
            at_least(0.8),
            Ground(
                "sigmoid with batch norm or residual links, depth 20, rate 0.05",
                lambda params: _deep(params) and params.cure in {"sigmoid_norm", "sigmoid_residual"},
            ),
        ),
    ),
    presets=(
        Preset("batch norm", {}),
        Preset("residual links", {"cure": "sigmoid_residual"}),
        Preset("tanh instead", {"cure": "tanh"}),
        Preset("ReLU, He", {"cure": "relu", "learning_rate": 0.02}),
        Preset("He + residual: explodes", {"cure": "relu_residual"}),
        Preset("two layers: no problem", {"depth": 2, "learning_rate": 0.2}),
    ),
    hint="Same digits, same batches: watch which line leaves the bottom, and what gradient reaches the first layers.",
)
