"""At initialization: what depth does to the gradient before anything is learnt, for seven named recipes and the visitor's own.

Nothing trains here. Every network gets the same digits and the same random numbers, is run once forward and once back, and the
frames then show both passes as they went: forward through the layers, and back from the last hidden layer to the first.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, Curves, Series
from app.topic import (
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
    switch,
)
from app.topics.vanishing_gradients import guesses
from app.topics.vanishing_gradients.recipes import (
    BATCH_SIZE,
    CLASSES,
    PIXELS,
    RECIPES,
    STYLES,
    YOURS,
    Recipe,
    line,
    network,
    norms,
)
from engine import Graph, Session, gradients, losses
from engine.datasets import digits
from engine.graph import Array

NAMED = ("sigmoid", "tanh", "relu_xavier", "relu", "sigmoid_norm", "relu_norm", "relu_residual")
FURTHER = ("tanh", "relu_xavier", "sigmoid_norm", "relu_norm", "relu_residual")
NAMES = ("yours", *NAMED)
SHORT = (
    "yours",
    "sigmoid",
    "tanh",
    "ReLU, Xavier",
    "ReLU, He",
    "sigmoid, norm",
    "ReLU, norm",
    "ReLU, residual",
)
STRIDE = 3
"""Layers a frame on the way forward. On the way back, which is what is to be seen, it is one."""


class InitializationParams(Params):
    """How the visitor's network is made, and how deep all of them are."""

    depth: int = slider(
        30,
        (2, 5, 10, 20, 30, 40, 50),
        label="depth",
        unit="hidden layers",
        help="Of all eight networks. Every layer multiplies the gradient once more.",
    )
    activation: Literal["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "linear"] = choice(
        "sigmoid",
        {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "gelu": "GELU", "linear": "linear"},
        label="activation",
        help="Of your network. Its slope is one of the two factors at each layer.",
    )
    initializer: Literal["xavier", "he", "lecun", "orthogonal"] = choice(
        "he",
        {"xavier": "Xavier", "he": "He", "lecun": "LeCun", "orthogonal": "orthogonal"},
        label="initializer",
        help="Of your network. The spread of the weights is the other factor.",
    )
    batch_norm: bool = switch(False, label="batch norm", help="Normalizes each layer’s sums over the batch.")
    residual: bool = switch(False, label="residual links", help="Adds each layer’s input to its output.")


class Passes(NamedTuple):
    """What both passes through one network were, by hidden layer, first to last, each (depth,)."""

    spread: Array
    """How far apart the samples are: the standard deviation over the batch of a layer's sums, root mean square over its units."""
    gradient: Array
    """The norm of dL/dz, divided by that at the last hidden layer."""
    factor: Array
    """The norm of dL/dz, divided by that one layer further on; the last is not known."""
    weights: float
    """The norm of dL/dW at the second hidden layer, divided by that at the last."""


def charts(params: InitializationParams) -> dict[str, Chart]:
    """The gradient by layer, its fall or rise in all, and why: the factor a layer, and the signal on its way forward."""
    depth = params.depth
    layers, down, up = Axis("hidden layer", (0.5, depth + 0.5)), -0.68 * depth - 1, 0.26 * depth + 1
    series = {"yours": Series("yours", YOURS, width=4.5)} | {name: line(name, 1.7) for name in NAMED}
    at = np.arange(1, depth + 1)
    return {
        "gradient": Curves(
            title="Backward, from right to left: what is left of the gradient at each layer",
            at=at,
            series=series,
            further=FURTHER,
            mode="lines+markers" if depth <= 10 else "lines",
            x=layers,
            y=Axis("norm of dL/dz, last hidden layer = 1", (10**down, 10**up), log=True),
            wide=True,
            height=340,
        ),
        "ratio": Bars(
            title="Powers of ten lost or gained on the way back so far",
            categories=SHORT,
            series={"ratio": Series("powers of ten", YOURS)},
            colours=[YOURS, *(STYLES[name][0] for name in NAMED)],
            x=Axis("network"),
            y=Axis("log10 of the ratio of norms", (down, up)),
            wide=True,
            height=260,
        ),
        "factor": Curves(
            title="Factor per layer: below 1 the gradient shrinks",
            at=at,
            series=series,
            further=FURTHER,
            fixed={"neither": np.ones(depth)},
            x=layers,
            y=Axis("norm of dL/dz, next layer = 1", (0, 2.4)),
            height=400,
        ),
        "spread": Curves(
            title="Forward: how far apart the samples still are",
            at=at,
            series=series,
            further=FURTHER,
            x=layers,
            y=Axis("spread of sums over the batch", (10 ** (-0.42 * depth - 0.5), 10 ** (0.25 * depth + 0.8)), log=True),
            height=400,
        ),
    }


