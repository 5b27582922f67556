"""The mixture: experts that are small MLPs, a router that weighs them, and how their load is balanced."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np

from engine import Graph, Layer, Node, activations, mlp, ops

HIDDEN = 16
"""Units of an expert, and of the router."""


class Routed(NamedTuple):
    """What a mixture made of inputs (2, n)."""

    outputs: Node
    gates: Node
    """The router's probabilities, (experts, n)."""
    chosen: Node
    """1 for the experts that serve a point, else 0, (experts, n)."""


@dataclass(frozen=True)
class Mixture:
    """Experts and their router; `bias` (experts, 1) is added to the router's probabilities only when experts are chosen."""

    experts: tuple[Layer, ...]
    router: Layer
    bias: Node
    served_by: int
    variables: tuple[Node, ...]
    router_variables: tuple[Node, ...]

    @classmethod
    def made(cls, graph: Graph, experts: int, served_by: int, rng: np.random.Generator) -> Mixture:
        """Experts 2-16-1 ReLU and a router 2-16-experts tanh; each point is served by so many of them."""
        each = [mlp(graph, (2, HIDDEN, 1), rng, "relu", name=f"expert {place + 1}") for place in range(experts)]
        router = mlp(graph, (2, HIDDEN, experts), rng, "tanh", name="router")
        variables = tuple(variable for expert in each for variable in expert.variables)
        bias = graph.placeholder("bias", (experts, 1))
        return cls(tuple(each), router, bias, min(served_by, experts), variables, router.variables)

    def __call__(self, inputs: Node) -> Routed:
        """Every expert computes every point here, and those not chosen count nothing: weights are saved, time is not."""
        gates = activations.softmax(self.router(inputs))
        chosen = largest(gates + self.bias, self.served_by)
        weights = gates * chosen
        if self.served_by > 1:
            weights = weights / ops.total(weights, -2, keepdims=True)
        parts = [expert(inputs) * ops.rows(weights, place, place + 1) for place, expert in enumerate(self.experts)]
        outputs = parts[0]
        for part in parts[1:]:
            outputs = outputs + part
        return Routed(outputs, gates, chosen)

    @property
    def counts(self) -> tuple[int, int]:
        """All weights, and those that serve one point: the router's and its experts'."""
        expert, router = (sum(prod(each.shape) for each in some) for some in (self.variables, self.router_variables))
        return expert + router, expert // len(self.experts) * self.served_by + router


def largest(scores: Node, count: int) -> Node:
    """1 at the `count` largest scores of each column (k, n), else 0. Nothing flows back through it."""
    left = ops.detach(scores)
    marks = 1.0 - ops.positive(ops.greatest(left) - left)
    for _ in range(count - 1):
        left = left - marks * 10.0
        marks = marks + (1.0 - ops.positive(ops.greatest(left) - left))
    return marks


def imbalance(routed: Routed, served_by: int) -> Node:
    """Experts times the sum of share served and mean probability: 1 where all are used alike (Fedus, Zoph and Shazeer, 2022)."""
    experts = routed.gates.shape[0]
    share, probability = (ops.mean(each, -1, keepdims=True) for each in (routed.chosen, routed.gates))
    return ops.inner(ops.detach(share) * (1 / served_by), probability) * float(experts)
