"""Layers against a line: a network, the same without its nonlinearity, logistic regression and one wide layer, on spirals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import GREEN, GREY, OCHRE, PURPLE
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
    slider,
    streams,
)
from app.topics.what_is_deep_learning import guesses
from app.topics.what_is_deep_learning.spirals import PLANE, data, field_chart, probe, second_arm
from engine import Graph, Guard, Mlp, Session, losses, mlp, optimizers
from engine.datasets import Dataset
from engine.metrics import accuracy

STEPS = 800
PACE = Pace(STEPS, 101)
RATE, WIDE_RATE = 0.03, 0.5
RATES = {"tanh": RATE, "linear": RATE, "line": RATE, "wide": WIDE_RATE, "same rate": RATE}
"""The networks, and Adam's rate for each. The wide one learns best at a rate that deep layers do not bear, and runs at both."""


class LayersParams(Params):
    """How deep, how wide, and how wound up the spirals are."""

    hidden_layers: int = slider(
        3,
        (0, 1, 2, 3, 4),
        label="hidden layers",
        help="Depth of the network and of its linear twin. With none, it is a line like the dashed one.",
    )
    hidden_units: int = slider(14, (2, 4, 8, 14, 32), label="units per layer", help="Width of every hidden layer.", minimum=1)
    turns: float = slider(
        2.0, (0.5, 1.0, 1.5, 2.0, 2.5), label="turns", help="How often the spirals wind around each other.", minimum=0.1
    )


def charts(params: LayersParams) -> dict[str, Chart]:
    """The decision maps with and without the nonlinearity, the probes layer by layer, and the four accuracies."""
    _, test = data(params.seed, params.turns)
    deep, linear = Series("with tanh", GREEN), Series("without", PURPLE)
    return {
        "field": field_chart(FOLLOWS.at(params), test),
        "flat": field_chart("The same without tanh: one straight border", test),
        "probes": Bars(
            title="What the best straight cut sorts right, layer by layer",
            categories=["input", *(f"layer {place}" for place in range(1, params.hidden_layers + 1))],
            series={"tanh": deep, "linear": linear},
            x=Axis("activations that the cut is made in"),
            y=Axis("share of new points sorted right", (0, 1.02)),
            height=330,
        ),
        "accuracy": Lines(
            title=NO_MORE.at(params),
            series={
                "tanh": deep,
                "linear": linear,
                "line": Series("no hidden layer", GREY, "dash"),
                "wide": Series(f"one wide tanh layer, rate {WIDE_RATE:g}", OCHRE),
                "same rate": Series(f"one wide tanh layer, rate {RATE:g}", OCHRE, "dot"),
            },
            further=["wide", "same rate"],
            x=Axis("step", (0, STEPS)),
            y=Axis("share of new points sorted right", (0.4, 1.02)),
            height=330,
        ),
    }


def sizes_of(params: LayersParams) -> tuple[int, ...]:
    """Two coordinates in, one logit per arm out."""
    return (2, *[params.hidden_units] * params.hidden_layers, 2)


def weights_in(params: LayersParams) -> int:
    """How many numbers the network learns, biases included."""
    return sum((fan_in + 1) * units for fan_in, units in pairwise(sizes_of(params)))


def run(params: LayersParams) -> Run:
    """2-14-14-14-2 by full-batch Adam; its twin starts from the same weights, and all networks see the same points."""
    train, test = data(params.seed, params.turns)
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", train.inputs.shape), graph.placeholder("targets", (2, train.size))
    networks = _networks(graph, params)
    costs = {name: losses.softmax_cross_entropy(network(inputs), targets) for name, network in networks.items()}
    updates = [optimizers.adam(costs[name], rate, networks[name].variables) for name, rate in RATES.items()]
    session = Session(graph)
    step, view = session.plan([costs["tanh"]], updates), View(session, networks, train, test)
    feeds = {"inputs": train.inputs, "targets": train.one_hot}
    step.feed(feeds)
    guard = Guard(session, step)
    for done, shown in PACE:
        if shown:
            yield view.snapshot(done)
        if broke := guard.step():
            return Diverged(done, broke)
    return None


def _networks(graph: Graph, params: LayersParams) -> dict[str, Mlp]:
    """The network, its twin from the same random numbers, the line without a hidden layer, and twice one wide layer of as many
    weights.
    """
    wide = max(1, round((weights_in(params) - 2) / 5))  # each unit has 3 weights in and 2 out
    kinds = {
        "tanh": (sizes_of(params), "tanh"),
        "linear": (sizes_of(params), "linear"),
        "line": ((2, 2), "linear"),
        "wide": ((2, wide, 2), "tanh"),
        "same rate": ((2, wide, 2), "tanh"),
    }
    return {
        name: mlp(graph, sizes, streams(params.seed).weights, activation, "xavier", name=name)
        for name, (sizes, activation) in kinds.items()
    }


