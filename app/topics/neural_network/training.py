"""A network of six hidden nodes learns to name irises: every number for one flower, while it learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import ACCURACY, VERMILION
from app.topic import Claim, Demo, Preset, Run, Snapshot, snapshot_steps
from app.topics.neural_network.flowers import SPECIES, STEPS, Classifier, FlowerParams, chosen, diagram, lengths_below, softmax
from engine.metrics import accuracy

FRAMES = 121


def charts(params: FlowerParams) -> dict[str, Chart]:
    """The network with its weights and what one flower makes of them, the answer, and how many flowers it gets right."""
    return {
        "network": diagram(params, f"The numbers for {chosen(params)[1]}: the weights change, so the answer does", "weight"),
        "answer": Bars(
            title=f"The answer for {chosen(params)[1]}",
            categories=SPECIES,
            series={"probability": Series("probability", VERMILION)},
            x=Axis("species"),
            y=Axis("probability", (0, 1)),
        ),
        "accuracy": Lines(
            title="Flowers it names right",
            series={"right": Series("all 150 irises", ACCURACY)},
            levels={"guessing": 1 / 3},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of flowers", (0, 1.02)),
        ),
    }


def run(params: FlowerParams) -> Run:
    """4-h-3, Xavier or He by the activation, full-batch Adam at .02, 200 steps on all 150 flowers."""
    classifier, before = Classifier(params), 0
    for step in snapshot_steps(STEPS, FRAMES):
        classifier.train(step - before)
        before = step
        yield _snapshot(step, classifier)
    return None


def _snapshot(step: int, classifier: Classifier) -> Snapshot:
    every, hidden, logits = classifier.look()
    answer, right = softmax(logits), accuracy(every, classifier.labels)
    network: dict[str, Any] = {"edges": classifier.weights, "nodes": [classifier.flower[:, 0], hidden, answer]}
    if step == 0:
        network["notes"] = lengths_below(classifier.lengths)
    measured = {"right": right} | ({"start": right} if step == 0 else {})
    moves = {"network": network, "answer": answer, "accuracy": {"right": right}}
    return Snapshot(step, moves, epoch=step, measured=measured | {"numbers": float(sum(map(np.size, classifier.weights)))})


demo = Demo(
    name="training",
    title="A network learns",
    params=FlowerParams,
    charts=charts,
    run=run,
    planned_frames=lambda params: len(snapshot_steps(STEPS, FRAMES)),
    claims=(
        Claim("Before training it knows nothing: share of flowers named right", "start", None, 0.8),
        Claim(
            "After 200 steps: share of flowers named right",
            "right",
            0.96,
            None,
            lambda params: params.hidden_units >= 4,
            "4 hidden nodes or more",
        ),
        Claim(
            "All it has learned is 51 numbers",
            "numbers",
            51,
            51,
            lambda params: params.hidden_units == 6,
            "6 hidden nodes",
        ),
    ),
    presets=(
        Preset("a doubtful versicolor", {}),
        Preset("an easy one", {"flower": 1}),
        Preset("one it gets wrong", {"flower": 84}),
        Preset("a single hidden node", {"hidden_units": 1}),
        Preset("a flower no iris has", {"measurements": "9, 9, 9, 9"}),
    ),
    hint="Choose another flower: the same network, other numbers.",
)
