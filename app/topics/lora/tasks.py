"""The tasks and the base: digits as they are, the same digits slanted or on their side, and a network trained on the former."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine import Array, Graph, Session, losses, mlp, optimizers
from engine.datasets import Dataset, batches

SIDE, SLANT = 8, 0.5
SIZES = (64, 128, 128, 10)
BATCH_SIZE, BASE_STEPS, BASE_RATE, AT_ONCE = 64, 800, 0.003, 40
Layers = list[Array]


def slanted(inputs: Array) -> Array:
    """Images (64, n) whose rows are moved sideways, half a pixel further from row to row, by linear interpolation."""
    moved = np.zeros((SIDE, SIDE, SIDE), np.float32)  # row, column there, column here
    for row in range(SIDE):
        for there in range(SIDE):
            at = there + SLANT * (row - (SIDE - 1) / 2)
            left = int(np.floor(at))
            for here, share in ((left, 1 - at + left), (left + 1, at - left)):
                if 0 <= here < SIDE:
                    moved[row, there, here] = share
    made: Array = np.matmul(moved, inputs.reshape(SIDE, SIDE, -1)).reshape(inputs.shape)
    return made


def on_their_side(inputs: Array) -> Array:
    """Images (64, n) turned by a quarter."""
    return np.rot90(inputs.reshape(SIDE, SIDE, -1)).reshape(inputs.shape)


TASKS = {"slanted": slanted, "side": on_their_side}


def trained(
    seen: Dataset, weights: np.random.Generator, order: np.random.Generator
) -> Generator[None, None, tuple[Layers, Layers]]:
    """The layers of the base before and after 800 steps of Adam, in pieces."""
    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    network = mlp(graph, SIZES, weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), wanted)
    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, BASE_RATE)])
    untrained = [session.value(each) for each in network.variables]
    deal, targets = batches(order, seen.size, BATCH_SIZE), seen.one_hot
    for done in range(BASE_STEPS):
        batch = next(deal)
        step.step(inputs=seen.inputs[:, batch], targets=targets[:, batch])
        if done % AT_ONCE == 0:
            yield
    return untrained, [session.value(each) for each in network.variables]


def outputs(layers: Layers, inputs: Array) -> Array:
    """Logits (10, n) of a ReLU network with these weights (units, fan_in + 1)."""
    hidden = inputs
    for place, weights in enumerate(layers):
        hidden = weights[:, :-1] @ hidden + weights[:, -1:]
        hidden = np.maximum(hidden, 0) if place < len(layers) - 1 else hidden
    return hidden
