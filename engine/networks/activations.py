"""Activation functions by name, each from node to node. Their derivatives follow from the operations they are made of.

`ACTIVATIONS[name]` serves layers and pages alike; `slope` gives the derivative as a node, for charts of it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

from engine.gradients import gradients
from engine.graph import Array, GraphError, Node
from engine.ops import exp, expm1, maximum, minimum, positive, relu, sigmoid, tanh, total, with_gradient
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
    """The identity above zero, 0.01 a below (Maas, Hannun and Ng, 2013). Its slope at 0 is taken as that below."""
    return with_gradient(maximum(a, a * LEAK), [a], lambda g: [g * maximum(positive(a), LEAK)])


def elu(a: Node) -> Node:
    """The identity above zero, exp(a) - 1 below (Clevert, Unterthiner and Hochreiter, 2015). No exponent is above 0.

    Its slope exp(min(a, 0)) is said outright: the two ReLUs that it is made of have none at 0, where it is 1.
    """
    below = -relu(-a)
    return with_gradient(relu(a) + expm1(below), [a], lambda g: [g * exp(below)])


def gelu(a: Node) -> Node:
    """The input times the normal distribution function, in the tanh approximation of Hendrycks and Gimpel (2016).

    (1 + tanh(u)) / 2 is the sigmoid of 2u. Beyond 10 that is 0 or 1, so u grows no faster there, and its slope stays finite.
    """
    scale, cubic = sqrt(8 / pi), 0.044715
    squares = minimum(a * a, 100.0)
    share = sigmoid(a * (squares * (scale * cubic) + scale))

    def rule(g: Node) -> list[Node]:
        """The share, and what the input times its slope adds."""
        return [g * (share + share * (1.0 - share) * a * (squares * (3 * scale * cubic) + scale))]

    return with_gradient(a * share, [a], rule)


def silu(a: Node) -> Node:
    """The input times its sigmoid (Hendrycks and Gimpel, 2016), also called swish."""
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
