"""Operations number by number: sums, products, powers, exponentials, sines. Two operands broadcast as in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.graph import Node, Op, Operand, apply
from engine.ops.shapes import total_to
from engine.ops.table import broadcast, register, same, ufunc_kernel

Rule = Callable[[Node, Node], Sequence[Node | None]]


def _unary(name: str, ufunc: Any, gradient: Rule) -> Callable[[Node], Node]:
    register(Op(name, same, ufunc, gradient, ufunc_kernel(ufunc), numberwise=True))
    return lambda a: apply(name, a)


def _binary(name: str, ufunc: Any, gradient: Rule, neutral: float | None = None) -> Callable[[Node, Operand], Node]:
    def reduced(node: Node, upstream: Node) -> list[Node | None]:
        pairs = zip(node.inputs, gradient(node, upstream), strict=True)
        return [None if part is None else total_to(part, source.shape) for source, part in pairs]

    register(Op(name, broadcast, ufunc, reduced, ufunc_kernel(ufunc), neutral=neutral, numberwise=True))
    return lambda a, b: apply(name, a, b)


def _of_larger(node: Node, g: Node) -> tuple[Node, Node]:
    """The gradient goes to the larger operand, half to each in a tie."""
    share = sign(node.inputs[0] - node.inputs[1]) * 0.5 + 0.5
    return g * share, g * (1.0 - share)


add = _binary("add", np.add, lambda node, g: (g, g))
subtract = _binary("subtract", np.subtract, lambda node, g: (g, -g))
multiply = _binary("multiply", np.multiply, lambda node, g: (g * node.inputs[1], g * node.inputs[0]), neutral=1.0)
divide = _binary("divide", np.divide, lambda node, g: (g / node.inputs[1], -(g * node) / node.inputs[1]))
maximum = _binary("maximum", np.maximum, _of_larger)
minimum = _binary("minimum", np.minimum, lambda node, g: _of_larger(node, g)[::-1])

negative = _unary("negative", np.negative, lambda node, g: (-g,))
exp = _unary("exp", np.exp, lambda node, g: (g * node,))
expm1 = _unary("expm1", np.expm1, lambda node, g: (g * exp(node.inputs[0]),))
log1p = _unary("log1p", np.log1p, lambda node, g: (g / (1.0 + node.inputs[0]),))
log = _unary("log", np.log, lambda node, g: (g / node.inputs[0],))
sqrt = _unary("sqrt", np.sqrt, lambda node, g: (g * 0.5 / node,))
sin: Callable[[Node], Node] = _unary("sin", np.sin, lambda node, g: (g * cos(node.inputs[0]),))
cos: Callable[[Node], Node] = _unary("cos", np.cos, lambda node, g: (-(g * sin(node.inputs[0])),))
square = _unary("square", np.square, lambda node, g: (g * (node.inputs[0] * 2.0),))
sign = _unary("sign", np.sign, lambda node, g: (None,))
rounded = _unary("rounded", np.rint, lambda node, g: (None,))
absolute = _unary("absolute", np.absolute, lambda node, g: (g * sign(node.inputs[0]),))
