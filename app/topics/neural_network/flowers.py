"""What both demos share: the irises, the flower looked at, the network that sorts them and its diagram."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

import numpy as np

from app.charts import NetworkDiagram
from app.topic import Params, checked, choice, entry, numbers, slider, streams
from engine import Graph, Session, losses, mlp, optimizers
from engine.datasets import Dataset, Standardizer, iris
from engine.graph import Array

SPECIES = ("setosa", "versicolor", "virginica")
PARTS = ("sepal length", "sepal width", "petal length", "petal width")
LEARNING_RATE = 0.02


def four_lengths(text: str) -> str:
    """Four lengths in cm, or nothing. Raises ValueError for anything else."""
    return ", ".join(f"{each:g}" for each in numbers(text, 4, 0, 20)) if text.strip() else ""


class FlowerParams(Params):
    """Which flower to look at, and the network that looks at it."""

    flower: int = slider(
        73,
        (1, 15, 42, 51, 71, 73, 84, 99, 101, 107, 120, 134, 150),
        label="flower",
        help="Which of the 150 irises to look at: 1 to 50 are setosa, 51 to 100 versicolor, 101 to 150 virginica.",
    )
    measurements: Annotated[str, checked(four_lengths)] = entry(
        "",
        label="or a flower of your own",
        help="Length and width of a sepal, then of a petal, in cm, such as 5.9, 3.0, 4.2, 1.5. Empty: the flower above.",
        longest=60,
    )
    hidden_units: int = slider(
        6, (1, 2, 3, 4, 6, 8), label="hidden nodes", help="Nodes between the measurements and the species.", minimum=1, maximum=10
    )
    activation: Literal["tanh", "relu", "sigmoid"] = choice(
        "tanh",
        {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid"},
        label="activation",
        help="The function that a hidden node applies to its sum.",
    )


@cache
def scaled() -> tuple[Dataset, Standardizer]:
    """The irises with each measurement at mean 0 and spread 1, and the way there."""
    raw = iris()
    scale = Standardizer.fit(raw.inputs)
    return Dataset(scale(raw.inputs), raw.labels, raw.feature_names, raw.class_names), scale


def chosen(params: FlowerParams) -> tuple[list[float], str]:
    """The four lengths in cm of the flower looked at, and what to call it."""
    if params.measurements:
        return numbers(params.measurements, 4, 0, 20), "your flower"
    lengths = np.round(iris().inputs[:, params.flower - 1].astype(float), 1).tolist()
    return lengths, f"flower {params.flower}, a {SPECIES[iris().labels[params.flower - 1]]}"


def diagram(params: FlowerParams, title: str, edge_name: str) -> NetworkDiagram:
    """The whole network, biases included, with a number on every edge as long as there is room."""
    return NetworkDiagram(
        title=title,
        layers=(PARTS, [f"h{place + 1}" for place in range(params.hidden_units)], SPECIES),
        bias=True,
        numbers=params.hidden_units <= 6,
        edge_name=edge_name,
        node_limit=2,
        wide=True,
        height=520,
    )


def lengths_below(lengths: list[float]) -> dict[tuple[int, int], str]:
    """The notes of the input nodes, which themselves show the scaled measurements."""
    return {(0, part): f"{length:g} cm" for part, length in enumerate(lengths)}


class Classifier:
    """4-h-3 on all 150 irises: full-batch Adam on the cross-entropy, in float64 so that sums by hand can be compared."""

    def __init__(self, params: FlowerParams) -> None:
        data, scale = scaled()
        self.lengths = chosen(params)[0]
        self.flower = scale(np.array(self.lengths)[:, None]).astype(float)
        graph = Graph(np.float64)
        network = mlp(graph, (4, params.hidden_units, 3), streams(params.seed).weights, params.activation)
        self._logits = network(graph.constant(data.inputs))
        inside = network.apply(graph.constant(self.flower))
        loss = losses.softmax_cross_entropy(self._logits, graph.constant(data.one_hot))
        self._session, self._variables, self.labels = Session(graph), network.variables, data.labels
        self._update = self._session.plan([loss], [optimizers.adam(loss, LEARNING_RATE)])
        self._look = self._session.plan([self._logits, *inside.activations, inside.outputs])

    def step(self) -> None:
        """One update."""
        self._update.step()

    @property
    def weights(self) -> list[Array]:
        """Copies of both layers' weights, (h, 5) and (3, h + 1), the last column the bias."""
        return [self._session.value(node).copy() for node in self._variables]

    def replace_first_node(self, weights: list[float]) -> None:
        """Puts four weights and a bias in the place of those of the first hidden node."""
        changed = self.weights[0]
        changed[0] = weights
        self._session.assign(self._variables[0], changed)

    def look(self) -> tuple[Array, Array, Array]:
        """Copies: logits (3, 150) of all flowers; of the flower looked at hidden activations (h,) and logits (3,)."""
        self._look.step()
        every, hidden, logits = self._look.outputs
        return every.copy(), hidden[:, 0].copy(), logits[:, 0].copy()
