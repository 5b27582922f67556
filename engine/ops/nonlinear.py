"""The nonlinear functions that need kernels of their own; `engine.networks.activations` builds the rest out of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.table import filled, register, same, ufunc_kernel


def tanh(a: Node) -> Node:
    """Hyperbolic tangent; its slope is 1 - y^2."""
    return apply("tanh", a)


def sigmoid(a: Node) -> Node:
    """1 / (1 + exp(-a)), computed as e / (1 + e) with e = exp(a), which keeps its digits where it is close to 0.

    Beyond the largest exponent there is, where e would overflow, it is 1.
    """
    return apply("sigmoid", a)


def gates(a: Node, units: int) -> Node:
    """tanh(a) in the last `units` rows, the sigmoid of 2a in those before: an LSTM's candidate and its gates, by one tanh."""
    return apply("gates", a, units=units)


def gates_slope(y: Node, units: int) -> Node:
    """The slope of a candidate y in the last `units` rows, 1 - y^2, and of sigmoids y in those before, y - y^2."""
    return apply("gates_slope", y, units=units)


def softplus(a: Node) -> Node:
    """log(1 + exp(a)), computed as max(a, 0) + log1p(exp(-|a|)); its slope is the sigmoid."""
    return apply("softplus", a)


def relu(a: Node) -> Node:
    """max(a, 0); NaN stays NaN, so that a diverged run shows. Its slope at 0 is taken as 0."""
    return apply("relu", a)


def positive(a: Node) -> Node:
    """1 where a > 0, else 0; its derivative is zero wherever there is one."""
    return apply("positive", a)


def _sigmoid(a: Array) -> Any:
    grown = np.exp(np.minimum(a, _largest_exponent(a)))
    return grown / (1 + grown)


def _sigmoid_kernel(out: Array, a: Array) -> list[Call]:
    most, one, sums = filled(out.shape, _largest_exponent(out), out.dtype), np.array(1, out.dtype), np.empty_like(out)
    return [(np.minimum, (a, most, out)), (np.exp, (out, out)), (np.add, (out, one, sums)), (np.divide, (out, sums, out))]


def _largest_exponent(a: Array) -> int:
    return int(np.log(np.finfo(a.dtype).max))


def _gates_shape(shape: Shape, units: int) -> Shape:
    if len(shape) < 2 or not 0 < units < shape[-2]:
        raise GraphError(f"wanted more than {units} rows, the last {units} for the candidate")
    return shape


def _computed_by(kernel: Callable[..., list[Call]]) -> Callable[..., Array]:
    """The plain computation of what takes its kernel several calls."""

    def compute(a: Array, **attributes: Any) -> Array:
        out = np.empty_like(a)
        for function, arguments in kernel(out, a, **attributes):
            function(*arguments)
        return out

    return compute


def _gates_kernel(out: Array, a: Array, units: int) -> list[Call]:
    opened, half = out[..., :-units, :], np.array(0.5, out.dtype)
    return [(np.tanh, (a, out)), (np.multiply, (opened, half, opened)), (np.add, (opened, half, opened))]


def _gates_slope_kernel(out: Array, y: Array, units: int) -> list[Call]:
    opened, candidate, one = out[..., :-units, :], out[..., -units:, :], np.array(1, out.dtype)
    squared: list[Call] = [(np.multiply, (y, y, out))]
    return [*squared, (np.subtract, (one, candidate, candidate)), (np.subtract, (y[..., :-units, :], opened, opened))]


def _gates_gradient(node: Node, g: Node) -> list[Node]:
    return [g * gates_slope(node, **node.attributes) * _by_row(node, 2.0, 1.0)]


def _gates_slope_gradient(node: Node, g: Node) -> list[Node]:
    return [g * (_by_row(node, 1.0, 0.0) - node.inputs[0] * 2.0)]


def _by_row(node: Node, of_gates: float, of_candidate: float) -> Node:
    units = node.attributes["units"]
    return node.graph.constant(np.repeat([[of_gates], [of_candidate]], (node.shape[-2] - units, units), axis=0))


def _softplus(a: Array) -> Any:
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def _softplus_kernel(out: Array, a: Array) -> list[Call]:
    rest, zero = np.empty_like(out), filled(out.shape, 0.0, out.dtype)
    decay: list[Call] = [(np.absolute, (a, rest)), (np.negative, (rest, rest)), (np.exp, (rest, rest)), (np.log1p, (rest, rest))]
    return [*decay, (np.maximum, (a, zero, out)), (np.add, (out, rest, out))]


def _relu_kernel(out: Array, a: Array) -> list[Call]:
    return [(np.maximum, (a, filled(out.shape, 0.0, out.dtype), out))]


def _positive(a: Array) -> Any:
    return (a > 0).astype(a.dtype)


def _positive_kernel(out: Array, a: Array) -> list[Call]:
    return [(np.greater, (a, np.array(0, out.dtype), out))]


register(Op("tanh", same, np.tanh, lambda node, g: (g * (1.0 - node * node),), ufunc_kernel(np.tanh), numberwise=True))
register(Op("sigmoid", same, _sigmoid, lambda node, g: (g * (node * (1.0 - node)),), _sigmoid_kernel))
register(Op("gates", _gates_shape, _computed_by(_gates_kernel), _gates_gradient, _gates_kernel))
register(Op("gates_slope", _gates_shape, _computed_by(_gates_slope_kernel), _gates_slope_gradient, _gates_slope_kernel))
register(Op("softplus", same, _softplus, lambda node, g: (g * sigmoid(node.inputs[0]),), _softplus_kernel))
register(Op("relu", same, lambda a: np.maximum(a, a.dtype.type(0)), lambda node, g: (g * positive(node),), _relu_kernel))
register(Op("positive", same, _positive, lambda node, g: (None,), _positive_kernel))
