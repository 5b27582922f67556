"""Training with the rounding in place: two copies of a trained network go on, one with a gradient through it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Histogram, ImageGrid, Lines, Series
from app.charts.colours import BLUE, GREY, PROBABILITY_SCALE, VERMILION
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
    choice,
    slider,
    streams,
)
from app.topics.quantization import guesses
from app.topics.quantization.network import (
    BATCH_SIZE,
    LEARNING_RATE,
    SIZES,
    STEPS,
    TRAINED,
    Layers,
    activations,
    data,
    falling,
)
from engine import Array, Graph, Guard, Node, Session, losses, mlp, ops, optimizers
from engine.datasets import batches
from engine.metrics import accuracy
from engine.networks.quantization import quantized, straight_through

LONGER, AT_ONCE = 400, 50
PACE = Pace(LONGER, 61)
COPIES = {"through": Series("straight through", BLUE, width=3), "stopped": Series("true gradient, zero", VERMILION)}


class TrainingParams(Params):
    """How few bits the two copies have, and how the second training goes."""

    bits: int = slider(2, (2, 3, 4), label="bits", unit="bits", help="Of a weight; at 2 it is −1, 0 or 1 times the scale.")
    per: Literal["channel", "tensor"] = choice(
        "channel",
        {"channel": "per unit", "tensor": "per layer"},
        label="one scale",
        help="For the weights of each unit, or for all of a layer.",
    )
    learning_rate: float = slider(
        0.001, (0.0001, 0.0003, 0.001, 0.003, 0.01), label="learning rate", help="Of Adam, in the second training.", log=True
    )


def charts(params: TrainingParams) -> dict[str, Chart]:
    """Accuracy of both copies, how far their weights have moved, and the first layer before and after the rounding."""
    steps = Axis("step with the rounding in place", (0, LONGER))
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series={"float": Series("32-bit float, as trained", GREY, "dot"), **COPIES},
            x=steps,
            y=Axis("share of unseen digits read right", (0, 1.02)),
        ),
        "moved": Lines(
            title="How far the weights under the rounding have moved",
            series=COPIES,
            x=steps,
            y=Axis("mean change of a weight over its mean size", (-0.02, 0.5)),
        ),
        "weights": Histogram(
            title="The first layer, straight through: under the rounding and rounded",
            series={"under": Series("kept in float", GREY), "rounded": Series("used", BLUE)},
            bins=61,
            x=Axis("weight (at the ends, all beyond)", (-1, 1)),
        ),
        "used": ImageGrid(
            title="The weights that are used",
            rows=1,
            columns=2,
            image=SIZES[:2],
            low=-0.5,
            high=0.5,
            colours=PROBABILITY_SCALE,
            column_names=("straight through", "zero gradient"),
            x=Axis("pixel, weights from −0.5 blue to 0.5 red"),
            y=Axis("unit"),
        ),
    }


def pretrained(params: TrainingParams, seen: Array, targets: Array) -> Generator[None, None, Layers]:
    """The weights of 64-64-64-10 after 800 steps of Adam in float, in pieces."""
    rng = streams(params.seed)
    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    network = mlp(graph, SIZES, rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), wanted)
    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    deal = batches(rng.batches, TRAINED, BATCH_SIZE)
    for done in range(STEPS):
        batch = next(deal)
        step.step(inputs=seen[:, batch], targets=targets[:, batch], learning_rate=falling(LEARNING_RATE, done, STEPS))
        if done % AT_ONCE == 0:
            yield
    return [session.value(each) for each in network.variables]


def rounding(variables: list[Node], inputs: Node, params: TrainingParams, through: bool) -> Node:
    """The logits of a network whose weights are rounded on the way forward."""
    hidden = inputs
    for place, weights in enumerate(variables):
        summed = ops.affine(straight_through(weights, params.bits, params.per, through), hidden)
        hidden = summed if place == len(variables) - 1 else ops.relu(summed)
    return hidden


def run(params: TrainingParams) -> Run:
    """Trained in float, then 400 steps of Adam more with rounded weights: the rounding passes the gradient on, or stops it."""
    rng = streams(params.seed)
    train, test = data(rng.data)
    seen, unseen, targets = train.inputs, test.inputs, train.one_hot
    layers = yield from pretrained(params, seen, targets)

    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    rate = graph.placeholder("learning_rate")
    copies = {
        name: [graph.variable(f"{name} layer {place}/weights", each) for place, each in enumerate(layers, start=1)]
        for name in COPIES
    }
    made = [rounding(copies[name], inputs, params, name == "through") for name in COPIES]
    costs = [losses.softmax_cross_entropy(each, wanted) for each in made]
    updates = [optimizers.adam(cost, rate, copies[name]) for cost, name in zip(costs, COPIES, strict=True)]
    session = Session(graph)
    step = yield from session.planning([costs[0] + costs[1]], updates)

    guard, deal = Guard(session, step), batches(rng.noise, TRAINED, BATCH_SIZE)
    in_float = accuracy(activations(layers, unseen)[-1], test.labels)
    for done, shown in PACE:
        if shown:
            now = {name: [session.value(each) for each in variables] for name, variables in copies.items()}
            used = {name: [quantized(each, params.bits, params.per) for each in mine] for name, mine in now.items()}
            right = {name: accuracy(activations(mine, unseen)[-1], test.labels) for name, mine in used.items()}
            yield _snapshot(
                done, {"float": in_float} | right, {name: moved(layers, mine) for name, mine in now.items()}, now, used
            )
        batch = next(deal)
        falls = falling(params.learning_rate, done, LONGER)
        if broke := guard.step(inputs=seen[:, batch], targets=targets[:, batch], learning_rate=falls):
            return Diverged(done, broke)
    return None


def moved(before: Layers, now: Layers) -> float:
    """The mean change of the weights, biases left out, over their mean size before."""
    change = sum(float(np.abs(new - old)[:, :-1].sum()) for old, new in zip(before, now, strict=True))
    return change / sum(float(np.abs(old[:, :-1]).sum()) for old in before)


def _snapshot(
    done: int, right: dict[str, float], far: dict[str, float], now: dict[str, Layers], used: dict[str, Layers]
) -> Snapshot:
    under, rounded = (layers["through"][0][:, :-1] for layers in (now, used))
    drawn = {
        "accuracy": right,
        "moved": far,
        "weights": {"under": under, "rounded": rounded},
        "used": np.stack([used[name][0][:, :-1] for name in COPIES]),
    }
    told = right | {f"{name} moved": value for name, value in far.items()} | {"gain": right["through"] - right["stopped"]}
    return Snapshot(done, drawn, measured=told | ({"at once": right["through"]} if done == 0 else {}))


HOME = Ground(bits=2, per="channel", learning_rate=0.001)
LEARNS = Claim(
    "Trained with the rounding in place, a network of 2-bit weights reads well: the share of unseen digits right.",
    "through",
    at_least(0.88),
    HOME,
)
ROUNDED = Claim(
    "Rounded to 2 bits after training, before any further step, the same network does not: its share right.",
    "at once",
    at_most(0.75),
    Ground(bits=2),
)
GAIN = Claim(
    "A gradient that passes through the rounding is worth more than biases alone: the difference in the share right.",
    "gain",
    at_least(0.06),
    HOME,
)
STILL = Claim(
    "The true gradient of rounding is zero, so no weight of the second copy moves: their mean change.",
    "stopped moved",
    at_most(0),
    by_construction=True,
)
FREE = Claim(
    "At 4 bits there is hardly anything to train for: the share right at once, before any further step.",
    "at once",
    at_least(0.9),
    Ground(bits=4),
)
TITLE = Title(
    "With a gradient straight through the rounding, 2 bits are enough", "Share read right, by step", (LEARNS, ROUNDED, GAIN)
)

demo = Demo(
    name="training",
    title="Train with the rounding in place",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LEARNS, ROUNDED, GAIN, STILL, FREE),
    presets=(
        Preset("2 bits, a scale per unit", {}),
        Preset("2 bits, a scale per layer", {"per": "tensor"}),
        Preset("4 bits", {"bits": 4}),
    ),
    guesses=guesses.TRAINING,
    hint="Both copies begin with the same trained weights, rounded. Watch the one whose gradient passes through the rounding.",
)
