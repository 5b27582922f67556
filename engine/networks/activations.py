"""Activation functions by name, each from node to node. Their derivatives follow from the operations they are made of.

`ACTIVATIONS[name]` serves layers and pages alike; `slope` gives the derivative as a node, for charts of it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

from engine.gradients import gradients
from engine.graph import Array, GraphError, Node
from engine.ops import exp, maximum, positive, relu, sigmoid, tanh, total
from engine.ops import softmax as masked_softmax

Activation = Callable[[Node], Node]

LEAK = 0.01
"""Slope of leaky ReLU below zero (Maas, Hannun and Ng, 2013)."""


def step(a: Node) -> Node:
    """1 above zero, else 0 (McCulloch and Pitts, 1943). Its derivative is zero, so nothing below it learns."""
    return positive(a)


def linear(a: Node) -> Node:
    """The identity."""
    return a


def leaky_relu(a: Node) -> Node:
    """The identity above zero, 0.01 a below (Maas, Hannun and Ng, 2013)."""
    return maximum(a, a * LEAK)


def elu(a: Node) -> Node:
    """The identity above zero, exp(a) - 1 below (Clevert, Unterthiner and Hochreiter, 2015). No exponent is above 0."""
    return relu(a) + (exp(-relu(-a)) - 1.0)


def gelu(a: Node) -> Node:
    """The input times the normal distribution function, in the tanh approximation of Hendrycks and Gimpel (2016)."""
    return a * 0.5 * (1.0 + tanh((a + a * a * a * 0.044715) * sqrt(2 / pi)))


def silu(a: Node) -> Node:
    """The input times its sigmoid, also called swish (Elfwing, Uchibe and Doya, 2018)."""
    return a * sigmoid(a)


def softmax(logits: Node, temperature: Node | float = 1.0, axis: int = -2, mask: Node | Array | None = None) -> Node:
    """Probabilities along `axis`, the features unless told, summing to 1; no logit is so large that it overflows.

    A high `temperature` evens them out, a low one sharpens them. `mask` is 1 for what takes part and 0 for what gets exactly 0.
    """
    return masked_softmax(logits if temperature == 1.0 else logits / temperature, axis, mask)


ACTIVATIONS: dict[str, Activation] = {
    "step": step,
    "linear": linear,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "gelu": gelu,
    "silu": silu,
}


def activation(name: str) -> Activation:
    """The activation of that name. Raises GraphError naming the known ones."""
    if name not in ACTIVATIONS:
        raise GraphError(f"activation: got {name!r}, wanted one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def slope(function: Activation, a: Node) -> Node:
    """The derivative of a function that works number by number, at `a`."""
    return gradients(total(function(a)), [a])[0]
