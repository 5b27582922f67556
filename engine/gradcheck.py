"""The check that every gradient rule has to pass: its numbers against central differences, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.gradients import gradients
from engine.graph import Array, Graph, Node
from engine.ops import total
from engine.session import Session


def gradient_error(function: Callable[..., Node], arrays: Sequence[Array], step: float = 1e-6, seed: int = 0) -> float:
    """The largest relative difference between the gradient of `function(*nodes)` and central differences.

    The outputs are weighted by random numbers and summed, so that errors of different outputs cannot cancel. A pair of
    numbers a (by rule) and b (by difference) differs by |a - b| / max(1, |a|, |b|).
    """
    graph = Graph(np.float64)
    nodes = [graph.variable(f"x{place}", array) for place, array in enumerate(arrays)]
    made = function(*nodes)
    weights = np.random.default_rng(seed).normal(size=made.shape)
    loss = made * weights
    loss = total(loss, tuple(range(-len(loss.shape), 0))) if loss.shape else loss
    by_rule = Session(graph).run(gradients(loss, nodes))
    worst = 0.0
    for node, rule in zip(nodes, by_rule, strict=True):
        measured = differences(graph, loss, node, step)
        scale = np.maximum(1.0, np.maximum(np.abs(rule), np.abs(measured)))
        worst = max(worst, float((np.abs(rule - measured) / scale).max(initial=0.0)))
    return worst


def differences(graph: Graph, loss: Node, node: Node, step: float = 1e-6) -> Array:
    """The gradient of a scalar by one of its graph's variables, by central differences: two runs for each number of it."""
    session = Session(graph)
    begin = session.value(node)
    measured = np.zeros(node.shape)
    for place in np.ndindex(node.shape):
        ends = []
        for sign in (1, -1):
            moved = begin.copy()
            moved[place] += sign * step
            session.assign(node, moved)
            ends.append(float(session.run([loss])[0]))
        measured[place] = (ends[0] - ends[1]) / (2 * step)
    return measured
