"""A classifier of digits whose hidden layers are normalized over the batch, over each sample's units, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine import Graph, Node, batch_norm, dense, layer_norm, ops
from engine.updates import Assign

PIXELS, UNITS, CLASSES = 64, 64, 10
Norm = Callable[[Node, bool], tuple[Node, tuple[Assign, ...]]]
"""(node, whether in training) to the node normalized, and what keeps the running statistics, if there are any."""


def _over_units(graph: Graph, name: str, units: int) -> Norm:
    norm = layer_norm(graph, name, units)
    return lambda x, _training: (norm(x), ())


def _not_at_all(_graph: Graph, _name: str, _units: int) -> Norm:
    return lambda x, _training: (x, ())


NORMS: dict[str, Callable[[Graph, str, int], Norm]] = {"none": _not_at_all, "batch": batch_norm, "layer": _over_units}
"""Makers of a norm for columns (units, n). To batch norm every column is a sample."""


class Made(NamedTuple):
    """Logits (classes, ...), and what keeps the running statistics, if there are any."""

    logits: Node
    assigns: tuple[Assign, ...]


class Normed:
    """Dense layers, each with a norm before its ReLU: `norm` is one of NORMS."""

    def __init__(self, graph: Graph, name: str, rng: np.random.Generator, norm: str, depth: int) -> None:
        sizes = [PIXELS, *[UNITS] * depth]
        self._layers = [dense(graph, f"{name}/layer {place}", sizes[place], UNITS, rng, start="he") for place in range(depth)]
        self._norms = [NORMS[norm](graph, f"{name}/norm {place}", UNITS) for place in range(depth)]
        self._out = dense(graph, f"{name}/out", UNITS, CLASSES, rng)

    def __call__(self, inputs: Node, *, training: bool) -> Made:
        """Pixels (PIXELS, n) to logits, in training or in evaluation mode."""
        x, assigns = inputs, list[Assign]()
        for layer, norm in zip(self._layers, self._norms, strict=True):
            x, kept = norm(layer(x), training)
            x = ops.relu(x)
            assigns += kept
        return Made(self._out(x), tuple(assigns))
