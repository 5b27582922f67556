"""One backward pass, an edge a frame, in real numbers; then the optimizer takes over and uses what it found."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, NetworkDiagram, Series
from app.charts.colours import BLUE, LOSS, OCHRE
from app.topic import Claim, Demo, Ground, Preset, Run, Snapshot, at_most, exactly, slider
from app.topics.backpropagation.by_hand import ByHand, Edge
from app.topics.backpropagation.tiny import EDGES, LAYERS, SIZES, SMOOTH, Tiny, TinyParams, by_layer, error, smooth

UPDATES = 20
H = 1e-5
FORWARD, BACKWARD = sum(SIZES[1:]) + 1, sum(SIZES[1:]) + len(EDGES)


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
    """The network twice, backward with its gradients, forward with its weights; the check; and the loss."""
    return {
        "backward": _diagram("Backward, from the right: deltas in the nodes, a gradient on every edge", "gradient", 0.5),
        "forward": _diagram("Forward, from the left: activations in the nodes, weights on the edges"),
        "check": Bars(
            title="Each gradient, and again by nudging the weight",
            categories=EDGES,
            series={"chain": Series("backpropagation", BLUE), "nudge": Series("nudged, two forward passes", OCHRE)},
            x=Axis("edge"),
            y=Axis("loss per unit of weight"),
        ),
        "loss": Lines(
            title="Only the optimizer moves weights: 20 updates",
            series={"loss": Series("loss of this sample", LOSS)},
            x=Axis("update", (0, UPDATES)),
            y=Axis("loss", (0, 1.15 * Tiny(params).loss())),
        ),
    }


def _diagram(title: str, edge_name: str = "weight", limit: float = 2.0) -> NetworkDiagram:
    """The network, full colour and width at `limit`."""
    look: dict[str, Any] = {
        "node_limit": min(limit, 1.0),
        "edge_limit": limit,
        "edge_name": edge_name,
        "digits": 3 if limit < 1 else 2,
        "node_size": 42,
    }
    return NetworkDiagram(title=title, layers=LAYERS, bias=True, numbers=True, wide=True, height=340, **look)


def run(params: EdgesParams) -> Run:
    """2-3-2-2 with softmax and cross-entropy, one sample: a forward pass, a backward pass, then 20 steps of gradient descent."""
    tiny = Tiny(params, learning_rate=params.learning_rate)
    hand, start, nudged = _by_hand(tiny, params), tiny.values.copy(), np.full(len(EDGES), np.nan)
    yield Snapshot(0, _forward(hand, tiny, []) | _backward(hand, []) | _check(hand, nudged))
    step = 0
    for step, marked in enumerate(hand.forward(), start=1):
        yield Snapshot(step, _forward(hand, tiny, marked) | ({"loss": {"loss": (0, hand.loss)}} if step == FORWARD else {}))
    for step, marked in enumerate(hand.backward(), start=FORWARD + 1):
        for place in np.flatnonzero(np.isfinite(hand.gradient) & np.isnan(nudged)):
            nudged[place] = tiny.difference(int(place), H)
        yield Snapshot(step, _forward(hand, tiny, []) | _backward(hand, marked) | _check(hand, nudged))
    measured = {
        "engine": float(np.abs(hand.gradient - tiny.gradient()).max()),
        "nudged": error(nudged, hand.gradient),
        "passes": float(tiny.passes),
        "moved": float(np.abs(tiny.values - start).max()),
    }
    before = hand.loss
    for update in range(1, UPDATES + 1):
        tiny.update()
        hand = _by_hand(tiny, params)
        _ = [*hand.forward(), *hand.backward()]
        drawn = _forward(hand, tiny, []) | _backward(hand, []) | _check(hand, tiny.differences(H))
        left = hand.loss / before if before else math.nan  # of nothing there is no share
        yield Snapshot(step + update, drawn | {"loss": {"loss": (update, hand.loss)}}, measured=measured | {"left": left})
    return None


def _by_hand(tiny: Tiny, params: EdgesParams) -> ByHand:
    return ByHand(tiny.values, tiny.inputs, tiny.target, params.activation)


def _forward(hand: ByHand, tiny: Tiny, marked: list[Edge]) -> dict[str, Any]:
    last = len(LAYERS) - 1
    notes = {(last, unit): f"target {int(unit == tiny.target)}" for unit in range(SIZES[last])}
    nodes = [each.copy() for each in hand.nodes]
    return {"forward": {"nodes": nodes, "edges": by_layer(tiny.values.copy()), "notes": notes, "highlight": marked}}


def _backward(hand: ByHand, marked: list[Edge]) -> dict[str, Any]:
    return {
        "backward": {"nodes": [each.copy() for each in hand.deltas], "edges": by_layer(hand.gradient), "highlight": marked},
    }


def _check(hand: ByHand, nudged: np.ndarray) -> dict[str, Any]:
    return {"check": {"chain": hand.gradient, "nudge": nudged.copy()}}


demo = Demo(
    name="edges",
    title="One backward pass, edge by edge",
    params=EdgesParams,
    charts=charts,
    run=run,
    frames=lambda params: 1 + FORWARD + BACKWARD + UPDATES,
    claims=(
        Claim(
            "Edge by edge in plain numbers or by the engine: the largest difference of the 23 gradients", "engine", at_most(1e-12)
        ),
        Claim(
            "Against nudging each weight by 0.00001: largest difference over largest gradient",
            "nudged",
            at_most(1e-8),
            Ground(SMOOTH, smooth),
        ),
        Claim("Forward passes that the nudging took, against one forward and one backward pass", "passes", exactly(46)),
        Claim("How far the backward pass itself moved any weight, exactly", "moved", at_most(0.0)),
        Claim(
            "Loss left after the optimizer’s 20 updates, as a share",
            "left",
            at_most(0.5),
            Ground(f"learning rate 0.3 to 1; {SMOOTH}", lambda params: smooth(params) and 0.3 <= params.learning_rate <= 1),
        ),
    ),
    presets=(
        Preset("tanh", {}),
        Preset("large weights: little comes back", {"weight_scale": 4.0}),
        Preset("sigmoid: smaller at every layer", {"activation": "sigmoid"}),
        Preset("ReLU: exact zeros", {"activation": "relu"}),
        Preset("an edge of your own", {"weights": "h1-g1=5"}),
    ),
    hint="Pause and use the step buttons: one edge a frame.",
)
