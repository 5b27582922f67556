"""The graph of TensorFlow 1 and the functions that add to it, and what the passes take away from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine import ops
from engine.gradients import gradients
from engine.graph import TABLE, Graph, GraphError, Node, Operand, Shape, topological_order
from engine.networks.optimizers import OPTIMIZERS
from engine.passes import PASSES, simplified
from engine.session import Session as EngineSession
from engine.updates import Update
from engine.v1.naming import Names
from engine.v1.operations import Initialize, Variable
from engine.v1.session import Session


@dataclass(frozen=True)
class Stage:
    """What one pass did: the names of the nodes it took away, and how many nodes were left to run."""

    name: str
    removed: tuple[str, ...]
    left: int


@dataclass(frozen=True)
class Optimized:
    """All passes one by one, and the bytes of results before and after buffers are shared and written in place."""

    stages: tuple[Stage, ...]
    bytes_before: int
    bytes_after: int


class _Graph(Graph):
    variable_kind = Variable


class TensorFlow:
    """A graph and the functions that add to it. Names are made unique as TensorFlow does it: add, add_1, add_2."""

    def __init__(self, dtype: npt.DTypeLike = np.float32) -> None:
        self.graph = _Graph(dtype)
        self.names = Names(self.graph)

    def constant(self, value: npt.ArrayLike, name: str = "Const") -> Node:
        """A value that is part of the graph and never changes."""
        return self.graph.constant(value, self.names.unique(name))

    def placeholder(self, shape: Shape = (), name: str = "Placeholder") -> Node:
        """A value that every run is fed."""
        return self.graph.placeholder(self.names.unique(name), shape)

    def Variable(self, initial: npt.ArrayLike, name: str = "Variable", trainable: bool = True) -> Variable:
        """A value that lasts between runs. Raises GraphError when `initial` is not finite."""
        node = self.graph.variable(self.names.unique(name), initial, trainable)
        assert isinstance(node, Variable)
        return node

    def add(self, a: Node, b: Operand, name: str = "add") -> Node:
        """The sum, broadcast; all operations raise GraphError naming both nodes when shapes do not fit."""
        return self._name(ops.add(a, b), name)

    def subtract(self, a: Node, b: Operand, name: str = "subtract") -> Node:
        """The difference."""
        return self._name(ops.subtract(a, b), name)

    def multiply(self, a: Node, b: Operand, name: str = "multiply") -> Node:
        """The product, number by number."""
        return self._name(ops.multiply(a, b), name)

    def divide(self, a: Node, b: Operand, name: str = "divide") -> Node:
        """The quotient."""
        return self._name(ops.divide(a, b), name)

    def matmul(self, a: Node, b: Node, name: str = "MatMul") -> Node:
        """The matrix product of (m, k) and (k, n)."""
        return self._name(ops.matmul(a, b), name)

    def transpose(self, a: Node, name: str = "transpose") -> Node:
        """The last two axes exchanged."""
        return self._name(ops.transpose(a), name)

    def square(self, a: Node, name: str = "Square") -> Node:
        """The square, number by number."""
        return self._name(ops.square(a), name)

    def exp(self, a: Node, name: str = "Exp") -> Node:
        """The exponential, number by number."""
        return self._name(ops.exp(a), name)

    def tanh(self, a: Node, name: str = "Tanh") -> Node:
        """The hyperbolic tangent, number by number."""
        return self._name(ops.tanh(a), name)

    def sigmoid(self, a: Node, name: str = "Sigmoid") -> Node:
        """1 / (1 + exp(-a))."""
        return self._name(ops.sigmoid(a), name)

    def relu(self, a: Node, name: str = "Relu") -> Node:
        """max(a, 0)."""
        return self._name(ops.relu(a), name)

    def reduce_sum(self, a: Node, axis: int | None = None, name: str = "Sum") -> Node:
        """The sum over all axes, or over one counted from 0."""
        return self._name(ops.total(a, _axes(a, axis)) if a.shape else a, name)

    def reduce_mean(self, a: Node, axis: int | None = None, name: str = "Mean") -> Node:
        """The mean over all axes, or over one counted from 0."""
        return self._name(ops.mean(a, _axes(a, axis)) if a.shape else a, name)

    def gradients(self, loss: Node, wrt: Sequence[Node], name: str = "gradients") -> list[Node]:
        """The derivative of the loss to each node of `wrt`: more nodes of the same graph."""
        self.names.give()
        made = gradients(loss, wrt)
        self.names.give(f"{name}/")
        return made

    def minimize(self, loss: Node, learning_rate: Operand, optimizer: str = "sgd") -> Update:
        """The operation that moves all trainable variables one step down. Raises GraphError for an unknown optimizer."""
        if optimizer not in OPTIMIZERS:
            raise GraphError(f"optimizer: got {optimizer!r}, wanted one of {', '.join(OPTIMIZERS)}")
        self.names.give()
        update = OPTIMIZERS[optimizer](loss, learning_rate)
        self.names.give("gradients/")
        return update

    def global_variables_initializer(self) -> Initialize:
        """The operation that initializes all variables made so far."""
        return Initialize(tuple(self.graph.variables.values()))

    def Session(self) -> Session:
        """A session: where variables have values and nodes are run."""
        return Session(self.names)

    def optimized(self, *fetches: Node) -> Optimized:
        """What the engine takes away before it runs these fetches, pass after pass; the graph itself stays as it is."""
        self.names.give()
        order = topological_order(fetches)
        needed = set(order)
        stages = [Stage("pruned", tuple(node.name for node in self.graph.nodes if node not in needed), len(order))]
        for count, name in enumerate(PASSES, start=1):
            small = simplified(fetches, PASSES[:count])
            stages.append(Stage(name, tuple(node.name for fate, node in small.fates if fate == name), len(small.order)))
        plan = EngineSession(self.graph).plan(fetches)
        owned = [node for node in small.order if node.op == "placeholder" or (node.inputs and not TABLE[node.op].view)]
        before = sum(int(np.prod(node.shape, dtype=int)) for node in owned) * self.graph.dtype.itemsize
        return Optimized(tuple(stages), before, plan.bytes)

    def _name(self, node: Node, name: str) -> Node:
        return node.named(self.names.unique(name))


def _axes(a: Node, axis: int | None) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(-len(a.shape), 0))
    if not -len(a.shape) <= axis < len(a.shape):
        raise GraphError(f"reduce of {a.title!r}: got axis {axis}, wanted one below {len(a.shape)} for shape {a.shape}")
    return (axis if axis < 0 else axis - len(a.shape),)
