"""A node's operation as a line of arithmetic: v4 = sin(v3) = sin(0.6) = 0.5646, in LaTeX."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine import Node
from engine.graph import Array

FORMULAS: Mapping[str, str] = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": r"{} \cdot {}",
    "divide": r"\frac{{{}}}{{{}}}",
    "negative": "-{}",
    "square": "{}^2",
    "sqrt": r"\sqrt{{{}}}",
    "exp": "e^{{{}}}",
    "log": r"\ln({})",
    "sin": r"\sin({})",
    "cos": r"\cos({})",
    "tanh": r"\tanh({})",
    "absolute": r"\left|{}\right|",
    "sign": r"\mathrm{{sign}}({})",
}
"""Of the operations that an expression and its gradient are made of. Any other is written as a function of its inputs."""

UNFENCED = ("exp", "sqrt", "log", "sin", "cos", "tanh", "absolute", "sign", "divide")
"""What holds its inputs apart by itself, so that a negative number, or one with a power of ten, needs no parentheses."""


def line(node: Node, names: Mapping[Node, str], values: Mapping[Node, Array]) -> str:
    """The operation in names, in numbers, and what comes out; of a leaf its name and value."""
    result = number(float(values[node]))
    if not node.inputs:
        return f"{names[node]} = {result}" if names[node] != result else f"{result}"
    by_name = _applied(node, [names[source] for source in node.inputs])
    numbers = [number(float(values[source])) for source in node.inputs]
    fenced = numbers if node.op in UNFENCED else [one if one.replace(".", "").isdigit() else f"({one})" for one in numbers]
    return f"{names[node]} = {by_name} = {_applied(node, fenced)} = {result}"


def _applied(node: Node, inputs: list[str]) -> str:
    formula = FORMULAS.get(node.op)
    if formula is None:
        return rf"\mathrm{{{node.op.replace('_', ' ')}}}({', '.join(inputs)})"
    return formula.format(*inputs)


def number(value: float) -> str:
    """Four digits, a power of ten where zeros would have to be counted; in words what is no finite number."""
    if not np.isfinite(value):
        return r"\text{no number}" if np.isnan(value) else rf"{'-' if value < 0 else ''}\infty"
    mantissa, _, exponent = f"{value + 0.0:.4g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
