"""The race: one deep network, nine activation functions, the same points, batches and random numbers for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
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
from app.topics.activation_functions.common import LINES, PLANE, POINTS, data, field_chart, field_of, labels_of, lines
from engine import Graph, Guard, Mlp, Node, Session, Update, losses, mlp, optimizers
from engine.datasets import Dataset, batches
from engine.metrics import accuracy
from engine.networks.activations import activation, slope

NAMES = tuple(LINES)
LEARNERS = ("tanh", "relu", "leaky_relu", "elu", "gelu", "silu")
"""The six that train a network this deep."""
COMPARED = ("sigmoid", "tanh", "relu")
"""Whose gradient is followed from the output layer down to the first."""
STEPS = 400
PACE = Pace(STEPS, 141)
UNITS = 16
BATCH_SIZE = 100
SUMS = np.linspace(-6, 6, 121)
"""Where the function is drawn, and the middles of the bins that its inputs are counted in."""


class RaceParams(Params):
    """Which function to look at, and what all nine have to learn in."""

    activation: Literal["step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu"] = choice(
        "relu", labels_of(NAMES), label="activation", help="All nine train; this one is drawn thick, with curve and field."
    )
    hidden_layers: int = slider(
        6, (1, 2, 3, 4, 6, 8), label="hidden layers", help="Depth of every network. The deeper, the more slopes are multiplied."
    )
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Step length, the same for all; momentum is 0.9.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: RaceParams) -> dict[str, Chart]:
    """The race of all nine, then the chosen function with its inputs and what its network learnt, then all nine's gradients."""
    name, layers = LINES[params.activation].name, params.hidden_layers + 1
    title = name[0].upper() + name[1:]
    return {
        "accuracy": Lines(
            title="The same network with each function: who learns, and how fast",
            series=lines(NAMES, params.activation),
            x=Axis("step", (1, STEPS), log=True),
            y=Axis("share of points sorted right", (0.3, 1.02)),
            wide=True,
            height=320,
        ),
        "curve": Curves(
            title=f"{title}: how steep it is where the sums fall",
            at=SUMS,
            series={"function": Series("function", BLUE, width=3), "slope": Series("its slope", VERMILION, width=3)}
            | _layers_shown(params),
            x=Axis("weighted sum of a unit (at the ends, all beyond)", (SUMS[0], SUMS[-1])),
            y=Axis("value · share of sums (tallest = 1)", (-1.1, 2.1)),
        ),
        "field": field_chart(f"{title}: what its network makes of the points", params.seed),
        "gradient": Curves(
            title="The gradient that reaches each layer, from the output down to layer 1",
            at=np.arange(1, layers + 1),
            series=lines(NAMES, params.activation),
            mode="lines+markers",
            x=Axis("layer", (0.8, layers + 0.2), ticks={k: str(k) if k < layers else "output" for k in range(1, layers + 1)}),
            y=Axis("norm of the gradient of its weights", (1e-7, 30), log=True),
            wide=True,
            height=340,
        ),
    }


def _layers_shown(params: RaceParams) -> dict[str, Series]:
    """The hidden layers whose sums are counted: the first and the last, or the only one."""
    last = {"last": Series(f"sums in layer {params.hidden_layers}", PURPLE, width=1)} if params.hidden_layers > 1 else {}
    return {"first": Series("sums in layer 1", GREEN, width=1)} | last


class Runners(NamedTuple):
    """The nine networks in one graph, with the nodes of their training."""

    graph: Graph
    networks: Mapping[str, Mlp]
    losses: Mapping[str, Node]
    updates: Mapping[str, Update]


def line_up(params: RaceParams) -> Runners:
    """Each network starts from the same random numbers, scaled as suits its function: He for the ReLU family, else Xavier."""
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, BATCH_SIZE)), graph.placeholder("targets", (2, BATCH_SIZE))
    rate = graph.placeholder("learning_rate")
    sizes = (2, *[UNITS] * params.hidden_layers, 2)
    networks = {name: mlp(graph, sizes, streams(params.seed).weights, name, name=name) for name in NAMES}
    costs = {name: losses.softmax_cross_entropy(network(inputs), targets) for name, network in networks.items()}
    updates = {name: optimizers.momentum(costs[name], rate, networks[name].variables) for name in NAMES}
    return Runners(graph, networks, costs, updates)


def run(params: RaceParams) -> Run:
    """2-16-...-16-2 on two moons by SGD with momentum, batches of 100, all nine in one plan."""
    points, chosen = data(params.seed), params.activation
    targets = points.one_hot
    graph, networks, costs, updates = line_up(params)
    session = Session(graph)
    view = View(session, networks, chosen, points)
    yield view.snapshot(0, {"curve": drawn(chosen)})

    ordered = [chosen, *(name for name in NAMES if name != chosen)]
    step = session.plan(
        [*(costs[name] for name in ordered), *(part for name in NAMES for part in updates[name].gradients)],
        [updates[name] for name in NAMES],
    )
    guard, gradients = Guard(session, step), Gradients(step.outputs[len(NAMES) :], params)
    step.feed({"learning_rate": params.learning_rate})
    deal = batches(streams(params.seed).batches, POINTS, BATCH_SIZE)
    for done, shown in islice(PACE, 1, None):
        batch = next(deal)
        feeds = {"inputs": points.inputs[:, batch], "targets": targets[:, batch]}
        if broke := guard.step(**feeds):
            return Diverged(done - 1, broke)
        if shown:
            yield view.snapshot(done, {"gradient": gradients.by_layer()}, gradients.measured())
    return None


