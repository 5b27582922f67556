"""Confidently wrong at the start: squared error on a sigmoid sends back next to nothing, cross-entropy everything."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, VERMILION
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
from app.topics.cost_function import guesses
from engine import Graph, Guard, Node, Session, gradients, losses, mlp, ops, optimizers
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
        help="At −8 the network calls every tumour malignant with near certainty; at 0 it begins undecided.",
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
            title="The gradient that each tumour sends back, by its logit",
            at=MARGINS,
            series={},
            fixed={"in theory: 1 − p": 1 - right, "in theory: p (1 − p)²": right * (1 - right) ** 2},
            dots=SERIES,
            x=Axis("logit towards the right answer", (-12, 12)),
            y=Axis("size of the gradient at the logit", (-0.03, 1.05)),
            height=330,
        ),
        "accuracy": Lines(
            title=TITLE.at(params),
            series=SERIES,
            x=steps,
            y=Axis("share of tumours sorted right", (0.3, 1.02)),
            height=330,
        ),
        "gradient": Lines(
            title="The gradient of all weights",
            series=SERIES,
            x=steps,
            y=Axis("norm of the gradient", (1e-5, 10), log=True),
            wide=True,
        ),
    }


def run(params: SaturationParams) -> Run:
    """30-8-1 tanh on the UCI breast cancer data, full-batch gradient descent, both from the same weights, in one plan."""
    data = _data()
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", data.inputs.shape), graph.placeholder("targets", (1, data.size))
    bias = params.output_bias
    networks = {name: mlp(graph, (30, 8, 1), streams(params.seed).weights, "tanh", name=name, output_bias=bias) for name in NAMES}
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


def _costs(logits: dict[str, Node], targets: Node) -> dict[str, Node]:
    """Half the squared error, so that its slope is the error, as cross-entropy's is."""
    squared = losses.mean_squared_error(ops.sigmoid(logits["squared"]), targets) * 0.5
    return {"squared": squared, "cross": losses.sigmoid_cross_entropy(logits["cross"], targets)}


class View:
    """What both networks make of the tumours, and since when each has had 95 % of them right."""

    def __init__(self, data: Dataset) -> None:
        self._labels, self._signs = data.labels, 2.0 * data.labels - 1
        self._steps = dict.fromkeys(NAMES, np.inf)
        self._first_ratio = np.nan

    def saw(self, step: int, answers: list[np.ndarray]) -> None:
        """Notes the step from which on 95 % are right; whoever falls below it again has not arrived."""
        for name, logits in zip(NAMES, answers, strict=True):
            self._steps[name] = min(self._steps[name], step) if accuracy(logits, self._labels) >= 0.95 else np.inf

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


SURE = Ground(output_bias=at_most(-8), learning_rate=0.5)
ANY_START = Ground(output_bias=between(-12, 0), learning_rate=0.5)
STUCK = Claim(
    "After 300 steps squared error still calls every tumour malignant: the share it gets right.", "squared", at_most(0.38), SURE
)
QUICK = Claim("With cross-entropy 95 % are right from this step on.", "cross steps", at_most(20), ANY_START)
TITLE = Title(
    "Cross-entropy learns at once, squared error not in 300 steps", "Share of tumours sorted right, by cost", (STUCK, QUICK)
)

demo = Demo(
    name="saturation",
    title="Confidently wrong",
    params=SaturationParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        STUCK,
        QUICK,
        Claim("After 300 steps cross-entropy gets this share of the tumours right.", "cross", at_least(0.98), ANY_START),
        Claim("At the start squared error’s gradient is this fraction of cross-entropy’s.", "first ratio", at_most(0.003), SURE),
        Claim(
            "From a less certain start squared error learns too: the share it gets right after 300 steps.",
            "squared",
            at_least(0.97),
            Ground(output_bias=between(-4, 0), learning_rate=0.5),
        ),
    ),
    presets=(
        Preset("confidently wrong", {}),
        Preset("wrong, but less certain", {"output_bias": -6.0}),
        Preset("undecided: both learn", {"output_bias": 0.0}),
        Preset("ten times the rate", {"learning_rate": 5.0}),
    ),
    guesses=guesses.SATURATION,
    hint="Compare the two curves of accuracy, then move the output bias towards 0 until squared error learns too.",
)
