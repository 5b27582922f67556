"""A forward and a backward pass, one edge per frame, with the arithmetic written out; then, as a separate part, the update."""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, NetworkDiagram, Series, Working
from app.charts.colours import BLUE, LOSS, OCHRE
from app.topic import Claim, Demo, Ground, Preset, Run, Snapshot, at_most, between, exactly, one_of, slider
from app.topics.backpropagation import board, guesses
from app.topics.backpropagation.by_hand import ByHand, Edge
from app.topics.backpropagation.tiny import EDGES, LAYERS, SIZES, SMOOTH, USUAL_INPUTS, Tiny, TinyParams, by_layer, error
from engine import Array

UPDATES = 20
H = 1e-5
NODES = [(layer, unit) for layer, names in enumerate(LAYERS) for unit in range(len(names)) if layer]
FRAMES = 1 + (len(EDGES) + 1) + (len(NODES) + len(EDGES)) + len(NODES) + UPDATES


class EdgesParams(TinyParams):
    """And how large a step the optimizer takes afterwards."""

    learning_rate: float = slider(
        0.3,
        (0.03, 0.1, 0.3, 1.0, 3.0),
        label="learning rate",
        help="How far the optimizer moves the weights against the gradient, after the backward pass.",
        log=True,
        minimum=0.001,
        maximum=10,
    )


def charts(params: EdgesParams) -> dict[str, Chart]:
    """The network with the arithmetic of the moment, each gradient with its check, and the loss."""
    return {
        "network": NetworkDiagram(
            title="Activations forward, from the left; then deltas (δ) backward, from the right; then new weights",
            layers=LAYERS,
            bias=True,
            numbers=True,
            wide=True,
            node_size=42,
            height=380,
        ),
        "working": Working(title="The node or edge under way", lines=board.MOST_LINES, wide=True),
        "check": Bars(
            title="Each weight’s gradient, by backpropagation and by nudging the weight",
            categories=EDGES,
            series={"chain": Series("backpropagation", BLUE), "nudge": Series("nudged, two forward passes", OCHRE)},
            x=Axis("edge"),
            y=Axis("loss per unit of weight"),
        ),
        "loss": Lines(
            title="The loss over 20 updates by the optimizer",
            series={"loss": Series("loss of this sample", LOSS)},
            x=Axis("update", (0, UPDATES)),
            y=Axis("loss", (0, 1.15 * Tiny(params).loss())),
        ),
    }


def run(params: EdgesParams) -> Run:
    """2-3-2-2 with softmax and cross-entropy, one sample: a forward pass, a backward pass, then 20 steps of gradient descent."""
    tiny = Tiny(params, learning_rate=params.learning_rate)
    hand, start, nudged = _by_hand(tiny, params), tiny.values.copy(), np.full(len(EDGES), np.nan)
    yield Snapshot(0, _network(hand, start) | _check(hand, nudged) | {"working": board.RULES})

    steps = count(1)
    for edge in hand.forward():
        drawn = _network(hand, start, [edge] if edge else []) | {"working": board.forward(hand, edge)}
        yield Snapshot(next(steps), drawn if edge else drawn | {"loss": {"loss": (0, hand.loss)}})
    for place in hand.backward():
        if len(place) == 2:
            marked, lines = _after(*place), board.delta(hand, place)
        else:
            at = next(iter(np.flatnonzero(np.isfinite(hand.gradient) & np.isnan(nudged))))
            nudged[at] = tiny.difference(int(at), H)
            marked, lines = [place], board.slope(hand, place, float(nudged[at]))
        yield Snapshot(next(steps), _network(hand, start, marked) | _check(hand, nudged) | {"working": lines})
    measured = {
        "engine": float(np.abs(hand.gradient - tiny.gradient()).max()),
        "nudged": error(nudged, hand.gradient),
        "passes": float(tiny.passes),
        "moved": float(np.abs(tiny.values - start).max()),
        "back": _back(hand),
    }

    values = start.copy()
    for layer, unit in NODES:
        by_layer(values)[layer - 1][unit] -= params.learning_rate * hand.slopes[layer - 1][unit]
        drawn = _network(hand, values, [(layer - 1, unit, source) for source in range(SIZES[layer - 1] + 1)])
        yield Snapshot(next(steps), drawn | {"working": board.update(hand, (layer, unit), params.learning_rate)})
    before = hand.loss
    for update in range(1, UPDATES + 1):
        tiny.update()
        hand = _by_hand(tiny, params)
        _ = [*hand.forward(), *hand.backward()]
        drawn = _network(hand, tiny.values) | _check(hand, tiny.differences(H)) | {"loss": {"loss": (update, hand.loss)}}
        left = hand.loss / before if before else math.nan  # of nothing there is no share
        yield Snapshot(next(steps), drawn | {"working": [board.loss(hand)]}, measured=measured | {"left": left})
    return None


