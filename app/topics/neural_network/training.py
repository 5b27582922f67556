"""A network of six hidden nodes learns to name irises: every number for one flower, while it learns."""

from __future__ import annotations

from typing import Any

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import ACCURACY, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Preset, Run, Snapshot, at_least, exactly
from app.topics.neural_network.flowers import SPECIES, STEPS, Classifier, FlowerParams, chosen, diagram, lengths_below
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import softmax

PACE = Pace(STEPS, 121)


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
    began = classifier.weights, accuracy(classifier.look()[0], classifier.labels)
    for step in PACE.moments:
        classifier.train(step - before)
        before = step
        yield _snapshot(step, classifier, *began)
    return None


def _snapshot(step: int, classifier: Classifier, first_weights: list[Array], first_right: float) -> Snapshot:
    """The state after `step` updates, beside the weights it began with and what those got right."""
    every, hidden, logits = classifier.look()
    answer, right = softmax(logits), accuracy(every, classifier.labels)
    network: dict[str, Any] = {"edges": classifier.weights, "nodes": [classifier.flower[:, 0], hidden, answer]}
    if step == 0:
        network["notes"] = lengths_below(classifier.lengths)
    moved = sum(int((now != first).sum()) for now, first in zip(classifier.weights, first_weights, strict=True))
    drawn = {"network": network, "answer": answer, "accuracy": {"right": right}}
    return Snapshot(step, drawn, epoch=step, measured={"right": right, "gained": right - first_right, "moved": moved})


def _wide_enough(params: FlowerParams) -> bool:
    return params.hidden_units >= 4


WIDE_ENOUGH = "4 hidden nodes or more"

demo = Demo(
    name="training",
    title="A network learns",
    params=FlowerParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("After 200 steps: share of flowers named right", "right", at_least(0.96), Ground(WIDE_ENOUGH, _wide_enough)),
        Claim("That is more than its random start got right, by", "gained", at_least(0.15), Ground(WIDE_ENOUGH, _wide_enough)),
        Claim(
            "All it has learned is 51 numbers: so many have moved",
            "moved",
            exactly(51),
            Ground("6 hidden nodes, tanh or sigmoid", lambda params: params.hidden_units == 6 and params.activation != "relu"),
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
