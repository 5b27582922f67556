"""Calibration: a network trained past its data claims more than it keeps. One temperature, fitted apart, mends much of that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, OCHRE, VERMILION
from app.topic import Claim, Demo, Diverged, Ground, Pace, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from engine import Graph, Guard, Node, Session, losses, mlp, ops, optimizers
from engine.datasets import Dataset, digits
from engine.metrics import accuracy, classes, if_finite
from engine.probabilities import log_softmax

AS_IS, COOLED = Series("softmax as it is", VERMILION), Series("with the temperature", BLUE)
HELD_OUT, STEPS = 400, 300
PACE = Pace(STEPS, 101)
BINS = 10
MIDDLES = (np.arange(BINS) + 0.5) / BINS


class CalibrationParams(Params):
    """How little there is to learn from, and how much of it is wrong."""

    label_noise: float = slider(
        0.2,
        (0.0, 0.1, 0.2, 0.3, 0.4),
        label="wrong labels",
        help="Share of labels, in all parts of the data, replaced by another digit.",
        maximum=0.8,
    )
    samples: int = slider(
        150,
        (50, 100, 150, 300, 600),
        label="training digits",
        help="The fewer, the sooner they are learnt by heart.",
        minimum=10,
        maximum=800,
    )
    hidden_units: int = slider(
        64, (8, 16, 32, 64, 128), label="hidden units", help="Width of the one hidden layer.", minimum=1, log=True
    )


def charts(params: CalibrationParams) -> dict[str, Chart]:
    """Confidence against truth by bin, the loss with and without the temperature, and both averages."""
    steps = Axis("step", (0, STEPS))
    return {
        "reliability": Curves(
            title="Of those this confident, how many are right?",
            at=MIDDLES,
            series={"as is": AS_IS, "cooled": COOLED},
            fixed={"honest": MIDDLES},
            x=Axis("confidence: the largest probability, by tenths", (0, 1)),
            y=Axis("share right", (-0.02, 1.02)),
            mode="lines+markers",
            height=340,
        ),
        "loss": Lines(
            title="A temperature keeps the loss on new digits down",
            series={"as is": AS_IS, "cooled": COOLED},
            x=steps,
            y=Axis("mean negative log-probability", (0, 5)),
            height=340,
        ),
        "confidence": Lines(
            title="What it claims, what it keeps, and the temperature that brings both together",
            series={
                "as is": Series("confidence as it is", VERMILION),
                "cooled": Series("confidence with the temperature", BLUE),
                "right": Series("share right", GREEN),
                "temperature": Series("temperature / 10", OCHRE, "dash"),
            },
            x=steps,
            y=Axis("mean over digits not trained on", (0, 1.02)),
            wide=True,
            height=280,
        ),
    }


def parts(params: CalibrationParams) -> tuple[Dataset, Dataset, Dataset]:
    """Train, validation and test, each with its share of wrong labels."""
    rng = streams(params.seed)
    data = digits()
    wrong = rng.noise.random(data.size) < params.label_noise
    labels = np.where(wrong, (data.labels + rng.noise.integers(1, 10, data.size)) % 10, data.labels)
    noisy = replace(data, labels=labels)
    train, validation, test = np.split(rng.data.permutation(data.size), [params.samples, params.samples + HELD_OUT])
    return noisy.take(train), noisy.take(validation), noisy.take(test[:HELD_OUT])


def run(params: CalibrationParams) -> Run:
    """64-h-10 ReLU by full-batch Adam; on validation data a temperature follows, moving nothing else (Guo et al., 2017)."""
    train, validation, test = parts(params)
    graph = Graph()
    network = mlp(graph, (64, params.hidden_units, 10), streams(params.seed).weights, "relu")
    cost = losses.softmax_cross_entropy(*_part(graph, "train", train, network))
    held, wanted = _part(graph, "validation", validation, network)
    warmth = graph.variable("log temperature", np.zeros((1, 1)))
    fitted = losses.softmax_cross_entropy(held * ops.exp(-warmth), wanted)
    unseen, _ = _part(graph, "test", test, network)

    session = Session(graph)
    updates = [optimizers.adam(cost, 0.01, network.variables), optimizers.adam(fitted, 0.05, [warmth])]
    step, look = session.plan([cost], updates), session.plan([unseen])
    guard = Guard(session, step)
    for done, shown in PACE:
        if shown:
            temperature = float(np.exp(session.value(warmth)[0, 0]))
            yield _snapshot(done, look()[0].astype(np.float64), temperature, test.labels)
        if broke := guard.step():
            return Diverged(done, broke)
    return None


def _part(graph: Graph, name: str, data: Dataset, network: object) -> tuple[Node, Node]:
    """Logits and targets of a part of the data, which is a constant of the graph."""
    assert callable(network)
    return network(graph.constant(data.inputs, name)), graph.constant(data.one_hot, f"{name} targets")


def _snapshot(step: int, logits: np.ndarray, temperature: float, labels: np.ndarray) -> Snapshot:
    said = {"as is": log_softmax(logits), "cooled": log_softmax(_cooled(logits, temperature))}
    hits = {name: classes(each) == labels for name, each in said.items()}
    nll = {name: float(-each[labels, np.arange(labels.size)].mean()) for name, each in said.items()}
    confidence = {name: np.exp(each.max(axis=0)) for name, each in said.items()}
    means = {name: float(each.mean()) for name, each in confidence.items()} | {"right": accuracy(logits, labels)}
    charts = {
        "reliability": {name: _by_bin(confidence[name], hits[name]) for name in said},
        "loss": nll,
        "confidence": {**means, "temperature": temperature / 10},
    }
    measured = {
        "temperature": temperature,
        "ratio": nll["cooled"] / nll["as is"],
        "overconfidence": means["as is"] - means["right"],
        "left": abs(means["cooled"] - means["right"]) / max(abs(means["as is"] - means["right"]), 1e-9),
        "changed": if_finite((classes(said["as is"]) != classes(said["cooled"])).sum(), logits),
    }
    return Snapshot(step, charts, measured=measured)


def _cooled(logits: np.ndarray, temperature: float) -> np.ndarray:
    """All logits divided by one positive number: their order, and so the answer, stays."""
    return logits / temperature


def _by_bin(confidence: np.ndarray, hits: np.ndarray) -> np.ndarray:
    """Share right in each tenth of confidence (BINS,); NaN where fewer than five digits fell."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    counts, right = np.bincount(places, minlength=BINS), np.bincount(places, hits, minlength=BINS)
    return np.where(counts >= 5, right / np.maximum(counts, 1), np.nan)


