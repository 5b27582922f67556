"""Surely wrong at the start: squared error on a sigmoid sends back next to nothing, cross-entropy everything."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, VERMILION
from app.topic import Claim, Demo, Diverged, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from engine import Graph, Guard, Mlp, Node, Session, gradients, losses, mlp, ops, optimizers
from engine.datasets import Dataset, Standardizer, breast_cancer
from engine.metrics import accuracy
from engine.probabilities import sigmoid

SERIES = {"squared": Series("squared error", VERMILION), "cross": Series("cross-entropy", BLUE)}
NAMES = tuple(SERIES)
STEPS = 300
PACE = Pace(STEPS, 121)
SHOWN = slice(None, None, 5)
"""Every fifth tumour is drawn."""
MARGINS = np.linspace(-12, 12, 97)


class SaturationParams(Params):
    """How wrong the network is at the start, and how fast it may learn."""

    output_bias: float = slider(
        -8.0,
        (-10.0, -8.0, -6.0, -4.0, -2.0, 0.0),
        label="output bias at the start",
        help="At −8 it calls every tumour malignant and is very sure of it; at 0 it begins undecided.",
        minimum=-12,
        maximum=12,
    )
    learning_rate: float = slider(
        0.5,
        (0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
        label="learning rate",
        help="Step length, the same for both.",
        log=True,
        minimum=0.001,
    )


def charts(params: SaturationParams) -> dict[str, Chart]:
    """The pull of every tumour, what the network gets right, and the gradient it learns from."""
    right = sigmoid(MARGINS)
    steps = Axis("step", (0, STEPS))
    return {
        "pull": Curves(
            title="How hard each tumour pulls, by its answer",
            at=MARGINS,
            series={},
            fixed={"in theory 1 − p": 1 - right, "and p (1 − p)²": right * (1 - right) ** 2},
            dots=SERIES,
            x=Axis("logit towards the right answer", (-12, 12)),
            y=Axis("size of the gradient at its logit", (-0.03, 1.05)),
            height=330,
        ),
        "accuracy": Lines(
            title="Cross-entropy learns at once; does squared error?",
            series=SERIES,
            x=steps,
            y=Axis("share of tumours sorted right", (0.3, 1.02)),
            height=330,
        ),
        "gradient": Lines(
            title="The gradient that reaches the weights",
            series=SERIES,
            x=steps,
            y=Axis("norm of the gradient of all weights", (1e-5, 10), log=True),
            wide=True,
        ),
    }


def run(params: SaturationParams) -> Run:
    """30-8-1 tanh on the UCI breast cancer data, full-batch gradient descent, both from the same weights, in one plan."""
    data = _data()
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", data.inputs.shape), graph.placeholder("targets", (1, data.size))
    networks = {name: _network(graph, name, params) for name in NAMES}
    logits = {name: network(inputs) for name, network in networks.items()}
    costs = _costs(logits, targets)
    pulls = [gradients(costs[name], [logits[name]])[0] * float(data.size) for name in NAMES]
    updates = [optimizers.sgd(costs[name], params.learning_rate, networks[name].variables) for name in NAMES]

    session = Session(graph)
    parts = [part for update in updates for part in update.gradients]
    step = session.plan([costs["cross"], *logits.values(), *pulls, *parts], updates)
    feeds = {"inputs": data.inputs, "targets": data.labels[None].astype(np.float32)}
    step.feed(feeds)
    guard, view = Guard(session, step), View(data)
    for done, shown in PACE:
        if broke := guard.step():
            return Diverged(done, broke)
        answers = [output.copy() for output in step.outputs[1:3]]
        view.saw(done, answers)
        if shown:
            yield view.snapshot(done, answers, step.outputs[3:5], step.outputs[5:])
    return None


def _data() -> Dataset:
    raw = breast_cancer()
    return Dataset(Standardizer.fit(raw.inputs)(raw.inputs), raw.labels)


def _network(graph: Graph, name: str, params: SaturationParams) -> Mlp:
    """Both from the same random numbers; only the cost differs."""
    return mlp(graph, (30, 8, 1), streams(params.seed).weights, "tanh", name=name, output_bias=params.output_bias)


def _costs(logits: dict[str, Node], targets: Node) -> dict[str, Node]:
    """Half the squared error, so that its slope is the error, as cross-entropy's is."""
    squared = losses.mean_squared_error(ops.sigmoid(logits["squared"]), targets) * 0.5
    return {"squared": squared, "cross": losses.sigmoid_cross_entropy(logits["cross"], targets)}