class View:
    """What is looked at between steps: two maps, every network's answers to new points, and the probes into two of them."""

    def __init__(self, session: Session, networks: Mapping[str, Mlp], train: Dataset, test: Dataset) -> None:
        graph, self._train, self._test = session.graph, train, test
        both = np.concatenate([train.inputs, test.inputs], axis=1)
        points, plane = graph.placeholder("points", both.shape), graph.placeholder("plane", PLANE.points.shape)
        passes = {name: networks[name].apply(points) for name in RATES}
        self._depth = len(passes["tanh"].activations)
        inside = [*passes["tanh"].activations, *passes["linear"].activations]
        self._plan = session.plan(
            [networks["tanh"](plane), networks["linear"](plane), *(passes[name].outputs for name in RATES), *inside]
        )
        self._plan.feed({"points": both, "plane": PLANE.points})
        self._bottom = self._probe(both)

    def _probe(self, activations: np.ndarray) -> float:
        """Activations of the training points, then of the test points, (d, 2 n)."""
        n = self._train.size
        return probe(activations[:, :n], self._train.labels, activations[:, n:], self._test.labels)

    def snapshot(self, step: int) -> Snapshot:
        """The state after `step` updates."""
        self._plan.step()
        bent, flat, *rest = self._plan.outputs
        right = [accuracy(answer[:, self._train.size :], self._test.labels) for answer in rest[: len(RATES)]]
        reached = dict(zip(RATES, right, strict=True))
        inside = rest[len(RATES) :]
        probes = {"tanh": self._climb(inside[: self._depth]), "linear": self._climb(inside[self._depth :])}
        charts = {"field": second_arm(bent), "flat": second_arm(flat), "probes": probes, "accuracy": reached}
        steps = np.diff(probes["tanh"])
        story = {
            "input": self._bottom,
            "top": probes["tanh"][-1],
            "gain": probes["tanh"][-1] - self._bottom,
            "fall": float(max(0.0, -steps.min(initial=0.0))),
            "apart": abs(reached["linear"] - reached["line"]),
            "behind": reached["tanh"] - reached["same rate"],
        }
        return Snapshot(step, charts, measured={**reached, **story})

    def _climb(self, activations: Sequence[np.ndarray]) -> list[float]:
        """Probe accuracies from the input up."""
        return [self._bottom, *(self._probe(layer) for layer in activations)]


DEEP = Ground(hidden_layers=3, hidden_units=at_least(14), turns=between(1.5, 2))
TWO_TURNS = Ground(hidden_layers=3, hidden_units=at_least(14), turns=2)
WOUND = Ground(turns=at_least(1.5))
TANH = Claim("Three layers with tanh sort nearly all new points right. Their accuracy:", "tanh", at_least(0.96), DEEP)
LINE = Claim("Logistic regression, which has no hidden layer, does not. Its accuracy:", "line", at_most(0.75), WOUND)
LINEAR = Claim("Nor do the same layers without tanh. Their accuracy:", "linear", at_most(0.75), WOUND)
APART = Claim("Layers without tanh are worth no more than none. The two accuracies differ by:", "apart", at_most(0.02))
GAIN = Claim(
    "From the input to the last tanh layer, the accuracy of the best straight cut rises by:", "gain", at_least(0.25), DEEP
)
BEHIND = Claim(
    "At the same rate, one wide tanh layer with as many weights is behind after 800 steps, in accuracy by:",
    "behind",
    at_least(0.1),
    TWO_TURNS,
)
WIDE = Claim("At a rate of its own it does as well as the three layers. Its accuracy:", "wide", at_least(0.95), TWO_TURNS)
FOLLOWS = Title("Layers with tanh: the border follows the spirals", "The layers with tanh", (TANH,))
NO_MORE = Title("Without tanh, layers learn no more than none", "New points sorted right", (APART,))

demo = Demo(
    name="layers",
    title="Layers against a line",
    params=LayersParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(TANH, LINE, LINEAR, APART, GAIN, BEHIND, WIDE),
    presets=(
        Preset("three layers", {}),
        Preset("no hidden layer", {"hidden_layers": 0}),
        Preset("one layer", {"hidden_layers": 1}),
        Preset("three layers of two", {"hidden_units": 2}),
    ),
    guesses=guesses.LAYERS,
    hint="Compare the two maps, then see in the bars how much a straight cut can do after each layer.",
)