def passes(recipe: Recipe, depth: int, seed: int) -> Passes:
    """Forward and back once, on one batch of digits, by the plain interpreter: a plan would not pay for a single run."""
    rng, data = streams(seed), digits()
    picked = data.take(rng.data.permutation(data.size)[:BATCH_SIZE])
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
    inside = network(graph, recipe, depth, rng.weights).apply(inputs)
    sums, loss = inside.pre_activations[:-1], losses.softmax_cross_entropy(inside.outputs, targets)
    feeds = {"inputs": picked.inputs, "targets": picked.one_hot}
    values = Session(graph).run([*sums, *gradients(loss, sums), *inside.activations], feeds)
    spread = np.sqrt([float(each.var(axis=1).mean()) for each in values[:depth]])
    slopes, fired = values[depth : 2 * depth], values[2 * depth :]
    sizes = norms(slopes)
    second, last = norms([slopes[1] @ fired[0].T, slopes[-1] @ fired[-2].T])
    return Passes(spread, sizes / sizes[-1], np.append(sizes[:-1] / sizes[1:], np.nan), second / last)


def run(params: InitializationParams) -> Run:
    """Eight networks, the visitor’s first, each a frame after the one before: fast forward, and back a layer a frame."""
    yours = Recipe("yours", params.activation, params.initializer, params.batch_norm, params.residual)
    recipes = [yours, *(RECIPES[name] for name in NAMED)]
    depth, known = params.depth, dict[str, Passes]()
    for frame in range(frames(params)):
        if frame < len(recipes):
            known[NAMES[frame]] = passes(recipes[frame], depth, params.seed)
        ages = {name: frame - place for place, name in enumerate(known)}
        reached = {name: depth + _ahead(depth) - age for name, age in ages.items()}
        lowest = {name: min(max(first, 0), depth - 1) for name, first in reached.items()}
        ratios = {name: float(np.log10(each.gradient[lowest[name]])) for name, each in known.items()}
        drawn = {
            "gradient": {name: _from(each.gradient, reached[name]) for name, each in known.items()},
            "factor": {name: _from(each.factor, reached[name]) for name, each in known.items()},
            "spread": {name: _upto(each.spread, STRIDE * ages[name]) for name, each in known.items()},
            "ratio": [ratios.get(name, 0.0) for name in NAMES],
        }
        yield Snapshot(frame, drawn, measured=_measured(known) if frame == frames(params) - 1 else {})
    return None


def _measured(known: dict[str, Passes]) -> dict[str, float]:
    """For each network the powers of ten from last to first hidden layer, and the factor per layer that makes them."""
    powers = {name: float(np.log10(each.gradient[0])) for name, each in known.items()}
    factors = {f"{name} factor": float(each.gradient[0] ** (1 / (len(each.gradient) - 1))) for name, each in known.items()}
    return powers | factors | {f"{name} weights": each.weights for name, each in known.items()}


def frames(params: InitializationParams) -> int:
    """There and back through all layers, and the late starters' delay."""
    return params.depth + _ahead(params.depth) + len(NAMES)


def _ahead(depth: int) -> int:
    """How many frames the way forward takes."""
    return -(-depth // STRIDE)


def _from(values: Array, first: int) -> Array:
    """The layers that the backward pass has reached; gaps before them."""
    return np.where(np.arange(len(values)) >= first, values, np.nan)


def _upto(values: Array, count: int) -> Array:
    """The layers that the forward pass has reached; gaps behind them."""
    return np.where(np.arange(len(values)) < count, values, np.nan)


DEEP = Ground(depth=at_least(30))

demo = Demo(
    name="initialization",
    title="At initialization",
    params=InitializationParams,
    charts=charts,
    run=run,
    frames=frames,
    claims=(
        Claim(
            "With sigmoid the gradient vanishes: powers of ten from the last hidden layer to the first.",
            "sigmoid",
            at_most(-17),
            DEEP,
        ),
        Claim("ReLU with Xavier’s weights loses some: powers of ten.", "relu_xavier", at_most(-3.5), DEEP),
        Claim(
            "Its gradient with respect to the weights hides that: the second layer’s over the last’s.",
            "relu_xavier weights",
            between(0.1, 10),
            DEEP,
        ),
        Claim(
            "ReLU with He’s weights roughly keeps the gradient’s size: powers of ten.",
            "relu",
            between(-1, 1),
            Ground(depth=at_most(30)),
        ),
        Claim("Batch norm cures sigmoid: powers of ten.", "sigmoid_norm", between(-0.5, 1.5), DEEP),
        Claim("With ReLU, batch norm makes the gradient explode: powers of ten.", "relu_norm", at_least(2.4), DEEP),
        Claim("Residual links on top of He’s weights do so even more: powers of ten.", "relu_residual", at_least(5), DEEP),
    ),
    presets=(
        Preset("sigmoid, He", {}),
        Preset("a shallow net", {"depth": 5}),
        Preset("linear, orthogonal", {"activation": "linear", "initializer": "orthogonal"}),
        Preset("tanh, batch norm", {"activation": "tanh", "initializer": "xavier", "batch_norm": True}),
        Preset("sigmoid, residual", {"initializer": "xavier", "residual": True}),
        Preset("ReLU, norm and residual", {"activation": "relu", "batch_norm": True, "residual": True}),
    ),
    guesses=guesses.INITIALIZATION,
    hint="No network trains here: the frames follow one pass forward and one back through each.",
)
