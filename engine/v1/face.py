"""The graph of TensorFlow 1 and the functions that add to it, and what the passes take away from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from engine import ops
from engine.gradients import gradients
from engine.graph import TABLE, Graph, GraphError, Node, Operand, Shape, topological_order
from engine.networks.optimizers import OPTIMIZERS
from engine.passes import PASSES, simplified
from engine.session import Session as EngineSession
from engine.updates import Update
from engine.v1.mistakes import misreshaped, misshapen, no_gradients, no_such_axis, no_variables
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
        """The sum, broadcast; all operations raise Mistake naming both nodes when shapes do not fit."""
        return self.made("AddV2", name, ops.add, a, b)

    def subtract(self, a: Node, b: Operand, name: str = "subtract") -> Node:
        """The difference."""
        return self.made("Sub", name, ops.subtract, a, b)

    def multiply(self, a: Node, b: Operand, name: str = "multiply") -> Node:
        """The product, number by number."""
        return self.made("Mul", name, ops.multiply, a, b)

    def divide(self, a: Node, b: Operand, name: str = "divide") -> Node:
        """The quotient."""
        return self.made("RealDiv", name, ops.divide, a, b)

    def matmul(self, a: Node, b: Node, name: str = "MatMul") -> Node:
        """The matrix product of (m, k) and (k, n)."""
        return self.made("MatMul", name, ops.matmul, a, b)

    def transpose(self, a: Node, name: str = "transpose") -> Node:
        """The last two axes exchanged."""
        return self.made("Transpose", name, ops.transpose, a)

    def reshape(self, a: Node, shape: Shape, name: str = "Reshape") -> Node:
        """The same numbers in another shape of as many. Raises Mistake for one of more or fewer."""
        if prod(shape) != prod(a.shape):
            plain = f"reshape: got {a.title} {a.shape}, wanted {prod(shape)} numbers for {shape}"
            raise misreshaped(self.names.unique(name), a.shape, shape, plain)
        return self.made("Reshape", name, lambda node: ops.reshape(node, shape), a)

    def square(self, a: Node, name: str = "Square") -> Node:
        """The square, number by number."""
        return self.made("Square", name, ops.square, a)

    def exp(self, a: Node, name: str = "Exp") -> Node:
        """The exponential, number by number."""
        return self.made("Exp", name, ops.exp, a)

    def tanh(self, a: Node, name: str = "Tanh") -> Node:
        """The hyperbolic tangent, number by number."""
        return self.made("Tanh", name, ops.tanh, a)

    def sigmoid(self, a: Node, name: str = "Sigmoid") -> Node:
        """1 / (1 + exp(-a))."""
        return self.made("Sigmoid", name, ops.sigmoid, a)

    def relu(self, a: Node, name: str = "Relu") -> Node:
        """max(a, 0)."""
        return self.made("Relu", name, ops.relu, a)

    def reduce_sum(self, a: Node, axis: int | None = None, name: str = "Sum") -> Node:
        """The sum over all axes, or over one counted from 0. Raises Mistake for one that is not there."""
        return self._reduced("Sum", name, ops.total, a, axis)

    def reduce_mean(self, a: Node, axis: int | None = None, name: str = "Mean") -> Node:
        """The mean over all axes, or over one counted from 0. Raises Mistake for one that is not there."""
        return self._reduced("Mean", name, ops.mean, a, axis)

    def gradients(self, loss: Node, wrt: Sequence[Node], name: str = "gradients") -> list[Node]:
        """The derivative of the loss to each node of `wrt`: more nodes of the same graph."""
        self.names.give()
        made = gradients(loss, wrt)
        self.names.give(f"{name}/")
        return made

    def minimize(self, loss: Node, learning_rate: Operand, optimizer: str = "sgd", **options: float) -> Update:
        """The operation that moves the trainable variables that the loss stands on one step down.

        Raises Mistake when there are none, and GraphError for an unknown optimizer.
        """
        if optimizer not in OPTIMIZERS:
            raise GraphError(f"optimizer: got {optimizer!r}, wanted one of {', '.join(OPTIMIZERS)}")
        if not (trainable := self.graph.trainable()):
            raise no_variables()
        needed = set(topological_order([loss]))
        if not (moved := [node for node in trainable if node in needed]):
            raise no_gradients(loss, trainable)
        self.names.give()
        update = OPTIMIZERS[optimizer](loss, learning_rate, variables=moved, **options)
        self.names.give("gradients/")
        return update

    def made(self, kind: str, name: str, function: Callable[..., Node], *operands: Operand) -> Node:
        """A node that a function of `engine.ops` makes, by a name made unique; `kind` is what TensorFlow 1 calls the operation.

        What changes nothing, such as a shape that is there already, is the node itself. Raises Mistake where two shapes do not
        fit, and GraphError for one that cannot be.
        """
        nodes, name, before = [self.graph.as_node(each) for each in operands], self.names.unique(name), self.graph.count
        try:
            node = function(*nodes)
        except GraphError as problem:
            if len(nodes) != 2:
                raise
            raise misshapen(kind, name, [each.shape for each in nodes], str(problem)) from None
        for inner in self.graph.nodes[before:]:
            if inner is not node and not inner.name:
                inner.named(self.names.unique(f"{name}/{'Const' if inner.op == 'constant' else inner.op}"))
        return node.named(name) if node.number >= before else node

    def _reduced(self, kind: str, name: str, function: Callable[..., Node], a: Node, axis: int | None) -> Node:
        rank = len(a.shape)
        if axis is not None and not -rank <= axis < rank:
            plain = f"reduce of {a.title!r}: got axis {axis}, wanted one below {rank} for shape {a.shape}"
            raise no_such_axis(kind, self.names.unique(name), a.shape, axis, plain)
        axes = range(-rank, 0) if axis is None else [axis if axis < 0 else axis - rank]
        return self.made(kind, name, lambda node: function(node, tuple(axes)) if axes else node, a)

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
        before = sum(prod(node.shape) for node in owned) * self.graph.dtype.itemsize
        return Optimized(tuple(stages), before, plan.bytes)
