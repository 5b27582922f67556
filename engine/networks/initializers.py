"""How weights begin: functions (rng, units, fan_in) to an array (units, fan_in), by name.

`gain` and scale follow the papers: what keeps the spread of activations, or of gradients, the same from layer to layer.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from engine.graph import Array, GraphError

Initializer = Callable[[np.random.Generator, int, int], Array]


def normal(std: float) -> Initializer:
    """Gaussian with a spread of `std`, whatever the layer's size."""
    return lambda rng, units, fan_in: rng.normal(0.0, std, (units, fan_in))


def constant(value: float) -> Initializer:
    """All weights alike: the symmetry that training cannot break."""
    return lambda rng, units, fan_in: np.full((units, fan_in), value)


def xavier(rng: np.random.Generator, units: int, fan_in: int) -> Array:
    """Gaussian of variance 2 / (fan_in + fan_out), for tanh and the like (Glorot and Bengio, 2010)."""
    return rng.normal(0.0, sqrt(2 / (fan_in + units)), (units, fan_in))


def he(rng: np.random.Generator, units: int, fan_in: int) -> Array:
    """Gaussian of variance 2 / fan_in, for ReLU and its relatives (He, Zhang, Ren and Sun, 2015)."""
    return rng.normal(0.0, sqrt(2 / fan_in), (units, fan_in))


def lecun(rng: np.random.Generator, units: int, fan_in: int) -> Array:
    """Gaussian of variance 1 / fan_in (LeCun, Bottou, Orr and Müller, 1998)."""
    return rng.normal(0.0, sqrt(1 / fan_in), (units, fan_in))


def orthogonal(rng: np.random.Generator, units: int, fan_in: int) -> Array:
    """Orthonormal rows or columns, whichever are fewer, uniform over all such matrices (Saxe, McClelland and Ganguli, 2014)."""
    long, short = max(units, fan_in), min(units, fan_in)
    q, r = np.linalg.qr(rng.normal(size=(long, short)))
    q = q * np.sign(np.diag(r))
    return q if units >= fan_in else q.T


INITIALIZERS: dict[str, Initializer] = {
    "xavier": xavier,
    "he": he,
    "lecun": lecun,
    "orthogonal": orthogonal,
    "zeros": constant(0.0),
}

HE_FAMILY = ("relu", "leaky_relu", "elu", "gelu", "silu")
"""Activations that halve their input's second moment, or nearly, and so want He's doubled variance."""


def initializer(name: str | Initializer) -> Initializer:
    """The initializer of that name, or the function given. Raises GraphError naming the known ones."""
    if callable(name):
        return name
    if name not in INITIALIZERS:
        raise GraphError(f"initializer: got {name!r}, wanted one of {', '.join(INITIALIZERS)}")
    return INITIALIZERS[name]


def suited_to(activation: str) -> Initializer:
    """He for the ReLU family, Xavier for the rest."""
    return he if activation in HE_FAMILY else xavier
