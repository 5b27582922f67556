"""The nonlinear functions that need kernels of their own; `engine.activations` builds the rest out of these."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.graph import Array, Call, Node, Op, apply
from engine.ops.table import register, same, ufunc_kernel


def tanh(a: Node) -> Node:
    """Hyperbolic tangent; its slope is 1 - y^2."""
    return apply("tanh", a)


def sigmoid(a: Node) -> Node:
    """1 / (1 + exp(-a)), computed as (1 + tanh(a / 2)) / 2, which never overflows."""
    return apply("sigmoid", a)


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
    return np.tanh(a * a.dtype.type(0.5)) * a.dtype.type(0.5) + a.dtype.type(0.5)


def _sigmoid_kernel(out: Array, a: Array) -> list[Call]:
    half = np.array(0.5, out.dtype)
    return [(np.multiply, (a, half, out)), (np.tanh, (out, out)), (np.multiply, (out, half, out)), (np.add, (out, half, out))]


def _softplus(a: Array) -> Any:
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def _softplus_kernel(out: Array, a: Array) -> list[Call]:
    rest, zero = np.empty_like(out), np.array(0, out.dtype)
    decay: list[Call] = [(np.absolute, (a, rest)), (np.negative, (rest, rest)), (np.exp, (rest, rest)), (np.log1p, (rest, rest))]
    return [*decay, (np.maximum, (a, zero, out)), (np.add, (out, rest, out))]


def _relu_kernel(out: Array, a: Array) -> list[Call]:
    return [(np.maximum, (a, np.array(0, out.dtype), out))]


def _positive(a: Array) -> Any:
    return (a > 0).astype(a.dtype)


def _positive_kernel(out: Array, a: Array) -> list[Call]:
    return [(np.greater, (a, np.array(0, out.dtype), out))]


register(Op("tanh", same, np.tanh, lambda node, g: (g * (1.0 - node * node),), ufunc_kernel(np.tanh)))
register(Op("sigmoid", same, _sigmoid, lambda node, g: (g * (node * (1.0 - node)),), _sigmoid_kernel))
register(Op("softplus", same, _softplus, lambda node, g: (g * sigmoid(node.inputs[0]),), _softplus_kernel))
register(Op("relu", same, lambda a: np.maximum(a, a.dtype.type(0)), lambda node, g: (g * positive(node),), _relu_kernel))
register(Op("positive", same, _positive, lambda node, g: (None,), _positive_kernel))