def _as_measured(params: CalibrationParams) -> bool:
    return params.label_noise == 0.2 and params.samples == 150 and params.hidden_units == 64


GROUND = "20 % wrong labels, 150 digits, 64 units"

demo = Demo(
    name="calibration",
    title="Is 90 % sure right 9 times in 10?",
    params=CalibrationParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Overconfident: mean confidence minus share right", "overconfidence", at_least(0.15), Ground(GROUND, _as_measured)),
        Claim("The temperature fitted on validation data", "temperature", at_least(2), Ground(GROUND, _as_measured)),
        Claim("Loss on test data with it, as a share of the loss without", "ratio", at_most(0.7), Ground(GROUND, _as_measured)),
        Claim(
            "The gap that it leaves, in either direction, as a share of the one before",
            "left",
            at_most(0.75),
            Ground(GROUND, _as_measured),
        ),
        Claim("Answers that the temperature changed", "changed", at_most(0.0)),
    ),
    presets=(
        Preset("trained past its data", {}),
        Preset("clean labels, plenty of them", {"label_noise": 0.0, "samples": 600}),
        Preset("two wrong labels in five", {"label_noise": 0.4}),
        Preset("a small network", {"hidden_units": 8}),
    ),
    hint="On the dotted diagonal confidence would be honest. Watch the network sink below it as it learns its data by heart.",
)