def _by_hand(tiny: Tiny, params: EdgesParams) -> ByHand:
    return ByHand(tiny.values, tiny.inputs, tiny.target, params.activation)


def _after(layer: int, unit: int) -> list[Edge]:
    """The edges on which a node's delta came back."""
    return [(layer, later, unit) for later in range(SIZES[layer + 1])] if layer + 1 < len(SIZES) else []


def _back(hand: ByHand) -> float:
    """The length of the first hidden layer's deltas, as a share of that of the outputs'; NaN where there is none to come back."""
    sent, arrived = (float(np.linalg.norm(hand.deltas[layer])) for layer in (-1, 1))
    return arrived / sent if sent else math.nan


def _network(hand: ByHand, values: Array, marked: list[Edge] | None = None) -> dict[str, Any]:
    """Activations in the nodes, weights on the edges, deltas and targets beside the nodes."""
    nodes = [each.copy() for each in hand.nodes]
    return {
        "network": {"nodes": nodes, "edges": by_layer(values.copy()), "notes": _notes(hand), "highlight": marked or []},
    }


def _notes(hand: ByHand) -> dict[tuple[int, int], str]:
    """Beside each output its target, until it has a delta as every node will."""
    last = len(LAYERS) - 1
    targets = {(last, unit): f"target {int(unit == hand.target)}" for unit in range(SIZES[last])}
    deltas = {place: float(hand.deltas[place[0]][place[1]]) for place in NODES}
    return targets | {
        place: f"δ {round(delta, 3) + 0.0:.3f}".replace("-", "−") for place, delta in deltas.items() if math.isfinite(delta)
    }


def _check(hand: ByHand, nudged: Array) -> dict[str, Any]:
    return {"check": {"chain": hand.gradient, "nudge": nudged.copy()}}


demo = Demo(
    name="edges",
    title="One backward pass, edge by edge",
    params=EdgesParams,
    charts=charts,
    run=run,
    frames=FRAMES,
    frame_seconds=0.7,
    claims=(
        Claim(
            "Nudging each weight by 0.00001 gives the same gradient: the largest difference over the largest gradient.",
            "nudged",
            at_most(1e-9),
            SMOOTH,
        ),
        Claim(
            "The optimizer’s 20 updates lower the loss of this sample: what is left of it, as a share.",
            "left",
            at_most(0.5),
            Ground(
                activation=one_of("tanh", "sigmoid"),
                weights="",
                inputs=USUAL_INPUTS,
                weight_scale=between(0.25, 1.0),
                learning_rate=between(0.3, 1.0),
            ),
        ),
        Claim(
            "The chain rule in plain numbers and the engine agree: the largest difference between their 23 gradients.",
            "engine",
            at_most(1e-12),
            by_construction=True,
        ),
        Claim(
            "Nudging took this many forward passes, against one forward and one backward pass.",
            "passes",
            exactly(2 * len(EDGES)),
            by_construction=True,
        ),
        Claim("The backward pass itself moved no weight: the largest change.", "moved", exactly(0), by_construction=True),
    ),
    presets=(
        Preset("tanh", {}),
        Preset("weights four times as large", {"weight_scale": 4.0}),
        Preset("sigmoid", {"activation": "sigmoid"}),
        Preset("ReLU: exact zeros", {"activation": "relu"}),
        Preset("an edge of your own", {"weights": "h1-g1=5"}),
    ),
    guesses=guesses.EDGES,
    hint="Follow one edge: its product on the way forward, its gradient on the way back, its new weight at the end.",
)
