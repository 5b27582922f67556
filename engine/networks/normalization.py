"""Normalization inside a network: batch norm in its two modes, layer norm, RMS norm, spectral norm, and a minibatch's spread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.graph import Graph, GraphError, Node
from engine.ops import broadcast_to, concatenate, detach, matmul, mean, sqrt, square, total, transpose, with_gradient
from engine.updates import Assign

EPSILON = 1e-5
KEEP = 0.9
"""The share of a running statistic that one step keeps."""


def batch_norm(graph: Graph, name: str, units: int) -> Callable[[Node, bool], tuple[Node, tuple[Assign, ...]]]:
    """Batch normalization (Ioffe and Szegedy, 2015) of (units, n) over the batch, with a learned scale and shift.

    The function returned takes a node and the mode: in training it uses the batch's own mean and variance and gives the
    assignments that update the running ones; in evaluation it uses the running ones. With a batch of one, training
    mode forgets its input.
    """
    _at_least_one(name, units)
    scale = graph.variable(f"{name}/scale", np.ones((units, 1)))
    shift = graph.variable(f"{name}/shift", np.zeros((units, 1)))
    running_mean = graph.variable(f"{name}/running mean", np.zeros((units, 1)), trainable=False)
    running_variance = graph.variable(f"{name}/running variance", np.ones((units, 1)), trainable=False)

    def apply(inputs: Node, training: bool) -> tuple[Node, tuple[Assign, ...]]:
        if not training:
            return (inputs - running_mean) / sqrt(running_variance + EPSILON) * scale + shift, ()
        centre, centred = mean(inputs, -1, keepdims=True), _centred(inputs, -1)
        variance = mean(square(centred), -1, keepdims=True)
        n = inputs.shape[-1]
        unbiased = variance * (n / max(n - 1, 1))
        assigns = (
            Assign(running_mean, running_mean * KEEP + centre * (1 - KEEP)),
            Assign(running_variance, running_variance * KEEP + unbiased * (1 - KEEP)),
        )
        return centred / sqrt(variance + EPSILON) * scale + shift, assigns

    return apply


def layer_norm(graph: Graph, name: str, units: int, axis: int = -2) -> Callable[[Node], Node]:
    """Layer normalization (Ba, Kiros and Hinton, 2016) of (units, n) over each sample's units, with a learned scale and shift.

    No batch statistics: training and evaluation are the same. `axis` is where the units are, -3 for (units, n, steps). The
    variables are `name/scale` and `name/shift`, (units, 1). The function returned raises GraphError for another number of units.
    """
    _at_least_one(name, units)
    begin = np.ones((units, *[1] * (-1 - axis)))
    scale, shift = graph.variable(f"{name}/scale", begin), graph.variable(f"{name}/shift", begin * 0)
    return lambda inputs: _standard(_centred(_of_units(name, inputs, units, axis), axis), axis) * scale + shift


def rms_norm(graph: Graph, name: str, units: int, axis: int = -2) -> Callable[[Node], Node]:
    """Layer normalization without the mean (Zhang and Sennrich, 2019): units over the root of their mean square, and a scale.

    Otherwise as `layer_norm`; there is no shift.
    """
    _at_least_one(name, units)
    scale = graph.variable(f"{name}/scale", np.ones((units, *[1] * (-1 - axis))))
    return lambda inputs: _standard(_of_units(name, inputs, units, axis), axis) * scale


def _at_least_one(name: str, units: int) -> None:
    if units < 1:
        raise GraphError(f"{name}: got {units} units, wanted at least 1")


def _of_units(name: str, inputs: Node, units: int, axis: int) -> Node:
    if inputs.shape[axis:][:1] != (units,) or len(inputs.shape) < 2:
        raise GraphError(f"{name}: got {inputs.title} {inputs.shape}, wanted {units} units along axis {axis}")
    return inputs


def _centred(a: Node, axis: int) -> Node:
    """Less its mean. Of a gradient the same is left.

    Twice, as the mean of large numbers is off by a rounding that beside a small spread would be taken for one.
    """
    once = a - mean(a, axis, keepdims=True)
    return with_gradient(once - mean(once, axis, keepdims=True), [a], lambda g: [g - mean(g, axis, keepdims=True)])


def _standard(a: Node, axis: int) -> Node:
    """Over the root of its mean square; the gradient loses what would only lengthen it."""
    inverse = 1.0 / sqrt(mean(square(a), axis, keepdims=True) + EPSILON)
    value = a * inverse
    return with_gradient(value, [a], lambda g: [(g - value * mean(g * value, axis, keepdims=True)) * inverse])


def minibatch_std(inputs: Node) -> Node:
    """`inputs` (d, n) with one more row: the spread of the batch, averaged over features, the same for all samples.

    It lets a discriminator see a batch without variety, the mark of mode collapse (Karras, Aila, Laine and Lehtinen, 2018).
    """
    centred = _centred(inputs, -1)
    spread = mean(sqrt(mean(square(centred), -1, keepdims=True) + 1e-8), (-2, -1), keepdims=True)
    row = (*inputs.shape[:-2], 1, inputs.shape[-1])
    return concatenate([inputs, broadcast_to(spread, row)])


def spectral_norm(graph: Graph, name: str, weights: Node, rng: np.random.Generator) -> tuple[Node, Assign]:
    """The weights divided by their largest singular value (Miyato, Kataoka, Koyama and Yoshida, 2018).

    One power iteration a step on a vector that lasts; the second part of the answer is the assignment that keeps it.
    """
    begin = rng.normal(size=(weights.shape[-2], 1))
    left = graph.variable(f"{name}/left singular vector", begin / np.linalg.norm(begin), trainable=False)
    right = _unit(matmul(transpose(weights), left))
    improved = _unit(matmul(weights, right))
    sigma = total(detach(improved) * matmul(weights, detach(right)), (-2, -1), keepdims=True)
    return weights / sigma, Assign(left, improved)


def _unit(vector: Node) -> Node:
    return vector / sqrt(total(square(vector), (-2, -1), keepdims=True) + 1e-12)
