"""Calibration: a network trained past its data is overconfident. One temperature, fitted on other data, mends much of that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, OCHRE, VERMILION
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
    exactly,
    slider,
    streams,
)
from app.topics.softmax_and_relu import guesses
from engine import Graph, Guard, Mlp, Node, Session, losses, mlp, ops, optimizers
from engine.datasets import Dataset, digits
from engine.metrics import accuracy, classes, if_finite
from engine.probabilities import log_softmax

AS_IS, COOLED = Series("softmax as it is", VERMILION), Series("with the temperature", BLUE)
HELD_OUT, STEPS = 400, 300
PACE = Pace(STEPS, 101)
BINS = 10
MIDDLES = (np.arange(BINS) + 0.5) / BINS


class CalibrationParams(Params):
    """How little there is to learn from, and how much of it is labelled wrong."""

    label_noise: float = slider(
        0.2,
        (0.0, 0.1, 0.2, 0.3, 0.4),
        label="wrong labels",
        help="Share of the training labels replaced by another digit. Validation and test labels are the true ones.",
        maximum=0.8,
    )
    samples: int = slider(
        150,
        (50, 100, 150, 300, 600),
        label="training digits",
        help="The fewer there are, the sooner the network knows them by heart.",
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
            title="Of the digits read with this confidence, how many are read right?",
            at=MIDDLES,
            series={"as is": AS_IS, "cooled": COOLED},
            fixed={"calibrated": MIDDLES},
            x=Axis("confidence: the largest probability, in tenths", (0, 1)),
            y=Axis("share right", (-0.02, 1.02)),
            mode="lines+markers",
            height=340,
        ),
        "loss": Lines(
            title=KEPT_DOWN.at(params),
            series={"as is": AS_IS, "cooled": COOLED},
            x=steps,
            y=Axis("mean negative log-probability", (0, 4)),
            height=340,
        ),
        "confidence": Lines(
            title="Confidence, the share that is right, and the temperature",
            series={
                "as is": Series("confidence as it is", VERMILION),
                "cooled": Series("confidence with the temperature", BLUE),
                "right": Series("share right", GREEN),
                "temperature": Series("temperature / 10", OCHRE, "dash"),
            },
            x=steps,
            y=Axis("mean over 400 test digits", (0, 1.02)),
            wide=True,
            height=280,
        ),
    }


def parts(params: CalibrationParams) -> tuple[Dataset, Dataset, Dataset]:
    """Train with its share of wrong labels; validation and test as they are."""
    rng, data = streams(params.seed), digits()
    train, validation, test = np.split(rng.data.permutation(data.size), [params.samples, params.samples + HELD_OUT])
    seen = data.take(train)
    wrong = rng.noise.random(seen.size) < params.label_noise
    labels = np.where(wrong, (seen.labels + rng.noise.integers(1, 10, seen.size)) % 10, seen.labels)
    return replace(seen, labels=labels), data.take(validation), data.take(test[:HELD_OUT])


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


def _part(graph: Graph, name: str, data: Dataset, network: Mlp) -> tuple[Node, Node]:
    """Logits and targets of a part of the data, which is a constant of the graph."""
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
    gaps = {name: calibration_error(confidence[name], hits[name]) for name in said}
    measured = {
        "temperature": temperature,
        "ratio": nll["cooled"] / nll["as is"],
        "overconfidence": means["as is"] - means["right"],
        "gap": gaps["as is"],
        "gap cooled": gaps["cooled"],
        "gap left": gaps["cooled"] / gaps["as is"],
        "saved": 1 - nll["cooled"] / nll["as is"],
        "changed": if_finite((classes(said["as is"]) != classes(said["cooled"])).sum(), logits),
    }
    return Snapshot(step, charts, measured=measured)


def _cooled(logits: np.ndarray, temperature: float) -> np.ndarray:
    """All logits divided by one positive number: their order, and so the answer, stays."""
    return logits / temperature


def _by_bin(confidence: np.ndarray, hits: np.ndarray) -> np.ndarray:
    """Share right in each tenth of confidence (BINS,); NaN where fewer than five digits fell."""
    counts, right = (np.bincount(_bins(confidence), weights, BINS) for weights in (None, hits))
    return np.where(counts >= 5, right / np.maximum(counts, 1), np.nan)


def calibration_error(confidence: np.ndarray, hits: np.ndarray) -> float:
    """The expected calibration error (Naeini et al., 2015): confidence minus share right, weighted by bin."""
    return float(np.abs(np.bincount(_bins(confidence), confidence - hits, BINS)).sum() / hits.size)


def _bins(confidence: np.ndarray) -> np.ndarray:
    """The tenth that each confidence falls into."""
    bins: np.ndarray = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return bins


MISTAUGHT = Ground(label_noise=between(0.2, 0.4), samples=150, hidden_units=64)
OVERCONFIDENT = Claim(
    "The network is overconfident: its mean confidence minus the share it reads right.",
    "overconfidence",
    at_least(0.08),
    MISTAUGHT,
)
LOWER_LOSS = Claim(
    "With the fitted temperature the test loss is this share of what it is without.", "ratio", at_most(0.8), MISTAUGHT
)
KEPT_DOWN = Title(
    "A temperature keeps the loss on new digits down", "The loss on new digits, with and without the temperature", (LOWER_LOSS,)
)

demo = Demo(
    name="calibration",
    title="Is “90 % sure” right 9 times in 10?",
    params=CalibrationParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        OVERCONFIDENT,
        Claim(
            "The temperature fitted on validation digits is above 1, which softens every answer.",
            "temperature",
            at_least(1.8),
            MISTAUGHT,
        ),
        LOWER_LOSS,
        Claim(
            "The expected calibration error that it leaves, as a share of the error without it.",
            "gap left",
            at_most(0.9),
            MISTAUGHT,
        ),
        Claim("The temperature changed this many answers.", "changed", exactly(0), by_construction=True),
    ),
    presets=(
        Preset("trained past its data", {}),
        Preset("true labels, and plenty of them", {"label_noise": 0.0, "samples": 600}),
        Preset("two wrong labels in five", {"label_noise": 0.4}),
        Preset("a small network", {"hidden_units": 8}),
    ),
    guesses=guesses.CALIBRATION,
    hint="On the dotted diagonal confidence is right. The red line sinks below it as the network learns its digits by heart.",
)
