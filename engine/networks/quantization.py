"""Weights on a grid of a few bits: rounded after training, rounded while training, and rescaled so that they round better.

Weights are those of a dense layer, (units, fan_in + 1), and the last column, the bias, stays as it is, as is usual. The grid is
symmetric: 0 and 2^(bits - 1) - 1 steps on either side of it, the outermost at the largest weight (Jacob et al., 2018, without a
zero point).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from engine.graph import Array, GraphError, Node
from engine.ops import absolute, concatenate, detach, greatest, maximum, rounded, rows, with_gradient

Per = Literal["tensor", "channel"]
"""One scale for all weights of a layer, or one for each of its units."""

LEAST = 1e-12
"""The smallest largest weight there is, so that a layer of zeros has a scale."""


def steps_of(bits: int) -> int:
    """How many steps the grid has on either side of zero. Raises GraphError for fewer than 2 bits."""
    if bits < 2:
        raise GraphError(f"bits: got {bits}, wanted at least 2: a sign and a step")
    return int(2 ** (bits - 1) - 1)


def quantized(weights: Array, bits: int, per: Per = "tensor") -> Array:
    """The weights (units, fan_in + 1), each at the nearest place of the grid; a new array of the same type."""
    steps, matrix = steps_of(bits), weights[:, :-1]
    largest = np.abs(matrix).max(axis=1 if per == "channel" else None, keepdims=True)
    scale = np.maximum(largest, LEAST) / steps
    return np.concatenate([np.rint(matrix / scale) * scale, weights[:, -1:]], axis=1).astype(weights.dtype)


def straight_through(weights: Node, bits: int, per: Per = "tensor", through: bool = True) -> Node:
    """The same as a node for training: rounded on the way forward, the gradient as if nothing had been rounded.

    This is the straight-through estimator (Bengio, Léonard and Courville, 2013). `through=False` leaves the true derivative of
    rounding, which is zero: then only the bias has a gradient.
    """
    fan_in = weights.shape[-1] - 1
    matrix = rows(weights, 0, fan_in, axis=-1)
    largest = greatest(absolute(matrix), -1)
    scale = detach(maximum(largest if per == "channel" else greatest(largest, -2), LEAST) * (1 / steps_of(bits)))
    placed = rounded(matrix / scale) * scale
    placed = with_gradient(placed, [matrix], lambda upstream: [upstream]) if through else placed
    return concatenate([placed, rows(weights, fan_in, fan_in + 1, axis=-1)], axis=-1)


def equalized(layers: Sequence[Array], rounds: int = 3) -> list[Array]:
    """The weights of a ReLU network whose hidden units are rescaled so that what goes into each is as large as what comes out.

    A ReLU unit computes the same when its weights and bias are multiplied by a number and the next layer's are divided by it: the
    function stays. The number is sqrt(in out) / in of the largest weights (cross-layer equalization, Nagel et al., 2019).
    """
    made = [each.copy() for each in layers]
    for _ in range(rounds):
        for before, behind in pairwise(made):
            into, out_of = np.abs(before[:, :-1]).max(axis=1), np.abs(behind[:, :-1]).max(axis=0)
            used = (into > LEAST) & (out_of > LEAST)
            factor = np.sqrt(np.where(used, out_of, 1) / np.where(used, into, 1))
            np.multiply(before, factor[:, None], out=before)
            np.divide(behind[:, :-1], factor, out=behind[:, :-1])
    return made