class View:
    """What is looked at between steps: every network's answers to all points, and the inside of the chosen one."""

    def __init__(self, session: Session, networks: Mapping[str, Mlp], chosen: str, points: Dataset) -> None:
        graph = session.graph
        seen, plane = graph.placeholder("points", points.inputs.shape), graph.placeholder("plane", PLANE.points.shape)
        inside = networks[chosen].apply(seen)
        hidden = inside.pre_activations[:-1]
        answers = [inside.outputs if name == chosen else networks[name](seen) for name in NAMES]
        self._plan = session.plan([networks[chosen](plane), hidden[0], hidden[-1], *answers])
        self._plan.feed({"points": points.inputs, "plane": PLANE.points})
        self._labels, self._deep = points.labels, len(hidden) > 1

    def snapshot(
        self, step: int, charts: Mapping[str, Mapping[str, np.ndarray]], measured: Mapping[str, float] | None = None
    ) -> Snapshot:
        """The state after `step` updates, with `charts` and `measured` from elsewhere added."""
        self._plan.step()
        logits, first, last, *answers = self._plan.outputs
        right = {name: accuracy(each, self._labels) for name, each in zip(NAMES, answers, strict=True)}
        shares = {"first": shares_of(first)} | ({"last": shares_of(last)} if self._deep else {})
        values = {**charts, "curve": {**charts.get("curve", {}), **shares}, "field": field_of(logits)}
        if step:  # which has no place on a log axis before the first
            values["accuracy"] = right
        least = {"six": float(np.min([right[name] for name in LEARNERS]))}
        return Snapshot(step, values, step * BATCH_SIZE / POINTS, {**right, **least, **(measured or {})})


class Gradients:
    """The gradients of the last step, one array a layer and network, as norms; and their story over the run."""

    def __init__(self, buffers: Sequence[np.ndarray], params: RaceParams) -> None:
        self._buffers, self._layers = buffers, params.hidden_layers + 1
        self._ratios: list[list[float]] = []
        self._step_hidden = 0.0

    def _norms(self) -> np.ndarray:
        """(networks, layers)"""
        return np.array([np.linalg.norm(each) for each in self._buffers]).reshape(len(NAMES), self._layers)

    def by_layer(self) -> dict[str, np.ndarray]:
        """For the chart; a gradient of exactly zero has no place on a log scale and leaves a gap."""
        norms = self._norms()
        return dict(zip(NAMES, np.where(norms > 0, norms, np.nan), strict=True))

    def measured(self) -> dict[str, float]:
        """First layer's gradient over the last's, median of the steps shown; and the largest a hidden layer of `step` had."""
        norms = dict(zip(NAMES, self._norms(), strict=True))
        self._ratios.append([norms[name][0] / norms[name][-1] for name in COMPARED])
        self._step_hidden = max(self._step_hidden, float(norms["step"][:-1].max()))
        middle = np.median(self._ratios, axis=0).tolist()
        return {f"{name} ratio": ratio for name, ratio in zip(COMPARED, middle, strict=True)} | {"step hidden": self._step_hidden}


def drawn(name: str) -> dict[str, np.ndarray]:
    """The function and its derivative over `SUMS`, from the same nodes that train."""
    graph = Graph()
    z = graph.constant(SUMS[None])
    function = activation(name)
    value, steepness = Session(graph).run([function(z), slope(function, z)])
    return {"function": value[0], "slope": steepness[0]}


def shares_of(sums: np.ndarray) -> np.ndarray:
    """How often the sums fall into each bin of `SUMS`, the fullest bin being 1; what lies outside counts in the outermost."""
    half = (SUMS[1] - SUMS[0]) / 2
    edges = np.append(SUMS - half, SUMS[-1] + half)
    counts = np.histogram(np.clip(np.nan_to_num(sums), SUMS[0], SUMS[-1]), edges)[0]
    shares: np.ndarray = counts / counts.max()
    return shares


def _as_measured(params: RaceParams) -> bool:
    return params.hidden_layers == 6 and params.learning_rate == 0.05


GROUND = "6 hidden layers, learning rate 0.05"

demo = Demo(
    name="race",
    title="A race of nine",
    params=RaceParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "Tanh, ReLU and its four relatives all learn: the least accuracy of the six",
            "six",
            at_least(0.97),
            Ground(GROUND, _as_measured),
        ),
        Claim("Six layers of sigmoid do not learn: its accuracy", "sigmoid", at_most(0.6), Ground(GROUND, _as_measured)),
        Claim(
            "Six linear layers are one straight line: their accuracy",
            "linear",
            at_most(0.95),
            Ground("learning rate up to 0.05", lambda params: params.learning_rate <= 0.05),
        ),
        Claim(
            "Sigmoid: gradient in layer 1 over gradient in the output layer (median)",
            "sigmoid ratio",
            at_most(0.01),
            Ground(GROUND, _as_measured),
        ),
        Claim("The same for tanh", "tanh ratio", at_least(0.5), Ground(GROUND, _as_measured)),
        Claim("The same for ReLU", "relu ratio", at_least(0.5), Ground(GROUND, _as_measured)),
        Claim("Step: the largest gradient any hidden layer ever got, exactly", "step hidden", at_most(0.0)),
    ),
    presets=(
        Preset("ReLU", {}),
        Preset("linear: one straight line", {"activation": "linear"}),
        Preset("sigmoid: the gradient fades", {"activation": "sigmoid"}),
        Preset("sigmoid, one hidden layer", {"activation": "sigmoid", "hidden_layers": 1, "learning_rate": 0.2}),
        Preset("step: no slope at all", {"activation": "step"}),
    ),
    hint="Choose another function: all nine train in every run, from the same start.",
)
