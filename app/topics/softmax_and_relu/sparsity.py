"""ReLU’s exact zeros: one hidden layer on handwritten digits, with four activation functions, from the same weights."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Histogram, Lines, Series
from app.charts.colours import BLUE, OCHRE, PURPLE, VERMILION
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
from app.topics.softmax_and_relu import guesses
from engine import Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches, digits, split
from engine.metrics import accuracy, if_finite

SERIES = {
    "relu": Series("ReLU", VERMILION),
    "leaky_relu": Series("leaky ReLU", PURPLE, "dash"),
    "gelu": Series("GELU", OCHRE),
    "tanh": Series("tanh", BLUE),
}
"""The colours these have on the page about activation functions; leaky ReLU’s is its own here, where clouds overlap."""
NAMES = tuple(SERIES)
TRAINED, BATCH_SIZE, STEPS = 1297, 64, 300
PACE = Pace(STEPS, 81)


class SparsityParams(Params):
    """Where the hidden units begin, and how many there are."""

    hidden_bias: float = slider(
        0.0,
        (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0),
        label="hidden bias at the start",
        help="At 0 a unit is on for half the digits. The lower, the sparser; far enough down, units are off for every digit.",
        minimum=-6,
        maximum=6,
    )
    hidden_units: int = slider(
        128, (16, 32, 64, 128, 256), label="hidden units", help="Width of the one hidden layer.", minimum=2, log=True
    )
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Step length; momentum is 0.9.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: SparsityParams) -> dict[str, Chart]:
    """Exact zeros, accuracy, and how the activations are spread."""
    steps = Axis("step", (0, STEPS))
    return {
        "zeros": Lines(
            title=EXACT.at(params),
            series=SERIES | {"dead": Series("ReLU units off for every digit", VERMILION, "dot")},
            further=["leaky_relu", "tanh"],
            x=steps,
            y=Axis("share that is exactly zero", (-0.02, 1.02)),
            height=330,
        ),
        "accuracy": Lines(
            title="How well each reads digits it has not seen",
            series=SERIES,
            further=["leaky_relu"],
            x=steps,
            y=Axis("share of 500 unseen digits read right", (0, 1.02)),
            height=330,
        ),
        "activations": Histogram(
            title="How the hidden activations are spread",
            series={name: SERIES[name] for name in ("relu", "tanh", "gelu")},
            bins=40,
            x=Axis("activation of a hidden unit (at the ends, all beyond)", (-1.0, 4.0)),
            wide=True,
            height=280,
        ),
    }


def run(params: SparsityParams) -> Run:
    """64-h-10 on digits, each pixel’s mean taken off; He’s weights for all, batches of 64, momentum .9, all four in one plan."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED)
    centre = train.inputs.mean(axis=1, keepdims=True)
    seen, unseen = ((each.inputs - centre) / train.inputs.std() for each in (train, test))
    targets = train.one_hot

    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    sizes = (64, params.hidden_units, 10)
    networks = {
        name: mlp(graph, sizes, streams(params.seed).weights, name, "he", name=name, hidden_bias=params.hidden_bias)
        for name in NAMES
    }
    costs = [losses.softmax_cross_entropy(network(inputs), wanted) for network in networks.values()]
    together = zip(costs, networks.values(), strict=True)
    updates = [optimizers.momentum(cost, params.learning_rate, network.variables) for cost, network in together]
    shown_to_all = graph.placeholder("unseen", unseen.shape)
    inside = [network.apply(shown_to_all) for network in networks.values()]

    session = Session(graph)
    step = session.plan(costs, updates)
    look = session.plan([*(each.activations[0] for each in inside), *(each.outputs for each in inside)])
    look.feed({"unseen": unseen})
    guard, deal = Guard(session, step), batches(rng.batches, TRAINED, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            look.step()
            yield _snapshot(done, look.outputs[: len(NAMES)], look.outputs[len(NAMES) :], test.labels)
        batch = next(deal)
        feeds = {"inputs": seen[:, batch], "targets": targets[:, batch]}
        if broke := guard.step(**feeds):
            return Diverged(done, broke)
    return None


def _snapshot(step: int, hidden: tuple[np.ndarray, ...], outputs: tuple[np.ndarray, ...], labels: np.ndarray) -> Snapshot:
    """`hidden` activations (units, 500) and `outputs` (10, 500) of each network."""
    zeros = {name: if_finite((each == 0).mean(), each) for name, each in zip(NAMES, hidden, strict=True)}
    dead = if_finite((hidden[0].max(axis=1) <= 0).mean(), hidden[0])
    right = {name: accuracy(each, labels) for name, each in zip(NAMES, outputs, strict=True)}
    spread = {name: hidden[NAMES.index(name)][:, ::4] for name in ("relu", "tanh", "gelu")}
    measured = {f"{name} zeros": share for name, share in zeros.items()} | {
        f"{name} right": share for name, share in right.items()
    }
    least = float(np.min([*right.values()]))  # NaN when one is
    smooth = max(zeros["leaky_relu"], zeros["tanh"])
    measured |= {"dead": dead, "least right": least, "smooth zeros": smooth} | (
        {"relu zeros at first": zeros["relu"]} if step == 0 else {}
    )
    return Snapshot(step, {"zeros": {**zeros, "dead": dead}, "accuracy": right, "activations": spread}, measured=measured)


HALF_ON = Ground(hidden_bias=0.0, hidden_units=128, learning_rate=0.05)
SPARSER = Ground(hidden_bias=-1.0, hidden_units=128, learning_rate=0.05)
FAR_DOWN = Ground(hidden_bias=at_most(-4.0), hidden_units=128, learning_rate=0.05)

AFTER = Claim(
    "After training, too: the share of ReLU’s activations that are exactly zero.", "relu zeros", between(0.45, 0.57), HALF_ON
)
NOT_GELU = Claim("The share of GELU’s activations that are exactly zero.", "gelu zeros", at_most(0.001), HALF_ON)
EXACT = Title(
    "About half of ReLU’s activations are exactly zero", "The share of activations that are exactly zero", (AFTER, NOT_GELU)
)

demo = Demo(
    name="sparsity",
    title="ReLU’s zeros",
    params=SparsityParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "Before training, about half of ReLU’s activations are exactly zero: their share.",
            "relu zeros at first",
            between(0.47, 0.53),
            Ground(hidden_bias=0.0, hidden_units=at_least(64)),
        ),
        AFTER,
        NOT_GELU,
        Claim(
            "Leaky ReLU and tanh are zero only where their input is: the larger of their shares of exact zeros.",
            "smooth zeros",
            at_most(0.001),
            Ground(hidden_bias=between(-4.0, 2.0), learning_rate=0.05),
            by_construction=True,
        ),
        Claim(
            "All four learn to read: the smallest share of unseen digits read right.",
            "least right",
            at_least(0.94),
            Ground(hidden_bias=between(-1.0, 1.0), hidden_units=128, learning_rate=0.05),
        ),
        Claim(
            "From a bias of −1 ReLU stays sparser: the share of its activations that are zero.",
            "relu zeros",
            at_least(0.74),
            SPARSER,
        ),
        Claim(
            "From −4 or lower ReLU hardly wakes up: the share of its units that are off for every digit.",
            "dead",
            at_least(0.9),
            FAR_DOWN,
        ),
        Claim(
            "From −4 tanh learns all the same: the share of digits that it reads right.",
            "tanh right",
            at_least(0.92),
            Ground(hidden_bias=-4.0, hidden_units=128, learning_rate=0.05),
        ),
    ),
    presets=(
        Preset("half of them zero", {}),
        Preset("sparser", {"hidden_bias": -1.0}),
        Preset("the dead zone", {"hidden_bias": -4.0}),
        Preset("hardly sparse", {"hidden_bias": 2.0}),
    ),
    guesses=guesses.SPARSITY,
    hint="Watch ReLU’s pile of zeros in the last chart. Then lower the bias, and lower it again.",
)
