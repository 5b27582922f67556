"""The static dataflow graph: nodes that say what is to be computed, and nothing of how.

First in the flow: `engine.ops` fills the table of operations, `engine.gradients` adds nodes for derivatives, `engine.plan` turns
nodes into NumPy calls. Arrays are batch-last throughout: n samples of d features are an array of shape (d, n), because a layer is
then one product of weights and activations, and a bias is one more row of ones.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.pieces import NODES_A_PIECE, whole

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Call = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and its arguments, bound once and called every step."""


class GraphError(ValueError):
    """A graph that cannot be built or run. The message names the node, what was got and what is wanted."""


@dataclass(frozen=True, eq=False)
class Op:
    """One entry of the table: all that the engine knows of an operation.

    `shape`: input shapes and attributes to the output's shape; raises GraphError when they do not fit.
    `compute`: input arrays and attributes to a new array (a view where `view` is set); what the interpreter runs.
    `gradient`: (node, upstream) to a node, or None, for each input, in graph terms, so that it can be differentiated again.
    `kernel`: (out, arrays, attributes) to the calls that write into `out`; what a plan runs. Without one it copies `compute`.
    `blocks`: the places of inputs that no gradient can be sent to, though the output depends on them. None from `gradient` for
    any other input means a derivative of zero.
    `places`: for an operation that only sets its inputs side by side, (node, its array) to the view in which each input stands; a
    plan then computes the inputs right there, and nothing is copied. `rest` fills what no input does, None if they fill it all.
    `product`: it is a matrix product of its two inputs, for which a plan lays a turned factor straight where that is faster.
    `repeats`: its value is its first input's, and the others matter to gradients alone. `neutral`: the number that leaves the
    other one of its two inputs as it is. `numberwise`: one NumPy ufunc, so that a plan may write over an input nobody else reads.
    """

    name: str
    shape: Callable[..., Shape]
    compute: Callable[..., Any]
    gradient: Callable[[Node, Node], Sequence[Node | None]]
    kernel: Callable[..., list[Call]] | None = None
    view: bool = False
    blocks: Sequence[int] = ()
    places: Callable[[Node, Array], Sequence[Array]] | None = None
    rest: float | None = None
    product: bool = False
    repeats: bool = False
    neutral: float | None = None
    numberwise: bool = False


TABLE: dict[str, Op] = {}
"""Every operation by name; the modules of `engine.ops` fill it."""

LEAVES = ("placeholder", "variable", "constant")


class Node:
    """A value to be: an operation on other nodes, or a leaf. Compared by identity; arithmetic on nodes makes nodes."""

    __slots__ = ("attributes", "graph", "inputs", "name", "number", "op", "rule", "shape")

    def __init__(self, graph: Graph, op: str, inputs: tuple[Node, ...], shape: Shape, name: str = "", **attributes: Any) -> None:
        self.graph, self.op, self.inputs, self.shape = graph, op, inputs, shape
        self.name, self.attributes = name, attributes
        self.rule: Callable[[Node, Node], Sequence[Node | None]] | None = None
        self.number = graph.count
        graph.count += 1
        graph.nodes.append(self)

    @property
    def title(self) -> str:
        """How messages call it: the user's name, or the operation and its number."""
        return self.name or f"{self.op} #{self.number}"

    def named(self, name: str) -> Node:
        """The node itself, with a name for messages and pictures."""
        self.name = name
        return self

    def __repr__(self) -> str:
        return f"<{self.title} {self.shape}>"

    def __add__(self, other: Operand) -> Node:
        return apply("add", self, other)

    __radd__ = __add__

    def __mul__(self, other: Operand) -> Node:
        return apply("multiply", self, other)

    __rmul__ = __mul__

    def __sub__(self, other: Operand) -> Node:
        return apply("subtract", self, other)

    def __rsub__(self, other: Operand) -> Node:
        return apply("subtract", self.graph.as_node(other), self)

    def __truediv__(self, other: Operand) -> Node:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        return apply("divide", self.graph.as_node(other), self)

    def __matmul__(self, other: Node) -> Node:
        return apply("matmul", self, other)

    def __neg__(self) -> Node:
        return apply("negative", self)


Operand = Node | float | Array