class View:
    """What both networks make of the tumours, and when each first had 95 % of them right."""

    def __init__(self, data: Dataset) -> None:
        self._labels, self._signs = data.labels, 2.0 * data.labels - 1
        self._steps = dict.fromkeys(NAMES, np.inf)
        self._first_ratio = np.nan

    def saw(self, step: int, answers: list[np.ndarray]) -> None:
        """Counts the steps to 95 %."""
        for name, logits in zip(NAMES, answers, strict=True):
            if self._steps[name] == np.inf and accuracy(logits, self._labels) >= 0.95:
                self._steps[name] = step

    def snapshot(
        self, step: int, answers: list[np.ndarray], pulls: tuple[np.ndarray, ...], parts: tuple[np.ndarray, ...]
    ) -> Snapshot:
        """`pulls` (1, n) at the logits; `parts` of the gradient of the weights, the first half the squared error's."""
        half = len(parts) // 2
        norms = [float(np.sqrt(sum(float(np.vdot(part, part)) for part in each))) for each in (parts[:half], parts[half:])]
        if step == 0:
            self._first_ratio = norms[0] / norms[1]
        right = {name: accuracy(logits, self._labels) for name, logits in zip(NAMES, answers, strict=True)}
        dots = {
            name: np.stack([np.clip(logits[0] * self._signs, -12, 12)[SHOWN], np.abs(pull[0])[SHOWN]])
            for name, logits, pull in zip(NAMES, answers, pulls, strict=True)
        }
        charts = {"pull": dots, "accuracy": right, "gradient": dict(zip(NAMES, norms, strict=True))}
        counts = {f"{name} steps": count for name, count in self._steps.items()}
        return Snapshot(step, charts, measured={**right, **counts, "first ratio": self._first_ratio})


def _from(low: float, high: float) -> Callable[[SaturationParams], bool]:
    return lambda params: low <= params.output_bias <= high and params.learning_rate == 0.5


SURE, OPEN = "an output bias of −8 or less, learning rate 0.5", "an output bias of −4 to 0, learning rate 0.5"

demo = Demo(
    name="saturation",
    title="Surely wrong",
    params=SaturationParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Squared error: share sorted right after 300 steps", "squared", at_most(0.45), Ground(SURE, _from(-12, -8))),
        Claim(
            "Cross-entropy: the same",
            "cross",
            at_least(0.97),
            Ground("an output bias of −8 to 0, learning rate 0.5", _from(-8, 0)),
        ),
        Claim(
            "Cross-entropy: steps until 95 % are right",
            "cross steps",
            at_most(30),
            Ground("an output bias of −8 to 0, learning rate 0.5", _from(-8, 0)),
        ),
        Claim("First gradient, squared error over cross-entropy", "first ratio", at_most(0.01), Ground(SURE, _from(-12, -8))),
        Claim("From an open start squared error learns too: share right", "squared", at_least(0.95), Ground(OPEN, _from(-4, 0))),
    ),
    presets=(
        Preset("surely wrong", {}),
        Preset("wrong, but less sure", {"output_bias": -6.0}),
        Preset("undecided: both learn", {"output_bias": 0.0}),
        Preset("ten times the rate", {"learning_rate": 5.0}),
    ),
    hint="Move the output bias towards 0, and squared error comes to life.",
)
