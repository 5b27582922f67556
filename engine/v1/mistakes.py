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
    """`kind`: the exception that TensorFlow 1 raises; `words`: its message; `meaning`: what that means, in whole sentences.

    The text names the node, what was got and what is wanted, as every GraphError does.
    Where the words repeat a value that is not known yet, they have "{value}" in its place, and it is that of `about`.
    """

    def __init__(self, kind: str, words: str, plain: str, meaning: str, about: Any = None) -> None:
        super().__init__(plain)
        self.kind, self.words, self.meaning, self.about = kind, words, meaning, about


def not_fed(placeholder: Node) -> Mistake:
    """A run needs a placeholder that its feed_dict leaves out."""
    name, shape = placeholder.title, placeholder.shape
    words = f"You must feed a value for placeholder tensor '{name}' with dtype float and shape {listed(shape)}"
    plain = f"placeholder {name!r}: got no feed, wanted a value of shape {shape} in feed_dict"
    meaning = (
        f"The run needs {name}, and nothing was fed for it. Give it numbers of shape {shape} in the feed_dict of this very run."
    )
    return Mistake("InvalidArgumentError", words, plain, meaning)


def uninitialized(variable: Node) -> Mistake:
    """A run reads a variable that this session has not initialized."""
    words = f"Attempting to use uninitialized value {variable.title}"
    plain = f"variable {variable.title!r}: got a read before it was initialized, wanted its initializer run first"
    meaning = f"Making a variable only says how it begins. Run its initializer in this session before {variable.title} is read."
    return Mistake("FailedPreconditionError", words, plain, meaning)


def misfed(placeholder: Node, shape: Shape) -> Mistake:
    """A value of another shape is fed."""
    name = placeholder.title
    words = f"Cannot feed value of shape {shape} for Tensor '{name}:0', which has shape '{placeholder.shape}'"
    meaning = (
        f"{name} was declared with shape {placeholder.shape}, and what is fed has shape {shape}. One of the two must change."
    )
    return Mistake("ValueError", words, f"placeholder {name!r}: got shape {shape}, wanted {placeholder.shape}", meaning)


def unfetchable(value: Any) -> Mistake:
    """What is asked for is neither a tensor nor an operation."""
    kind = type(value).__name__
    reason = f" (Can not convert a {kind} into a Tensor or Operation.)" if value is not None else ""
    words = f"Fetch argument {value!r} has invalid type {type(value)}, must be a string or Tensor.{reason}"
    meaning = "A session runs nodes of the graph, and this is none: it is a plain Python value, which has no node."
    return Mistake("TypeError", words, f"fetch: got {value!r}, wanted a node, its name, or an operation", meaning)


def unfetchable_result(value: Any, shape: Shape) -> Mistake:
    """What an earlier run gave is asked for again: it is numbers, and no tensor any more."""
    kind = "ndarray" if shape else "float32"
    reason = f"(Can not convert a {kind} into a Tensor or Operation.)"
    words = f"Fetch argument {{value}} has invalid type <class 'numpy.{kind}'>, must be a string or Tensor. {reason}"
    meaning = "This name stood for a node, and now stands for the numbers that a run gave. Give the numbers another name."
    return Mistake("TypeError", words, "fetch: got numbers that an earlier run gave, wanted the node itself", meaning, value)


def no_such_name(name: str, example: str) -> Mistake:
    """A tensor is asked for by a name that the graph does not have."""
    operation = name.removesuffix(":0")
    words = (
        f"Fetch argument '{name}' cannot be interpreted as a Tensor. "
        f"(\"The name '{name}' refers to a Tensor which does not exist. "
        f"The operation, '{operation}', does not exist in the graph.\")"
    )
    plain = f"fetch {name!r}: got a name this graph does not have, wanted one like {example!r}"
    return Mistake("ValueError", words, plain, f"No node of this graph is called {operation}. There is {example}, for one.")


def empty_graph() -> Mistake:
    """A session runs before anything was made."""
    words = "The Session graph is empty.  Add operations to the graph before calling run()."
    plain = "session: got a run of a graph without nodes, wanted one at least"
    return Mistake("RuntimeError", words, plain, "No line has made a node yet, so that there is nothing to run.")


def closed() -> Mistake:
    """A session is used after its end."""
    plain = "session: got a run after it was closed, wanted an open one"
    meaning = "A session ends with close(), or with its with-block, and the values of its variables are gone with it."
    return Mistake("RuntimeError", "Attempted to use a closed Session.", plain, meaning)


def no_variables() -> Mistake:
    """An optimizer finds nothing to move."""
    plain = "minimize: got a graph without trainable variables, wanted one at least"
    return Mistake("ValueError", "No variables to optimize.", plain, "The graph has no variable yet that training could change.")


def no_gradients(loss: Node, variables: Sequence[Node]) -> Mistake:
    """A loss stands on no variable."""
    names = ", ".join(f"\"<tf.Variable '{node.title}:0' shape={node.shape} dtype=float32_ref>\"" for node in variables)
    words = (
        "No gradients provided for any variable, check your graph for ops that do not support gradients, between variables "
        f'[{names}] and loss Tensor("{loss.title}:0", shape={loss.shape}, dtype=float32).'
    )
    plain = f"minimize of {loss.title!r}: got a loss that stands on no variable, wanted one that does"
    return Mistake("ValueError", words, plain, f"However the variables change, {loss.title} stays as it is: no edge leads there.")


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
    plain = f"assign to {variable.title!r}: got {value.title} {value.shape}, wanted {variable.shape}"
    meaning = (
        f"{variable.title} keeps the shape that it began with, {variable.shape}, and is given numbers of shape {value.shape}."
    )
    return Mistake("ValueError", words, plain, meaning)


def misshapen(kind: str, name: str, shapes: Sequence[Shape], plain: str) -> Mistake:
    """Operands whose shapes do not go together, of a matrix product or of an operation number by number."""
    where = f"for '{name}' (op: '{kind}') with input shapes: {', '.join(listed(shape) for shape in shapes)}."
    first, second = shapes
    product = "A matrix product takes (m, k) and (k, n): the columns of the first are as many as the rows of the second"
    meaning = f"{product}, and here the shapes are {first} and {second}."
    flat = next((shape for shape in shapes if kind == "MatMul" and len(shape) != 2), None)
    if flat is not None:
        return Mistake("ValueError", f"Shape must be rank 2 but is rank {len(flat)} {where}", plain, meaning)
    one, other = _differing(kind, shapes)
    if kind != "MatMul":
        meaning = (
            f"Number by number, sizes must be equal, or one of them 1, counted from the last axis: {first} and {second} are not."
        )
    return Mistake("ValueError", f"Dimensions must be equal, but are {one} and {other} {where}", plain, meaning)


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
    meaning = f"The new shape needs {prod(wanted)} numbers, and there are {prod(shape)}: reshaping adds none and drops none."
    return Mistake("ValueError", words, plain, meaning)


def no_such_axis(kind: str, name: str, shape: Shape, axis: int, plain: str) -> Mistake:
    """A reduction over an axis that is not there."""
    words = (
        f"Invalid reduction dimension {axis} for input with {len(shape)} dimensions. for '{name}' (op: '{kind}') with input "
        f"shapes: {listed(shape)}, [] and with computed input tensors: input[1] = <{axis}>."
    )
    return Mistake("ValueError", words, plain, f"Axes are counted from 0, and shape {shape} has {len(shape)}.")


def listed(shape: Shape) -> str:
    """A shape as TensorFlow 1 writes it: [2,3]."""
    return f"[{','.join(str(size) for size in shape)}]"