class Graph:
    """A graph under construction: its leaves, and the type its numbers have.

    `dtype`: float32 for training, float64 for checks against finite differences.
    `sweep`: how many copies of every variable train side by side along a leading axis, None for one without an axis.
    `nodes` are all nodes in order of creation. `variable_kind` is the class of variables, for faces that give them methods.
    """

    variable_kind: type[Node] = Node

    def __init__(self, dtype: npt.DTypeLike = np.float32, sweep: int | None = None) -> None:
        self.dtype = np.dtype(dtype)
        self.sweep = sweep
        self.count = 0
        self.nodes: list[Node] = []
        self.placeholders: dict[str, Node] = {}
        self.variables: dict[str, Node] = {}
        self._numbers: dict[float, Node] = {}

    def placeholder(self, name: str, shape: Shape = ()) -> Node:
        """An input, fed at every run under its name. Raises GraphError when the name is taken."""
        self._free(name)
        self.placeholders[name] = node = Node(self, "placeholder", (), tuple(shape), name)
        return node

    def variable(self, name: str, initial: npt.ArrayLike, trainable: bool = True) -> Node:
        """A value that lasts from step to step, beginning at `initial`; in a sweep, once for each copy.

        Raises GraphError when the name is taken or `initial` is not finite.
        """
        self._free(name)
        value = np.array(initial, dtype=self.dtype)
        if not np.isfinite(value).all():
            raise GraphError(f"variable {name!r}: got an initial value that is not finite, wanted finite numbers")
        if self.sweep is not None:
            value = np.repeat(value[None], self.sweep, axis=0)
        node = self.variable_kind(self, "variable", (), value.shape, name, initial=value, trainable=trainable)
        self.variables[name] = node
        return node

    def memory(self, name: str, shape: Shape, begin: Node | None = None) -> Node:
        """What an optimizer remembers from step to step: zeros at first, or what the variable `begin` is at its first use."""
        return Node(self, "variable", (), shape, name, begin=begin, trainable=False)

    def vector(self, variables: Sequence[Node]) -> Node:
        """Trainable variables as one flat vector, shape (p,) or in a sweep (k, p); they were created one after the other."""
        shapes = [self.own(node.shape) for node in variables]
        shape = (*self.leads[-1], sum(prod(shape) for shape in shapes))
        return Node(self, "variable", (), shape, "weights", parts=tuple(variables), trainable=True)

    def own(self, shape: Shape) -> Shape:
        """A variable's shape without the axis of copies."""
        return shape[len(self.leads[-1]) :]

    def constant(self, value: npt.ArrayLike, name: str = "") -> Node:
        """A value that never changes. Equal numbers are one node."""
        array = np.array(value, dtype=self.dtype)
        if array.ndim or name:
            return Node(self, "constant", (), array.shape, name, value=array)
        number = float(array)
        if number not in self._numbers:
            self._numbers[number] = Node(self, "constant", (), (), "", value=array)
        return self._numbers[number]

    @property
    def leads(self) -> tuple[Shape, ...]:
        """What may stand in front of a node's own axes: nothing, or in a sweep the axis of copies."""
        return ((),) if self.sweep is None else ((), (self.sweep,))

    def as_node(self, value: Operand) -> Node:
        """A node as it is, a number or array as a constant. Raises GraphError for a node of another graph."""
        if not isinstance(value, Node):
            return self.constant(value)
        if value.graph is not self:
            raise GraphError(f"{value.title}: got a node of another graph, wanted one of this graph")
        return value

    def trainable(self) -> list[Node]:
        """The variables that optimizers move, in order of creation."""
        return [node for node in self.variables.values() if node.attributes["trainable"]]

    def _free(self, name: str) -> None:
        if name in self.placeholders or name in self.variables:
            raise GraphError(f"{name!r}: the name is taken in this graph, wanted another")


def apply(op: str, first: Node, *others: Operand, **attributes: Any) -> Node:
    """A node of an operation of the table. Raises GraphError naming it, its inputs, their shapes and what is wanted."""
    if op not in TABLE:
        raise GraphError(f"operation {op!r}: unknown, wanted one of {', '.join(TABLE)}")
    graph = first.graph
    inputs = (first, *[graph.as_node(other) for other in others])
    try:
        shape = TABLE[op].shape(*[node.shape for node in inputs], **attributes)
    except (ValueError, IndexError, TypeError) as problem:
        got = ", ".join(f"{node.title} {node.shape}" for node in inputs)
        raise GraphError(f"{op}: got {got}; {_in_words(op, len(inputs), problem)}") from None
    return Node(graph, op, inputs, shape, **attributes)


def _in_words(op: str, inputs: int, problem: Exception) -> str:
    """What a shape rule has against its inputs; rules raise GraphError, and Python and NumPy raise what they see first."""
    if isinstance(problem, IndexError):
        return "wanted at least two axes"
    if isinstance(problem, TypeError):
        arguments = ", ".join(list(signature(TABLE[op].shape).parameters)[inputs:]) or "none"
        return f"{str(problem).partition('() ')[2]}, wanted the arguments {arguments}"
    return str(problem) if isinstance(problem, GraphError) else "wanted axes in front that broadcast to one shape"


def topological_order(outputs: Iterable[Node]) -> list[Node]:
    """All nodes the outputs stand on, inputs before those who read them."""
    return whole(ordering(outputs))


def ordering(outputs: Iterable[Node]) -> Generator[None, None, list[Node]]:
    """The topological order in pieces; without recursion, so depth has no limit."""
    order: list[Node] = []
    due = NODES_A_PIECE
    seen: set[Node] = set()
    stack: list[Node | None] = [*reversed(list(outputs))]
    while stack:
        node = stack.pop()
        if node is None:  # a mark: all inputs of the node below it are in the order
            order.append(stack.pop())  # type: ignore[arg-type]  # a mark never lies on a mark
        elif node not in seen:
            seen.add(node)
            if node.inputs:
                stack += (node, None, *node.inputs[::-1])
            else:
                order.append(node)
        if len(order) == due:
            due += NODES_A_PIECE
            yield
    return order


def leaves(order: Sequence[Node], op: str) -> Mapping[str, Node]:
    """The leaves of one kind among nodes, by name."""
    return {node.name: node for node in order if node.op == op}
