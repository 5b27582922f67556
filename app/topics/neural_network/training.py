"""A network of six hidden nodes learns to name irises: every number for one flower, while it learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import ACCURACY, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Preset, Run, Snapshot, at_least, exactly, one_of, slider
from app.topics.neural_network import guesses
from app.topics.neural_network.flowers import SPECIES, Classifier, FlowerParams, chosen, diagram, lengths_below
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import softmax

HARD = (84, 134)
"""Two flowers whose petals are those of the other species, numbered from 1."""


class TrainingParams(FlowerParams):
    """How long the network trains."""

    steps: int = slider(
        200, (100, 200, 1000, 3000), label="training", unit="steps", help="How long the network learns.", minimum=10, maximum=5000
    )


def pace(params: TrainingParams) -> Pace:
    """As long as the visitor wants."""
    return Pace(params.steps, 121)


def charts(params: TrainingParams) -> dict[str, Chart]:
    """The network with its weights and what one flower makes of them, the answer, and how many flowers it gets right."""
    return {
        "network": diagram(params, f"The weights, and what they make of {chosen(params)[1]}", "weight"),
        "answer": Bars(
            title=f"The answer for {chosen(params)[1]}",
            categories=SPECIES,
            series={"probability": Series("probability", VERMILION)},
            x=Axis("species"),
            y=Axis("probability", (0, 1)),
        ),
        "accuracy": Lines(
            title="Share of the flowers named right",
            series={"right": Series("all 150 irises", ACCURACY)},
            levels={"guessing": 1 / 3},
            x=Axis("step", (0, params.steps)),
            y=Axis("share of flowers", (0, 1.02)),
        ),
    }


def run(params: TrainingParams) -> Run:
    """4-h-3, Xavier or He by the activation, full-batch Adam at .02 on the cross-entropy of all 150 flowers."""
    classifier = Classifier(params)
    began = classifier.weights, accuracy(classifier.look()[0], classifier.labels)
    for done, shown in pace(params):
        if shown:
            yield _snapshot(done, classifier, *began)
        classifier.step()
    return None


def _snapshot(step: int, classifier: Classifier, first_weights: list[Array], first_right: float) -> Snapshot:
    """The state after `step` updates, beside the weights it began with and what those got right."""
    every, hidden, logits = classifier.look()
    answer, right = softmax(logits), accuracy(every, classifier.labels)
    network: dict[str, Any] = {"edges": classifier.weights, "nodes": [classifier.flower[:, 0], hidden, answer]}
    if step == 0:
        network["notes"] = lengths_below(classifier.lengths)
    drawn = {"network": network, "answer": answer, "accuracy": {"right": right}}
    missed = every.argmax(axis=0) != classifier.labels
    measured = {"right": right, "gained": right - first_right, "missed": int(missed.sum())}
    measured |= {"hard": int(missed[np.array(HARD) - 1].sum()), "certain": float(answer.max())}
    measured["moved"] = sum(int((now != first).sum()) for now, first in zip(classifier.weights, first_weights, strict=True))
    return Snapshot(step, drawn, epoch=step, measured=measured)


LEARNED = Ground(hidden_units=at_least(4), steps=at_least(200))

demo = Demo(
    name="training",
    title="A network learns",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        Claim("After 200 steps or more the network names this share of the 150 flowers right.", "right", at_least(0.96), LEARNED),
        Claim(
            "The share is this much higher than it was with the random weights at the start.", "gained", at_least(0.15), LEARNED
        ),
        Claim(
            "Of flowers 84 and 134, which look like the other species, this many are named wrong.",
            "hard",
            exactly(2),
            Ground(hidden_units=6, activation="tanh", steps=200),
        ),
        Claim(
            "All that the network has learned is 51 numbers: this many have moved.",
            "moved",
            exactly(51),
            Ground(hidden_units=6, activation=one_of("tanh", "sigmoid"), steps=at_least(100)),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("a doubtful versicolor", {}),
        Preset("an easy one", {"flower": 1}),
        Preset("one it gets wrong", {"flower": 84}),
        Preset("a single hidden node", {"hidden_units": 1}),
        Preset("a single hidden node, trained longer", {"hidden_units": 1, "steps": 3000}),
        Preset("a flower no iris has", {"measurements": "9, 9, 9, 9"}),
    ),
    guesses=guesses.TRAINING,
    hint="Watch the edges change colour while the bar of the right species rises. Then choose another flower.",
)
