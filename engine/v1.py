"""The graph with the face of TensorFlow 1 (Abadi et al., 2016), for those who learned it there, or are asked about it.

    tf = TensorFlow()
    x = tf.placeholder((2, 3), name="x")
    w = tf.Variable([[1.0, 2.0]], name="w")
    y = tf.matmul(w, x)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    session.run(y, feed_dict={x: [[1, 2, 3], [4, 5, 6]]})

Its nodes, gradients, passes and plans are the engine's own. Two things differ from the original: the graph belongs to the object
`tf` instead of the process, and a placeholder's shape is known whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import ops
from engine.gradients import gradients
from engine.graph import TABLE, Array, Graph, GraphError, Node, Operand, Shape, topological_order
from engine.optimizers import OPTIMIZERS
from engine.passes import PASSES, Simplified
from engine.plan import Plan
from engine.session import Session as Values
from engine.updates import Update


class Variable(Node):
    """A node whose value lasts from run to run; it has none until its `initializer` was run."""

    __slots__ = ()

    @property
    def initializer(self) -> Initialize:
        """The operation that gives it its first value."""
        return Initialize((self,))

    def assign(self, value: Operand) -> Assignment:
        """The operation that sets it to a value. Raises GraphError for one of another shape."""
        node = self.graph.as_node(value)
        if node.shape != self.shape:
            raise GraphError(f"assign to {self.title!r}: got {node.title} {node.shape}, wanted {self.shape}")
        return Assignment(self, node)


@dataclass(frozen=True, eq=False)
class Initialize:
    """Run it to give variables their first values."""

    variables: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Assignment:
    """Run it to set a variable, after all fetches of the same run were read."""

    variable: Node
    value: Node


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


Fetch = Node | Initialize | Assignment | Update | str


class _Graph(Graph):
    variable_kind = Variable


class TensorFlow:
    """A graph and the functions that add to it. Names are made unique as TensorFlow does it: add, add_1, add_2."""

    def __init__(self, dtype: npt.DTypeLike = np.float32) -> None:
        self.graph = _Graph(dtype)
        self._taken: set[str] = set()
        self._named = 0

    def constant(self, value: npt.ArrayLike, name: str = "Const") -> Node:
        """A value that is part of the graph and never changes."""
        return self.graph.constant(value, self._unique(name))

    def placeholder(self, shape: Shape = (), name: str = "Placeholder") -> Node:
        """A value that every run is fed."""
        return self.graph.placeholder(self._unique(name), shape)

    def Variable(self, initial: npt.ArrayLike, name: str = "Variable", trainable: bool = True) -> Variable:
        """A value that lasts between runs. Raises GraphError when `initial` is not finite."""
        node = self.graph.variable(self._unique(name), initial, trainable)
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
        self.name_nodes()
        made = gradients(loss, wrt)
        self.name_nodes(f"{name}/")
        return made

    def minimize(self, loss: Node, learning_rate: Operand, optimizer: str = "sgd") -> Update:
        """The operation that moves all trainable variables one step down. Raises GraphError for an unknown optimizer."""
        if optimizer not in OPTIMIZERS:
            raise GraphError(f"optimizer: got {optimizer!r}, wanted one of {', '.join(OPTIMIZERS)}")
        self.name_nodes()
        update = OPTIMIZERS[optimizer](loss, learning_rate)
        self.name_nodes("gradients/")
        return update

    def global_variables_initializer(self) -> Initialize:
        """The operation that initializes all variables made so far."""
        return Initialize(tuple(self.graph.variables.values()))

    def Session(self) -> Session:
        """A session: where variables have values and nodes are run."""
        return Session(self)

    def node(self, name: str) -> Node:
        """The node of a name, "add_1" or "add_1:0". Raises GraphError when there is none."""
        self.name_nodes()
        wanted = name.removesuffix(":0")
        for node in self.graph.nodes:
            if node.name == wanted:
                return node
        raise GraphError(f"fetch {name!r}: got a name this graph does not have, wanted one like {self.graph.nodes[-1].name!r}")

    def optimized(self, *fetches: Node) -> Optimized:
        """What the engine takes away before it runs these fetches, pass after pass; the graph itself stays as it is."""
        self.name_nodes()
        order = topological_order(fetches)
        needed = set(order)
        stages = [Stage("pruned", tuple(node.name for node in self.graph.nodes if node not in needed), len(order))]
        for count, name in enumerate(PASSES, start=1):
            small = Simplified(fetches, PASSES[:count])
            stages.append(Stage(name, tuple(node.name for fate, node in small.fates if fate == name), len(small.order)))
        plan = Values(self.graph).plan(fetches)
        owned = [node for node in small.order if node.op == "placeholder" or (node.inputs and not TABLE[node.op].view)]
        before = sum(int(np.prod(node.shape, dtype=int)) for node in owned) * self.graph.dtype.itemsize
        return Optimized(tuple(stages), before, plan.bytes)

    def name_nodes(self, prefix: str = "") -> None:
        """Gives a name to every node that operators like + made without one."""
        for node in self.graph.nodes[self._named :]:
            if not node.name:
                node.named(self._unique(prefix + ("Const" if node.op == "constant" else node.op)))
        self._named = len(self.graph.nodes)

    def _name(self, node: Node, name: str) -> Node:
        return node.named(self._unique(name))

    def _unique(self, name: str) -> str:
        unique, count = name, 0
        while unique in self._taken:
            count += 1
            unique = f"{name}_{count}"
        self._taken.add(unique)
        return unique


class Session:
    """The values of a graph's variables, none at first, and `run`."""

    def __init__(self, tf: TensorFlow) -> None:
        self._tf = tf
        self._values = Values(tf.graph)
        self._known = len(tf.graph.variables)
        self._initialized: set[Node] = set()
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def run(self, fetches: Fetch | Sequence[Fetch], feed_dict: Mapping[Node | str, Any] | None = None) -> Any:
        """The value of each fetch, None for an operation such as an initializer; a list for a list.

        Runs only what the fetches stand on. Raises GraphError naming a placeholder that was not fed or fed another shape, a
        variable read before it was initialized, a feed that is no placeholder, or a name that does not exist.
        """
        many = fetches if isinstance(fetches, list | tuple) else None
        wanted = [self._found(fetch) for fetch in ([fetches] if many is None else many)]
        self._tf.name_nodes()
        self._keep_up()
        results = self._run(wanted, self._feeds(feed_dict or {}))
        return results[0] if many is None else results

    def _run(self, wanted: list[Any], feeds: dict[str, Any]) -> list[Any]:
        updates = [each for each in wanted if isinstance(each, Update)]
        assignments = [each for each in wanted if isinstance(each, Assignment)]
        nodes = [each for each in wanted if isinstance(each, Node)]
        reads = [*nodes, *(each.value for each in assignments)]
        self._check(topological_order([*reads, *(node for update in updates for node in update.reads())]), feeds)
        values: tuple[Array, ...] = ()
        if reads or updates:
            key = (*reads, None, *updates)
            if key not in self._plans:
                self._plans[key] = self._values.plan(reads, updates)
            values = self._plans[key](**feeds)
        for each in wanted:
            if isinstance(each, Initialize):
                for variable in each.variables:
                    self._set(variable, variable.attributes["initial"])
        for assignment, value in zip(assignments, values[len(nodes) :], strict=True):
            self._set(assignment.variable, value)
        of_nodes = iter(values)
        return [next(of_nodes) if isinstance(each, Node) else None for each in wanted]

    def _set(self, variable: Node, value: Array) -> None:
        self._values.assign(variable, value)
        self._initialized.add(variable)

    def _check(self, order: Sequence[Node], feeds: Mapping[str, Any]) -> None:
        for node in order:
            if node.op == "variable" and node not in self._initialized:
                raise GraphError(
                    f"variable {node.title!r}: got a read before it was initialized, wanted its initializer run first"
                )
            if node.op == "placeholder" and node.name not in feeds:
                raise GraphError(f"placeholder {node.title!r}: got no feed, wanted a value of shape {node.shape} in feed_dict")

    def _feeds(self, feed_dict: Mapping[Node | str, Any]) -> dict[str, Any]:
        feeds = {}
        for key, value in feed_dict.items():
            node = self._found(key)
            if not isinstance(node, Node) or node.op != "placeholder":
                raise GraphError(f"feed of {getattr(node, 'title', key)!r}: got something else, wanted a placeholder")
            feeds[node.name] = value
        return feeds

    def _found(self, fetch: Any) -> Any:
        if isinstance(fetch, str):
            return self._tf.node(fetch)
        if isinstance(fetch, Node):
            return self._tf.graph.as_node(fetch)
        if not isinstance(fetch, Initialize | Assignment | Update):
            raise GraphError(f"fetch: got {fetch!r}, wanted a node, its name, or an operation")
        return fetch

    def _keep_up(self) -> None:
        """Takes in variables made since; the memory of optimizers begins anew when there are any."""
        count = len(self._tf.graph.variables)
        if count == self._known:
            return
        before, self._known = self._values, count
        self._values, self._plans = Values(self._tf.graph), {}
        for node in self._initialized:
            self._values.assign(node, before.value(node))


def _axes(a: Node, axis: int | None) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(-len(a.shape), 0))
    if not -len(a.shape) <= axis < len(a.shape):
        raise GraphError(f"reduce of {a.title!r}: got axis {axis}, wanted one below {len(a.shape)} for shape {a.shape}")
    return (axis if axis < 0 else axis - len(a.shape),)
