"""Fewer bits: a network of digits trains, and at every look its weights are also rounded to 2 to 8 bits, in three ways."""

from __future__ import annotations

from typing import Literal

from app.charts import Axis, Chart, Curves, Histogram, ImageGrid, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, PROBABILITY_SCALE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Title,
    at_least,
    at_most,
    between,
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
    data,
    falling,
)
from app.topics.quantization.trial import EVERY_BITS, Trial
from engine import Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches

PACE = Pace(STEPS, 31)
WAYS = {
    "tensor": Series("one scale per layer", VERMILION),
    "channel": Series("one scale per unit", BLUE),
    "equalized": Series("equalized, one per layer", GREEN),
}
FLOAT = Series("32-bit float", GREY)
KEPT = 1.0
"""Weights are drawn up to here."""


class BitsParams(Params):
    """How many bits a weight has, how large the outlier is, and whether activations are rounded as well."""

    bits: int = slider(
        4, EVERY_BITS, label="bits", unit="bits", help="Of a weight, in all charts but the first, which shows all of them."
    )
    outlier: float = slider(
        50.0,
        (1.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0),
        label="outlier",
        unit="times",
        help="How much larger one hidden unit’s weights are; those that read it shrink by the same factor. "
        "In float nothing changes.",
        log=True,
    )
    activations: Literal["float", "8", "4"] = choice(
        "float",
        {"float": "in float", "8": "8 bits", "4": "4 bits"},
        label="activations",
        help="If rounded, all those of a layer share one grid from 0 to the largest seen on the training digits.",
    )


def charts(params: BitsParams) -> dict[str, Chart]:
    """Accuracy by bits and by step, and the first layer's weights as a picture and as numbers."""
    return {
        "bits": Curves(
            title=TITLE.at(params),
            at=EVERY_BITS,
            series={"float": Series(FLOAT.name, GREY, "dot"), **WAYS},
            x=Axis("bits per weight", (1.8, 8.2)),
            y=Axis("share of unseen digits read right", (0, 1.02)),
            mode="lines+markers",
        ),
        "steps": Lines(
            title=f"While it trains in float, and is rounded to {params.bits} bits at each look",
            series={"float": Series(FLOAT.name, GREY, "dot"), **WAYS},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of unseen digits read right", (0, 1.02)),
        ),
        "kept": ImageGrid(
            title="The first layer: what rounding leaves of it",
            rows=1,
            columns=4,
            image=SIZES[:2],
            low=-KEPT / 2,
            high=KEPT / 2,
            colours=PROBABILITY_SCALE,
            column_names=("float", "per layer", "per unit", "equalized"),
            x=Axis("pixel, weights from −0.5 blue to 0.5 red"),
            y=Axis("unit"),
        ),
        "weights": Histogram(
            title="The first layer’s weights, and where one scale puts them",
            series={"float": FLOAT, "tensor": WAYS["tensor"]},
            bins=61,
            x=Axis("weight (at the ends, all beyond)", (-KEPT, KEPT)),
        ),
    }


def run(params: BitsParams) -> Run:
    """64-64-64-10 by Adam on 1200 digits, batches of 64, the rate falling to a tenth; rounded copies are tried on the rest."""
    rng = streams(params.seed)
    train, test = data(rng.data)
    seen, targets = train.inputs, train.one_hot

    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    network = mlp(graph, SIZES, rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), wanted)
    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])

    trial = Trial(params.bits, params.outlier, params.activations, seen, test)
    guard, deal = Guard(session, step), batches(rng.batches, TRAINED, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            yield trial.look(done, [session.value(each) for each in network.variables])
        batch = next(deal)
        rate = falling(LEARNING_RATE, done, STEPS)
        if broke := guard.step(inputs=seen[:, batch], targets=targets[:, batch], learning_rate=rate):
            return Diverged(done, broke)
    return None


FOUR = {"bits": 4, "activations": "float"}
BROKEN = Claim(
    "One scale per layer, stretched by the outlier, leaves 4 bits no better than guessing: its share read right.",
    "tensor",
    at_most(0.25),
    Ground(outlier=between(50, 200), **FOUR),
)
PER_UNIT = Claim(
    "With one scale per unit the same 4 bits read nearly as well as float: their share right.",
    "channel",
    at_least(0.9),
    Ground(**FOUR),
)
EQUAL = Claim("After equalization one scale per layer is enough: its share right.", "equalized", at_least(0.92), Ground(**FOUR))
SAME = Claim(
    "In float the outlier changes nothing: the largest difference it makes to an output.",
    "moved",
    at_most(1e-3),
    by_construction=True,
)
EIGHT = Claim(
    "At 8 bits with one scale per unit the answers stay the same: the share of unseen digits read as in float.",
    "channel unchanged at 8",
    at_least(0.99),
    Ground(outlier=at_most(50), activations="float"),
)
CHEAP = Claim(
    "Without an outlier one scale per layer will do at 4 bits: its share right.",
    "tensor",
    at_least(0.9),
    Ground(outlier=1, **FOUR),
)
LOST = Claim(
    "At 2 bits, which leave −1, 0 and 1, rounding after training with one scale per layer loses this share of the digits.",
    "lost at 2",
    at_least(0.5),
)
SIX = Claim(
    "Each bit from 4 to 8 lowers the rounding noise of the second layer by about 6 decibels.", "decibels", between(5.7, 6.9)
)
ACTIVATED = Claim(
    "An outlier in 4-bit activations is not cured by a scale for each unit’s weights: the share right.",
    "channel",
    at_most(0.5),
    Ground(bits=at_least(4), outlier=between(50, 200), activations="4"),
)
MOVED = Claim(
    "Equalization, which moves the outlier’s size into the next weights, cures it: its share right.",
    "equalized",
    at_least(0.9),
    Ground(bits=at_least(4), activations="4"),
)
TITLE = Title(
    "An outlier, not four bits, spoils one scale per layer", "Share read right, by bits per weight", (BROKEN, PER_UNIT, EQUAL)
)

demo = Demo(
    name="bits",
    title="Fewer bits",
    params=BitsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(BROKEN, PER_UNIT, EQUAL, SAME, EIGHT, CHEAP, LOST, SIX, ACTIVATED, MOVED),
    presets=(
        Preset("an outlier at 4 bits", {}),
        Preset("no outlier", {"outlier": 1.0}),
        Preset("8 bits", {"bits": 8}),
        Preset("2 bits, no outlier", {"bits": 2, "outlier": 1.0}),
        Preset("activations of 4 bits too", {"activations": "4"}),
    ),
    guesses=guesses.BITS,
    hint="Look at the three lines at 4 bits: all come from the same network. Then set the outlier to 1.",
)
