"""The mistakes for which TensorFlow 1 has words of its own: those words, the exception it raises, and beside them plain ones.

The words are TensorFlow's (as of 1.15 and `tf.compat.v1`), with the names and shapes of the graph at hand. First in the flow:
operations, readiness and the face raise them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import prod
from typing import Any

from engine.graph import GraphError, Node, Shape


class Mistake(GraphError):
    """`kind`: the exception that TensorFlow 1 raises; `words`: its message. The text says the same plainly."""

    def __init__(self, kind: str, words: str, plain: str) -> None:
        super().__init__(plain)
        self.kind, self.words = kind, words


def not_fed(placeholder: Node) -> Mistake:
    """A run needs a placeholder that its feed_dict leaves out."""
    name, shape = placeholder.title, placeholder.shape
    words = f"You must feed a value for placeholder tensor '{name}' with dtype float and shape {listed(shape)}"
    plain = f"placeholder {name!r}: got no feed, wanted a value of shape {shape} in feed_dict"
    return Mistake("InvalidArgumentError", words, plain)


def uninitialized(variable: Node) -> Mistake:
    """A run reads a variable that this session has not initialized."""
    words = f"Attempting to use uninitialized value {variable.title}"
    plain = f"variable {variable.title!r}: got a read before it was initialized, wanted its initializer run first"
    return Mistake("FailedPreconditionError", words, plain)


def misfed(placeholder: Node, shape: Shape) -> Mistake:
    """A value of another shape is fed."""
    name = placeholder.title
    words = f"Cannot feed value of shape {shape} for Tensor '{name}:0', which has shape '{placeholder.shape}'"
    return Mistake("ValueError", words, f"placeholder {name!r}: got shape {shape}, wanted {placeholder.shape}")


def unfetchable(value: Any, plain: str = "") -> Mistake:
    """What is asked for is neither a tensor nor an operation."""
    kind = type(value).__name__
    reason = f" (Can not convert a {kind} into a Tensor or Operation.)" if value is not None else ""
    words = f"Fetch argument {value!r} has invalid type {type(value)}, must be a string or Tensor.{reason}"
    return Mistake("TypeError", words, plain or f"fetch: got {value!r}, wanted a node, its name, or an operation")


def no_such_name(name: str, example: str) -> Mistake:
    """A tensor is asked for by a name that the graph does not have."""
    operation = name.removesuffix(":0")
    words = (
        f"Fetch argument '{name}' cannot be interpreted as a Tensor. "
        f"(\"The name '{name}' refers to a Tensor which does not exist. The operation, '{operation}', does not exist in the graph.\")"
    )
    return Mistake("ValueError", words, f"fetch {name!r}: got a name this graph does not have, wanted one like {example!r}")


def empty_graph() -> Mistake:
    """A session runs before anything was made."""
    words = "The Session graph is empty.  Add operations to the graph before calling run()."
    return Mistake("RuntimeError", words, "session: got a run of a graph without nodes, wanted one at least")


def closed() -> Mistake:
    """A session is used after its end."""
    return Mistake(
        "RuntimeError", "Attempted to use a closed Session.", "session: got a run after it was closed, wanted an open one"
    )


def no_variables() -> Mistake:
    """An optimizer finds nothing to move."""
    return Mistake(
        "ValueError", "No variables to optimize.", "minimize: got a graph without trainable variables, wanted one at least"
    )


def no_gradients(loss: Node, variables: Sequence[Node]) -> Mistake:
    """A loss stands on no variable."""
    names = ", ".join(f"\"<tf.Variable '{node.title}:0' shape={node.shape} dtype=float32_ref>\"" for node in variables)
    words = (
        "No gradients provided for any variable, check your graph for ops that do not support gradients, between variables "
        f'[{names}] and loss Tensor("{loss.title}:0", shape={loss.shape}, dtype=float32).'
    )
    return Mistake(
        "ValueError", words, f"minimize of {loss.title!r}: got a loss that stands on no variable, wanted one that does"
    )


def other_assigned(variable: Node, value: Node) -> Mistake:
    """A variable is given a value of another shape."""
    shapes = (variable.shape, value.shape)
    if len(shapes[0]) != len(shapes[1]):
        what = f"Shapes must be equal rank, but are {len(shapes[0])} and {len(shapes[1])}"
    else:
        axis = next(place for place, sizes in enumerate(zip(*shapes, strict=True)) if sizes[0] != sizes[1])
        what = f"Dimension {axis} in both shapes must be equal, but are {shapes[0][axis]} and {shapes[1][axis]}. "
        what += f"Shapes are {listed(shapes[0])} and {listed(shapes[1])}."
    words = f"{what} for 'Assign' (op: 'Assign') with input shapes: {listed(shapes[0])}, {listed(shapes[1])}."
    return Mistake("ValueError", words, f"assign to {variable.title!r}: got {value.title} {value.shape}, wanted {variable.shape}")


def misshapen(kind: str, name: str, shapes: Sequence[Shape], plain: str) -> Mistake:
    """Operands whose shapes do not go together, of a matrix product or of an operation number by number."""
    where = f"for '{name}' (op: '{kind}') with input shapes: {', '.join(listed(shape) for shape in shapes)}."
    flat = next((shape for shape in shapes if kind == "MatMul" and len(shape) != 2), None)
    if flat is not None:
        return Mistake("ValueError", f"Shape must be rank 2 but is rank {len(flat)} {where}", plain)
    one, other = _differing(kind, shapes)
    return Mistake("ValueError", f"Dimensions must be equal, but are {one} and {other} {where}", plain)


def _differing(kind: str, shapes: Sequence[Shape]) -> tuple[int, int]:
    """The two sizes that are at odds."""
    first, second = shapes
    if kind == "MatMul":
        return first[1], second[0]
    pairs = list(zip_longest(first[::-1], second[::-1], fillvalue=1))
    return next(pair for pair in pairs[::-1] if pair[0] != pair[1] and 1 not in pair)


def misreshaped(name: str, shape: Shape, wanted: Shape, plain: str) -> Mistake:
    """Numbers that do not fill the shape asked for."""
    words = (
        f"Cannot reshape a tensor with {prod(shape)} elements to shape {listed(wanted)} ({prod(wanted)} elements) for '{name}' "
        f"(op: 'Reshape') with input shapes: {listed(shape)}, [{len(wanted)}] and with input tensors computed as partial shapes: "
        f"input[1] = {listed(wanted)}."
    )
    return Mistake("ValueError", words, plain)


def no_such_axis(kind: str, name: str, shape: Shape, axis: int, plain: str) -> Mistake:
    """A reduction over an axis that is not there."""
    words = (
        f"Invalid reduction dimension {axis} for input with {len(shape)} dimensions. for '{name}' (op: '{kind}') with input "
        f"shapes: {listed(shape)}, [] and with computed input tensors: input[1] = <{axis}>."
    )
    return Mistake("ValueError", words, plain)


def listed(shape: Shape) -> str:
    """A shape as TensorFlow 1 writes it: [2,3]."""
    return f"[{','.join(str(size) for size in shape)}]"
