"""The graph side of a rehearsal: arguments of any kind become numbers, shapes and tensors, or are refused; limits are kept.

Between `limits` and `functions`, whose functions get a `Builder` and the arguments as they were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from engine.graph import Array, Node, Shape, topological_order
from engine.v1.face import TensorFlow
from engine.v1.operations import Variable
from engine.v1.programs.limits import LARGEST, MOST_AXES, MOST_NODES, MOST_NUMBERS, Refused
from engine.v1.programs.tape import Fetched, Operation

FLOAT32 = "tf.float32"
FLOATS = "numbers with a point, such as 2.0, or dtype=tf.float32: here all tensors are float32"


@dataclass(frozen=True)
class Random:
    """`tf.random_normal`: what a variable may begin at."""

    shape: Shape
    mean: float
    deviation: float


@dataclass(frozen=True)
class Optimizer:
    """An optimizer of `tf.train`: its name there, the engine's, and how it is set up."""

    name: str
    rule: str
    learning_rate: Node
    options: dict[str, float]


@dataclass
class Builder:
    """The graph so far.

    `operations`: by the object that a session runs. `hidden`: nodes inside an optimizer, and those that gradients leave over.
    `draws`: variables that begin at random. `begins`: variables that begin at a tensor -> it. `losses`: what optimizers minimize.
    """

    tf: TensorFlow
    operations: dict[Any, Operation] = field(default_factory=dict)
    hidden: set[Node] = field(default_factory=set)
    draws: dict[Node, tuple[float, float]] = field(default_factory=dict)
    begins: dict[Node, Node] = field(default_factory=dict)
    losses: list[Node] = field(default_factory=list)
    _looked_at: int = 0

    def tensor(self, value: Any, name: str) -> Node:
        """A tensor as it is, numbers as a constant of that name. Raises Refused for what is neither."""
        if isinstance(value, Node):
            return value
        return self.tf.constant(self.numbers(value), name)

    def numbers(self, value: Any, dtype: Any = FLOAT32) -> Array:
        """Numbers as an array. Raises Refused for what is no number, and for whole numbers where nothing makes them float32."""
        if isinstance(value, Fetched):
            raise Refused("a value that a session gave", "a tensor or a number: such a value can be printed or fed")
        if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray)):
            raise Refused("no tensor and no number", "a tensor, a number, or a list of numbers", said(value))
        array = np.asarray(value)
        if array.dtype.kind != "f" and self.dtype(dtype) is None:
            raise Refused("of whole numbers, which TensorFlow makes int32", FLOATS)
        return array

    def shape(self, value: Any) -> Shape:
        """A shape out of a list or tuple of sizes. Raises Refused for one that is not known whole, or too large."""
        sizes = value.tolist() if isinstance(value, np.ndarray) else value
        if isinstance(sizes, int) and not isinstance(sizes, bool):
            sizes = [sizes]
        if not isinstance(sizes, (list, tuple)) or any(not isinstance(size, int) or isinstance(size, bool) for size in sizes):
            raise Refused("no shape known whole", "sizes, such as [2, 3]: here a shape has no None", said(value))
        if any(size < 1 for size in sizes):
            raise Refused("a shape with an empty axis", "sizes of at least 1", said(value))
        self.check_shape(tuple(sizes))
        return tuple(sizes)

    def number(self, value: Any, what: str) -> float:
        """One number. Raises Refused."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Refused("no number", f"a number for {what}", said(value))
        return float(value)

    def name(self, value: Any, default: str) -> str:
        """A name, the default for None. Raises Refused."""
        if value is None:
            return default
        if not isinstance(value, str) or not value.replace("_", "a").isalnum() or len(value) > 30:
            raise Refused("no name", "letters, digits and _, at most 30 of them, for name", said(value))
        return value

    def dtype(self, value: Any) -> str | None:
        """`tf.float32`, or None when nothing was said. Raises Refused for another."""
        if value is not None and not (isinstance(value, str) and value == FLOAT32):
            raise Refused("a type that is not simulated", "tf.float32, the only one here", said(value))
        return FLOAT32 if value is not None else None

    def variable(self, value: Any) -> Variable:
        """A variable. Raises Refused for what is none."""
        if not isinstance(value, Variable):
            raise Refused("no variable", "what tf.Variable made", said(value))
        return value

    def tensors(self, value: Any) -> list[Node]:
        """One tensor or a list of them. Raises Refused."""
        several = value if isinstance(value, (list, tuple)) else [value]
        for each in several:
            if not isinstance(each, Node):
                raise Refused("no tensor", "tensors or variables of this program", said(each))
        return list(several)

    def one_tensor(self, value: Any, what: str) -> Node:
        """One tensor, in a list or not. Raises Refused."""
        found = self.tensors(value)
        if len(found) != 1:
            raise Refused(f"{len(found)} tensors", f"one tensor {what}")
        return found[0]

    def operation(self, name: str, kind: str, runs: Any, inputs: Sequence[Node]) -> Any:
        """Gives a name to what a session can run, and hands it back."""
        self.operations[runs] = Operation(self.tf.names.unique(name), kind, runs, tuple(inputs))
        return runs

    def hide(self, before: int, results: Sequence[Node]) -> None:
        """Hides those of the nodes made since there were `before` that none of the results needs."""
        needed = set(topological_order(results))
        self.hidden.update(node for node in self.tf.graph.nodes[before:] if node not in needed)

    def check(self) -> None:
        """Raises Refused when the nodes made since the last check are too many or too large. Nothing of their size exists yet."""
        nodes = self.tf.graph.nodes
        for node in nodes[self._looked_at :]:
            self.check_shape(node.shape)
        self._looked_at = len(nodes)
        if (count := len(nodes) - len(self.hidden) + len(self.operations)) > MOST_NODES:
            raise Refused(
                "more than the graph has room for", f"a program whose graph has at most {MOST_NODES} nodes, not {count}"
            )

    def check_shape(self, shape: Shape) -> None:
        """Raises Refused for a shape of too many axes or numbers."""
        if len(shape) > MOST_AXES:
            raise Refused(f"of {len(shape)} axes", f"tensors of at most {MOST_AXES} axes")
        if (count := prod(shape)) > MOST_NUMBERS:
            raise Refused(f"a tensor of {count:,} numbers", f"tensors of at most {MOST_NUMBERS:,} numbers")


def array_of(parts: Sequence[Any]) -> Any:
    """A written list: an array where it holds numbers alone, else a list. Raises Refused for rows that do not fit together."""
    if not parts or not all(isinstance(part, (int, float, np.ndarray)) and not isinstance(part, bool) for part in parts):
        return list(parts)
    try:
        return np.array(parts)
    except ValueError:
        raise Refused("a list whose rows do not fit together", "rows of equal length") from None


def checked_number(value: float) -> float:
    """The number. Raises Refused for one that is too large to be written, or none."""
    if not abs(value) <= LARGEST:
        raise Refused("a number too large", f"numbers up to {LARGEST:,.0f}")
    return value


def said(value: Any) -> str:
    """How a message calls a value; "" for what has no spelling of its own, so that the message repeats the line's."""
    if isinstance(value, Node):
        return value.title
    if isinstance(value, (str, int, float, list, tuple, type(None), np.ndarray)):
        return repr(value.tolist() if isinstance(value, np.ndarray) else value)
    return ""
