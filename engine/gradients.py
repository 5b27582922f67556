"""Reverse-mode differentiation (Linnainmaa, 1970; Rumelhart, Hinton and Williams, 1986) as more nodes of the same graph.

Gradients are nodes like any others: they can be fetched, and differentiated again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graph import TABLE, GraphError, Node, topological_order
from engine.ops.shapes import joined


def gradients(loss: Node, wrt: Sequence[Node]) -> list[Node]:
    """dL/dw for each node of `wrt`, each in that node's shape; zeros where it only passes steps such as `sign`.

    `loss` is a scalar, or in a sweep one scalar a copy, shape (k,), each of which depends on its own copy alone.
    Raises GraphError when the loss has more axes than that, when it does not stand on a node of `wrt` at all, or does so only
    by a way that is not differentiable.
    """
    if len(loss.shape) > (loss.graph.sweep is not None):
        raise GraphError(f"gradients of {loss.title}: got shape {loss.shape}, wanted a scalar loss")
    order = topological_order([loss])
    _check(loss, order, wrt)
    collected = _backward(loss, order, _needed(order, wrt))
    zero = loss.graph.constant
    return [collected.get(node) or zero(np.zeros(node.shape)) for node in wrt]


def _check(loss: Node, order: Sequence[Node], wrt: Sequence[Node]) -> None:
    """That a gradient finds a way to each node of `wrt`; where there is a way but a closed one, the message says where."""
    reached, closed = {loss}, []
    for node in reversed(order):
        for place, source in enumerate(node.inputs):
            if node in reached and place not in TABLE[node.op].blocks:
                reached.add(source)
            elif node in reached:
                closed.append((node, source))
    for node in wrt:
        if node not in reached:
            raise GraphError(_no_way(loss, node, closed))


def _no_way(loss: Node, node: Node, closed: Sequence[tuple[Node, Node]]) -> str:
    for gate, source in reversed(closed):  # the nearest first
        if node in topological_order([source]):
            return f"gradients of {loss.title} by {node.title}: {gate.title} is on the way and passes none to {source.title}"
    return f"gradients of {loss.title}: it does not depend on {node.title}"


def _needed(order: Sequence[Node], wrt: Sequence[Node]) -> set[Node]:
    """The nodes through which a gradient can reach `wrt`; the rest of the graph gets none."""
    needed = set(wrt)
    for node in order:
        if any(source in needed for source in node.inputs):
            needed.add(node)
    return needed


def _backward(loss: Node, order: Sequence[Node], needed: set[Node]) -> dict[Node, Node]:
    collected = {loss: loss.graph.constant(np.ones(loss.shape) if loss.shape else 1.0)}
    for node in reversed(order):
        if node not in collected or node not in needed or not node.inputs:
            continue
        for source, part in zip(node.inputs, _parts(node, collected[node]), strict=True):
            if part is not None and source in needed:
                collected[source] = joined(collected[source], part) if source in collected else part
    return collected


def _parts(node: Node, upstream: Node) -> Sequence[Node | None]:
    parts = TABLE[node.op].gradient(node, upstream)
    for source, part in zip(node.inputs, parts, strict=True):
        if part is not None and part.shape != source.shape:
            raise GraphError(f"gradient of {node.title}: got shape {part.shape} for {source.title} {source.shape}")
    return parts
