"""What both demos share: a 2-3-2-2 network of 23 weights, one sample, its loss, its gradient by the engine or by differences."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np

from app.topic import Ground, Params, between, checked, choice, entry, numbers, one_of, slider, streams
from engine import Graph, Session, gradients, losses, mlp, optimizers
from engine.graph import Array

LAYERS = (("x1", "x2"), ("h1", "h2", "h3"), ("g1", "g2"), ("y1", "y2"))
SIZES = tuple(len(names) for names in LAYERS)
SHAPES = tuple((after, before + 1) for before, after in pairwise(SIZES))
"""Of each layer's weights; the last column is the bias."""

EDGES = [f"{source}-{unit}" for before, after in pairwise(LAYERS) for unit in after for source in (*before, "bias")]
"""The names of all weights, in the order in which the engine keeps them."""

USUAL_INPUTS = "1, -0.5"

EDIT = re.compile(r"\s*([a-z]+\d?)\s*-\s*([a-z]\d)\s*=\s*([-+]?(?:\d{1,3}(?:\.\d{0,8})?|\.\d{1,8}))\s*", re.ASCII)


def two_inputs(text: str) -> str:
    """Two numbers. Raises ValueError for anything else."""
    return ", ".join(f"{each:g}" for each in numbers(text, 2, -5, 5))


def edits(text: str) -> dict[str, float]:
    """Weights by the name of their edge, from "x1-h1=2, bias-g1=0.5". Raises ValueError saying what is allowed."""
    found = {}
    for part in text.replace("−", "-").split(",") if text.strip() else []:
        match = EDIT.fullmatch(part)
        if not match or f"{match[1]}-{match[2]}" not in EDGES or abs(float(match[3])) > 10:
            raise ValueError("edges of the diagram, each with a value from −10 to 10, such as x1-h1=2, bias-g1=0.5")
        found[f"{match[1]}-{match[2]}"] = float(match[3]) + 0.0
    return found


def weights_of_your_own(text: str) -> str:
    """Edits in their canonical form. Raises ValueError for anything else."""
    return ", ".join(f"{name}={value:g}" for name, value in edits(text).items())


class TinyParams(Params):
    """The network and what it is fed."""

    weight_scale: float = slider(
        1.0,
        (0.25, 0.5, 1.0, 2.0, 4.0),
        label="size of the weights",
        unit="times",
        help="Factor on the random weights. Large ones push tanh to where it is flat, but also multiply what comes back.",
        minimum=0,
        maximum=10,
    )
    inputs: Annotated[str, checked(two_inputs)] = entry(
        USUAL_INPUTS, label="inputs", help="x1 and x2, two numbers from −5 to 5.", longest=40
    )
    weights: Annotated[str, checked(weights_of_your_own)] = entry(
        "",
        label="weights of your own",
        help="Any edges by name; the others stay random: x1-h1=2, bias-g1=0.5.",
        longest=300,
    )
    activation: Literal["tanh", "sigmoid", "relu"] = choice(
        "tanh",
        {"tanh": "tanh", "sigmoid": "sigmoid", "relu": "ReLU"},
        label="activation",
        help="Its slope is what a gradient is multiplied by on its way back through a node.",
    )
    target: Literal["y1", "y2"] = choice(
        "y1", {"y1": "y1", "y2": "y2"}, label="right answer", help="Which output should have probability 1."
    )


class Tiny:
    """The network in the engine. `values` are its weights (23,), to be read and written; a plan sees them as they are."""

    def __init__(self, params: TinyParams, dtype: type = np.float64, learning_rate: float = 0.0) -> None:
        self.inputs = numbers(params.inputs, 2, -5, 5)
        self.target = LAYERS[-1].index(params.target)
        graph = Graph(dtype)
        network = mlp(graph, SIZES, streams(params.seed).weights, params.activation)
        wanted = graph.constant(losses.one_hot(np.array([self.target]), 2))
        loss = losses.softmax_cross_entropy(network(graph.constant(np.array(self.inputs)[:, None])), wanted)
        session = Session(graph)
        self._loss = session.plan([loss])
        self._gradient = session.plan(gradients(loss, network.variables))
        self._update = session.plan([loss], [optimizers.sgd(loss, learning_rate)])
        self.values = session.values
        self.values *= params.weight_scale
        for name, value in edits(params.weights).items():
            self.values[EDGES.index(name)] = value
        self.passes = 0

    def loss(self) -> float:
        """One forward pass."""
        self.passes += 1
        self._loss.step()
        return float(self._loss.outputs[0])

    def gradient(self) -> Array:
        """By backpropagation: a copy, (23,)."""
        self._gradient.step()
        return np.concatenate([each.ravel() for each in self._gradient.outputs])

    def update(self) -> None:
        """One step of plain gradient descent."""
        self._update.step()

    def difference(self, place: int, h: float, central: bool = True) -> float:
        """The gradient of one weight by two forward passes: at `h` above, and at `h` below or (not central) where it is."""
        here = self.values[place]
        self.values[place] = here + h
        above = self.loss()
        self.values[place] = here - h if central else here
        below = self.loss()
        self.values[place] = here
        return (above - below) / (2 * h if central else h)

    def differences(self, h: float, central: bool = True) -> Array:
        """The whole gradient that way, (23,), at two forward passes per weight."""
        return np.array([self.difference(place, h, central) for place in range(len(EDGES))])


def by_layer(flat: Array) -> list[Array]:
    """A vector (23,) as the three layers' matrices."""
    ends = np.cumsum([rows * columns for rows, columns in SHAPES])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), SHAPES, strict=True)]


def error(estimate: Array, gradient: Array) -> float:
    """The largest difference, in units of the largest gradient."""
    return float(np.abs(estimate - gradient).max() / max(np.abs(gradient).max(), 1e-30))


SMOOTH = Ground(activation=one_of("tanh", "sigmoid"), weights="", inputs=USUAL_INPUTS, weight_scale=between(0.25, 1.0))
"""Where differences can be trusted: a ReLU has kinks, and numbers of one's own may leave no gradient at all."""
