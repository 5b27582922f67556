"""Layers against a line: one network, the same network without its nonlinearity, and logistic regression on two spirals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import GREEN, GREY, OCHRE, PURPLE
from app.topic import Claim, Demo, Diverged, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from app.topics.what_is_deep_learning.common import PLANE, RATE, STEPS, data, field_chart, probe, second_arm
from engine import Graph, Guard, Mlp, Session, losses, mlp, optimizers
from engine.datasets import Dataset
from engine.metrics import accuracy

PACE = Pace(STEPS, 101)
NAMES = ("tanh", "linear", "line", "wide")


class LayersParams(Params):
    """How deep, how wide, and how wound up the spirals are."""

    hidden_layers: int = slider(
        3,
        (0, 1, 2, 3, 4),
        label="hidden layers",
        help="Depth of the network and of its linear twin. With none, it is a line like the dashed one.",
    )
    hidden_units: int = slider(14, (2, 4, 8, 14, 32), label="units a layer", help="Width of every hidden layer.", minimum=1)
    turns: float = slider(
        2.0, (0.5, 1.0, 1.5, 2.0, 2.5), label="turns", help="How often the spirals wind around each other.", minimum=0.1
    )


def charts(params: LayersParams) -> dict[str, Chart]:
    """The decision maps with and without the nonlinearity, the probes layer by layer, and the four accuracies."""
    _, test = data(params.seed, params.turns)
    deep, linear = Series("with tanh", GREEN), Series("without", PURPLE)
    bent = "Layers with tanh: the border bends" if params.hidden_layers else "No hidden layer: the border is straight"
    return {
        "field": field_chart(bent, test),
        "flat": field_chart("The same without tanh: one straight border", test),
        "probes": Bars(
            title="What one straight cut sorts right, layer by layer",
            categories=["input", *(f"layer {place}" for place in range(1, params.hidden_layers + 1))],
            series={"tanh": deep, "linear": linear},
            x=Axis("activations that the cut is made in"),
            y=Axis("share of new points sorted right", (0, 1.02)),
            height=330,
        ),
        "accuracy": Lines(
            title="Without tanh, layers learn no more than none",
            series={
                "tanh": deep,
                "linear": linear,
                "line": Series("no hidden layer", GREY, "dash"),
                "wide": Series("one wide tanh layer, as many weights", OCHRE),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("share of new points sorted right", (0.4, 1.02)),
            height=330,
        ),
    }


def sizes_of(params: LayersParams) -> tuple[int, ...]:
    """Two coordinates in, one logit an arm out."""
    return (2, *[params.hidden_units] * params.hidden_layers, 2)


def weights_in(params: LayersParams) -> int:
    """How many numbers the network learns, biases included."""
    return sum((fan_in + 1) * units for fan_in, units in pairwise(sizes_of(params)))


def run(params: LayersParams) -> Run:
    """2-14-14-14-2 by full-batch Adam at .03; its twin starts from the same weights, and every line sees the same points."""
    train, test = data(params.seed, params.turns)
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", train.inputs.shape), graph.placeholder("targets", (2, train.size))
    networks = _networks(graph, params)
    costs = {name: losses.softmax_cross_entropy(network(inputs), targets) for name, network in networks.items()}
    updates = [optimizers.adam(costs[name], RATE, networks[name].variables) for name in NAMES]
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
    """The network, its twin from the same random numbers, the line that has no hidden layer, and a wide one with one."""
    wide = max(1, round((weights_in(params) - 2) / 5))  # each unit has 3 weights in and 2 out
    shapes = {"tanh": sizes_of(params), "linear": sizes_of(params), "line": (2, 2), "wide": (2, wide, 2)}
    kinds = {"tanh": "tanh", "linear": "linear", "line": "linear", "wide": "tanh"}
    return {name: mlp(graph, shapes[name], streams(params.seed).weights, kinds[name], "xavier", name=name) for name in NAMES}


class View:
    """What is looked at between steps: two maps, every network's answers to new points, and the probes into two of them."""

    def __init__(self, session: Session, networks: Mapping[str, Mlp], train: Dataset, test: Dataset) -> None:
        graph, self._train, self._test = session.graph, train, test
        both = np.concatenate([train.inputs, test.inputs], axis=1)
        points, plane = graph.placeholder("points", both.shape), graph.placeholder("plane", PLANE.points.shape)
        passes = {name: networks[name].apply(points) for name in NAMES}
        self._depth = len(passes["tanh"].activations)
        inside = [*passes["tanh"].activations, *passes["linear"].activations]
        self._plan = session.plan(
            [networks["tanh"](plane), networks["linear"](plane), *(passes[name].outputs for name in NAMES), *inside]
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
        right = [accuracy(answer[:, self._train.size :], self._test.labels) for answer in rest[: len(NAMES)]]
        reached = dict(zip(NAMES, right, strict=True))
        inside = rest[len(NAMES) :]
        probes = {"tanh": self._climb(inside[: self._depth]), "linear": self._climb(inside[self._depth :])}
        charts = {"field": second_arm(bent), "flat": second_arm(flat), "probes": probes, "accuracy": reached}
        gain = probes["tanh"][-1] - probes["tanh"][0]
        apart = abs(reached["linear"] - reached["line"])
        return Snapshot(step, charts, measured={**reached, "gain": gain, "apart": apart, "ahead": right[0] - right[3]})

    def _climb(self, activations: Sequence[np.ndarray]) -> list[float]:
        """Probe accuracies from the input up."""
        return [self._bottom, *(self._probe(layer) for layer in activations)]


def _as_measured(params: LayersParams) -> bool:
    return params.hidden_layers == 3 and params.hidden_units >= 14 and params.turns == 2


def _wound(params: LayersParams) -> bool:
    return params.turns >= 1.5


GROUND = "3 hidden layers of 14 units or more, 2 turns"

demo = Demo(
    name="layers",
    title="Layers against a line",
    params=LayersParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Three layers with tanh sort new points: their accuracy", "tanh", at_least(0.96), Ground(GROUND, _as_measured)),
        Claim(
            "No hidden layer, which is logistic regression, does not: its accuracy",
            "line",
            at_most(0.75),
            Ground("1.5 turns or more", _wound),
        ),
        Claim(
            "Nor do the same layers without tanh: their accuracy", "linear", at_most(0.75), Ground("1.5 turns or more", _wound)
        ),
        Claim("Layers without tanh are worth no more than no layer: the two accuracies differ by", "apart", at_most(0.02)),
        Claim(
            "From the input to the last tanh layer, the best straight cut gains",
            "gain",
            at_least(0.25),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "After as many steps, one wide tanh layer with as many weights is behind by",
            "ahead",
            at_least(0.05),
            Ground(
                "3 hidden layers of 14 units, 2 turns",
                lambda params: (params.hidden_layers, params.hidden_units, params.turns) == (3, 14, 2),
            ),
        ),
    ),
    presets=(
        Preset("three layers", {}),
        Preset("no hidden layer", {"hidden_layers": 0}),
        Preset("one layer", {"hidden_layers": 1}),
        Preset("three layers of two", {"hidden_units": 2}),
    ),
)
