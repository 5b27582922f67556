"""The functions of `tf` that a program can call, and the methods of what they make: one entry each, by the name written.

Between `building`, whose Builder each gets first, and `evaluation`, which looks them up. Nodes get the names that TensorFlow 1
would give them. What is not here is not of the language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine import ops
from engine.graph import Node, topological_order
from engine.networks.activations import softmax
from engine.updates import Update
from engine.v1.operations import Assignment, Variable
from engine.v1.programs.building import Builder, Optimizer, Random
from engine.v1.programs.limits import Refused

Function = Callable[..., Any]


def constant(b: Builder, value: Any, dtype: Any = None, shape: Any = None, name: Any = None) -> Node:
    """Numbers that are part of the graph; one number, with a shape, fills it."""
    numbers = b.numbers(value, dtype)
    if shape is not None:
        wanted = b.shape(shape)
        if numbers.size != 1 and numbers.shape != wanted:
            raise Refused("of another shape than said", f"numbers of shape {numbers.shape}, or one number")
        numbers = np.full(wanted, numbers) if numbers.size == 1 else numbers
    return b.tf.constant(numbers, b.name(name, "Const"))


def filled(value: float, default: str) -> Function:
    """`tf.zeros` and `tf.ones`."""

    def function(b: Builder, shape: Any, dtype: Any = None, name: Any = None) -> Node:
        b.dtype(dtype)
        return b.tf.constant(np.full(b.shape(shape), value), b.name(name, default))

    return function


def random_normal(b: Builder, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None) -> Random:
    """What a variable may begin at; drawn when it is initialized."""
    b.dtype(dtype)
    return Random(b.shape(shape), b.number(mean, "mean"), b.number(stddev, "stddev"))


def placeholder(b: Builder, dtype: Any, shape: Any = None, name: Any = None) -> Node:
    """A value that every run is fed."""
    if b.dtype(dtype) is None or shape is None:
        raise Refused("without a type or a shape", "tf.placeholder(tf.float32, [2, 3]): here shapes are known whole")
    return b.tf.placeholder(b.shape(shape), b.name(name, "Placeholder"))


def variable(b: Builder, initial_value: Any, trainable: Any = True, name: Any = None, dtype: Any = None) -> Variable:
    """A value that lasts between the runs of a session."""
    if not isinstance(trainable, bool):
        raise Refused("neither True nor False", "True or False for trainable")
    if isinstance(initial_value, Random):
        made = b.tf.Variable(np.zeros(initial_value.shape), b.name(name, "Variable"), trainable)
        b.draws[made] = (initial_value.mean, initial_value.deviation)
        return made
    if isinstance(initial_value, Node):
        if initial_value.op != "constant":
            raise Refused("computed", "numbers, tf.zeros, tf.ones or tf.random_normal for a variable to begin at")
        made = b.tf.Variable(initial_value.attributes["value"], b.name(name, "Variable"), trainable)
        b.begins[made] = initial_value
        return made
    return b.tf.Variable(b.numbers(initial_value, dtype), b.name(name, "Variable"), trainable)


def one(kind: str, function: Callable[[Node], Node]) -> Function:
    """A function of one tensor, number by number or by row."""

    def made(b: Builder, x: Any, name: Any = None) -> Node:
        return b.tf.made(kind, b.name(name, kind), function, b.tensor(x, f"{kind}/x"))

    return made


def two(kind: str, default: str, function: Callable[[Node, Node], Node]) -> Function:
    """A function of two tensors, of which a written number or list becomes a constant beside it."""

    def made(b: Builder, x: Any, y: Any, name: Any = None) -> Node:
        said = b.name(name, default)
        return b.tf.made(kind, said, function, b.tensor(x, f"{said}/x"), b.tensor(y, f"{said}/y"))

    return made


def reduced(kind: str) -> Function:
    """`tf.reduce_sum` and `tf.reduce_mean`, over all axes or one."""

    def made(b: Builder, input_tensor: Any, axis: Any = None, name: Any = None) -> Node:
        if axis is not None and (isinstance(axis, bool) or not isinstance(axis, int)):
            raise Refused("no axis", "one whole number for axis, or leave it out")
        said = b.name(name, kind)
        reduce = b.tf.reduce_sum if kind == "Sum" else b.tf.reduce_mean
        return reduce(b.tensor(input_tensor, f"{said}/input_tensor"), axis, said)

    return made


def matmul(builder: Builder, a: Any, b: Any, name: Any = None) -> Node:
    """The matrix product."""
    said = builder.name(name, "MatMul")
    return builder.tf.matmul(builder.tensor(a, f"{said}/a"), builder.tensor(b, f"{said}/b"), said)


def transpose(b: Builder, a: Any, name: Any = None) -> Node:
    """The two axes of a matrix exchanged."""
    node = b.tensor(a, "transpose/a")
    if len(node.shape) != 2:
        raise Refused(f"of {len(node.shape)} axes", "a matrix, which has two")
    return b.tf.transpose(node, b.name(name, "transpose"))


def reshape(b: Builder, tensor: Any, shape: Any, name: Any = None) -> Node:
    """The same numbers in another shape."""
    return b.tf.reshape(b.tensor(tensor, "Reshape/tensor"), b.shape(shape), b.name(name, "Reshape"))


def cross_entropy(b: Builder, labels: Any = None, logits: Any = None, name: Any = None) -> Node:
    """softplus(z) - y z, which is the cross-entropy of sigmoid(z) against y, and does not overflow."""
    if labels is None or logits is None:
        raise Refused("without labels or logits", "labels=… and logits=…, by name")
    said = b.name(name, "logistic_loss")
    z, y = b.tensor(logits, f"{said}/logits"), b.tensor(labels, f"{said}/labels")
    return b.tf.made("Sub", said, lambda z, y: ops.subtract(ops.softplus(z), ops.multiply(y, z)), z, y)


def gradients(b: Builder, ys: Any, xs: Any, name: Any = None) -> list[Node | None]:
    """The derivatives of the sum of `ys`, a node each, or None where `ys` does not depend on it."""
    wrt, loss = b.tensors(xs), b.one_tensor(ys, "to differentiate, with a list of those to differentiate it by")
    known = set(topological_order([loss]))
    reached = [node for node in wrt if node in known]
    before = b.tf.graph.count
    made = b.tf.gradients(_scalar(b, loss), reached, b.name(name, "gradients")) if reached else []
    b.hide(before, made)
    found = iter(made)
    return [next(found) if node in known else None for node in wrt]


def _scalar(b: Builder, loss: Node) -> Node:
    """TensorFlow differentiates the sum where there are several numbers."""
    return b.tf.reduce_sum(loss, name="gradients/Sum") if loss.shape else loss


def optimizer(name: str, rule: str, *options: str) -> Function:
    """An optimizer of `tf.train`; `options` are its further numbers, by the names that the engine has for them too."""

    def made(b: Builder, learning_rate: Any, *more: Any, **named: Any) -> Optimizer:
        if len(more) > len(options) or set(named) - set(options):
            raise Refused("set up by more than it takes", f"the learning rate{''.join(f', {one}' for one in options)}")
        given = dict(zip(options, more, strict=False)) | named
        numbers = {one: b.number(value, one) for one, value in given.items()}
        return Optimizer(name, rule, b.tensor(learning_rate, f"{name}/learning_rate"), numbers)

    return made


def minimize(b: Builder, self: Optimizer, loss: Any) -> Update:
    """The operation that moves the variables that the loss stands on."""
    node = b.one_tensor(loss, "to minimize")
    if self.learning_rate.shape:
        raise Refused("a learning rate of several numbers", "one number")
    before = b.tf.graph.count
    scalar = _scalar(b, node) if b.tf.graph.trainable() else node
    update = b.tf.minimize(scalar, self.learning_rate, self.rule, **self.options)
    b.hide(before, [*update.gradients, self.learning_rate])
    b.losses.append(node)
    inputs = dict.fromkeys((*update.variables, self.learning_rate, *update.gradients))
    return b.operation(self.name, self.name, update, list(inputs))  # type: ignore[no-any-return]  # what was handed over


def switched_off(b: Builder) -> None:
    """What programs of TensorFlow 1 call first in TensorFlow 2; here there is nothing else."""


def initializer(b: Builder) -> Any:
    """`tf.global_variables_initializer`: for the variables made so far."""
    made = b.tf.global_variables_initializer()
    return b.operation("init", "NoOp", made, [*made.variables, *(b.begins[each] for each in made.variables if each in b.begins)])


def initializer_of(b: Builder, self: Variable) -> Any:
    """`w.initializer`, which is an attribute and no call."""
    return b.operation(f"{self.name}/Assign", "Assign", self.initializer, [self])


def assign(kind: str, function: Callable[[Node, Node], Node] | None = None) -> Function:
    """`tf.assign`, `tf.assign_add` and `tf.assign_sub`, and the methods of a variable of the same names."""

    def made(b: Builder, ref: Any, value: Any, name: Any = None) -> Assignment:
        target, said = b.variable(ref), b.name(name, kind)
        node = b.tensor(value, f"{said}/value")
        if function is not None and node.shape == target.shape:
            node = b.tf.made(kind, f"{said}/new", function, target, node)
        return b.operation(said, kind, target.assign(node), [target, node])  # type: ignore[no-any-return]  # as above

    return made


add, subtract = two("AddV2", "Add", ops.add), two("Sub", "Sub", ops.subtract)
multiply, divide = two("Mul", "Mul", ops.multiply), two("RealDiv", "truediv", ops.divide)
relu, sigmoid, tanh = one("Relu", ops.relu), one("Sigmoid", ops.sigmoid), one("Tanh", ops.tanh)

FUNCTIONS: dict[str, Function] = {
    "tf.disable_v2_behavior": switched_off,
    "tf.disable_eager_execution": switched_off,
    "tf.constant": constant,
    "tf.zeros": filled(0.0, "zeros"),
    "tf.ones": filled(1.0, "ones"),
    "tf.random_normal": random_normal,
    "tf.placeholder": placeholder,
    "tf.Variable": variable,
    "tf.add": add,
    "tf.subtract": subtract,
    "tf.multiply": multiply,
    "tf.divide": divide,
    "tf.matmul": matmul,
    "tf.transpose": transpose,
    "tf.reshape": reshape,
    "tf.negative": one("Neg", ops.negative),
    "tf.square": one("Square", ops.square),
    "tf.sqrt": one("Sqrt", ops.sqrt),
    "tf.exp": one("Exp", ops.exp),
    "tf.log": one("Log", ops.log),
    "tf.abs": one("Abs", ops.absolute),
    "tf.sigmoid": sigmoid,
    "tf.tanh": tanh,
    "tf.reduce_sum": reduced("Sum"),
    "tf.reduce_mean": reduced("Mean"),
    "tf.nn.relu": relu,
    "tf.nn.sigmoid": sigmoid,
    "tf.nn.tanh": tanh,
    "tf.nn.softmax": one("Softmax", lambda a: softmax(a, axis=-1)),
    "tf.nn.sigmoid_cross_entropy_with_logits": cross_entropy,
    "tf.gradients": gradients,
    "tf.assign": assign("Assign"),
    "tf.assign_add": assign("AssignAdd", ops.add),
    "tf.assign_sub": assign("AssignSub", ops.subtract),
    "tf.global_variables_initializer": initializer,
    "tf.train.GradientDescentOptimizer": optimizer("GradientDescent", "sgd"),
    "tf.train.MomentumOptimizer": optimizer("Momentum", "momentum", "momentum"),
    "tf.train.AdamOptimizer": optimizer("Adam", "adam", "beta1", "beta2", "epsilon"),
}
WALKS = (gradients, minimize)
"""What goes through the whole graph, and costs as much."""
METHODS: dict[type, dict[str, Function]] = {
    Variable: {name: FUNCTIONS[f"tf.{name}"] for name in ("assign", "assign_add", "assign_sub")},
    Optimizer: {"minimize": minimize},
}
OPERATORS: dict[str, tuple[str, str, Callable[..., Node]]] = {
    "Add": ("AddV2", "add", ops.add),
    "Sub": ("Sub", "sub", ops.subtract),
    "Mult": ("Mul", "mul", ops.multiply),
    "Div": ("RealDiv", "truediv", ops.divide),
}
"""An operator's name in Python's tree -> what TensorFlow 1 calls the operation and the node, and the engine's function."""


def operated(b: Builder, sign: str, left: Any, right: Any) -> Node:
    """`left sign right` where one of them is a tensor."""
    if sign == "MatMult":
        return matmul(b, left, right, "matmul")
    if sign == "Pow":
        if type(right) not in (int, float) or right != 2:
            raise Refused("a power that is not simulated", "** 2, or tf.square")
        return b.tf.made("Pow", "pow", ops.square, b.tensor(left, "pow/x"))
    made: Node = two(*OPERATORS[sign])(b, left, right)
    return made
