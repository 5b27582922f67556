"""Layers: functions that create their variables in a graph and return a function from node to node.

The same function may be applied to several inputs (a batch, a grid of points): the variables are shared. Activations are
(units, n).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from engine.graph import Graph, GraphError, Node
from engine.networks.activations import activation as activation_named
from engine.networks.dropout import Dropout
from engine.networks.initializers import Initializer, initializer, suited_to
from engine.networks.normalization import batch_norm
from engine.ops import affine
from engine.updates import Assign

Layer = Callable[[Node], Node]


def dense(
    graph: Graph,
    name: str,
    fan_in: int,
    units: int,
    rng: np.random.Generator,
    *,
    start: str | Initializer = "xavier",
    bias: float = 0.0,
) -> Layer:
    """(fan_in, n) to (units, n). One variable `name/weights` of shape (units, fan_in + 1), its last column the bias.

    Raises GraphError for sizes below 1.
    """
    if fan_in < 1 or units < 1:
        raise GraphError(f"dense {name!r}: got fan_in {fan_in} and units {units}, wanted at least 1")
    begin = np.concatenate([initializer(start)(rng, units, fan_in), np.full((units, 1), bias)], axis=1)
    weights = graph.variable(f"{name}/weights", begin)
    return lambda inputs: affine(weights, inputs)


@dataclass(frozen=True)
class Pass:
    """What one application of a network made: its outputs, each layer's pre-activations and activations, and what to assign."""

    outputs: Node
    pre_activations: tuple[Node, ...]
    activations: tuple[Node, ...]
    assigns: tuple[Assign, ...] = ()


@dataclass(frozen=True)
class Mlp:
    """A multilayer perceptron: dense layers with activations between, on request with batch norm, residual links or dropout.

    Make it with `mlp`; call it on (fan_in, n) for the outputs (units, n), or `apply` it for everything inside.
    """

    variables: tuple[Node, ...]
    _layers: tuple[Layer, ...]
    _norms: tuple[Callable[[Node, bool], tuple[Node, tuple[Assign, ...]]], ...]
    _activation: Layer
    _residual: bool = field(default=False)
    _dropout: Dropout | None = field(default=None)

    def __call__(self, inputs: Node) -> Node:
        """The outputs, in evaluation mode."""
        return self.apply(inputs, training=False).outputs

    def apply(self, inputs: Node, training: bool = True) -> Pass:
        """Outputs and all that is inside; `training` decides whose statistics batch norm uses, and whether units are dropped.

        `Pass.activations` are those before any unit is dropped.
        """
        hidden = inputs
        before: list[Node] = []
        after: list[Node] = []
        assigns: list[Assign] = []
        for place, layer in enumerate(self._layers[:-1]):
            summed = layer(hidden).named(f"layer {place + 1}/pre-activations")
            before.append(summed)
            if self._norms:
                summed, changes = self._norms[place](summed, training)
                assigns += changes
            fired = self._activation(summed)
            hidden = fired + hidden if self._residual and fired.shape == hidden.shape else fired
            after.append(hidden if hidden.name else hidden.named(f"layer {place + 1}/activations"))
            hidden = hidden if self._dropout is None else self._dropout(hidden, training)
        outputs = self._layers[-1](hidden).named("outputs")
        return Pass(outputs, (*before, outputs), tuple(after), tuple(assigns))


def mlp(
    graph: Graph,
    sizes: Sequence[int],
    rng: np.random.Generator,
    activation: str = "tanh",
    start: str | Initializer | None = None,
    *,
    name: str = "",
    hidden_bias: float = 0.0,
    output_bias: float = 0.0,
    normalize: bool = False,
    residual: bool = False,
    dropout: Dropout | None = None,
) -> Mlp:
    """A network of `sizes` (inputs, hidden ..., outputs). `start` is the initializer, by default one suited to the activation.

    `normalize`: batch norm before each activation. `residual`: each hidden layer whose input has its size adds that input.
    `dropout`: after each hidden layer; in training, feed what it draws.
    Raises GraphError for fewer than two sizes or an unknown activation.
    """
    if len(sizes) < 2:
        raise GraphError(f"mlp: got sizes {tuple(sizes)}, wanted inputs and outputs at least")
    prefix = f"{name} " if name else ""
    begin = suited_to(activation) if start is None else initializer(start)
    before = set(graph.variables)
    layers, norms = [], []
    for place, (fan_in, units) in enumerate(pairwise(sizes), start=1):
        last = place == len(sizes) - 1
        bias = output_bias if last else hidden_bias
        layers.append(dense(graph, f"{prefix}layer {place}", fan_in, units, rng, start=begin, bias=bias))
        if normalize and not last:
            norms.append(batch_norm(graph, f"{prefix}layer {place}", units))
    mine = tuple(node for key, node in graph.variables.items() if key not in before and node.attributes["trainable"])
    return Mlp(mine, tuple(layers), tuple(norms), activation_named(activation), residual, dropout)
