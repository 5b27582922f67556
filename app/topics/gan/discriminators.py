"""The discriminator, and the cures for mode collapse that change how it judges. `game` sets it against the generator."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from engine import Assign, Graph, Node, gradients, mlp, ops, spectral_norm
from engine.networks.activations import leaky_relu
from engine.networks.initializers import he
from engine.networks.layers import Layer

PATIENT = 3
"""Moves of a discriminator of bounded slope per move of the generator: it must be near its best to be worth following."""

Cure = Literal["none", "minibatch-std", "r1", "label-smoothing", "spectral-norm", "wgan-gp"]


@dataclass(frozen=True)
class Rules:
    """What a game is played by. `noise`: numbers that a sample is made of; `hidden`: widths of either network."""

    noise: int
    hidden: tuple[int, ...]
    discriminator_rate: float
    generator_rate: float
    cure: Cure = "none"
    r1: float = 0.1
    """The strength of R1 where that is the cure."""

    @property
    def discriminator_moves(self) -> int:
        """Moves of the discriminator per move of the generator (Arjovsky et al., 2017, and Miyato et al., 2018, take five)."""
        return PATIENT if self.cure in ("wgan-gp", "spectral-norm") else 1


Discriminator = tuple[Layer, tuple[Node, ...], tuple[Assign, ...]]


def discriminator_of(graph: Graph, rules: Rules, features: int, rng: np.random.Generator) -> Discriminator:
    """The discriminator as a function from what it sees to logits (1, n), its variables, and what to assign after each step."""
    sizes = (features + (rules.cure == "minibatch-std"), *rules.hidden, 1)
    if rules.cure == "spectral-norm":
        return _bounded(graph, sizes, rng)
    network = mlp(graph, sizes, rng, "leaky_relu", "xavier", name="discriminator")
    return network, network.variables, ()


def _bounded(graph: Graph, sizes: tuple[int, ...], rng: np.random.Generator) -> Discriminator:
    """A network each of whose layers lengthens nothing: weights divided by their largest singular value (Miyato et al., 2018)."""
    layers, variables, assigns = [], [], []
    for place, (fan_in, units) in enumerate(pairwise(sizes), start=1):
        weights = graph.variable(f"discriminator layer {place}/weights", he(rng, units, fan_in))
        bias = graph.variable(f"discriminator layer {place}/bias", np.zeros((units, 1)))
        divided, assign = spectral_norm(graph, f"discriminator layer {place}", weights, rng)
        layers.append((divided, bias))
        variables += [weights, bias]
        assigns.append(assign)

    def discriminate(samples: Node) -> Node:
        for place, (weights, bias) in enumerate(layers):
            samples = ops.matmul(weights, leaky_relu(samples) if place else samples) + bias
        return samples.named("outputs")

    return discriminate, tuple(variables), tuple(assigns)


def slope_penalty(discriminator: Layer, at: Node, strength: float, slope: float = 0.0) -> Node:
    """`strength` times the mean square of how far the discriminator's slope at samples (features, n) is from the `slope` wanted.

    Slope 0 at real samples is R1 (Mescheder, Geiger and Nowozin, 2018); slope 1 between real and generated ones is the gradient
    penalty of Gulrajani et al. (2017). Either is minimized through a gradient of gradients.
    """
    gradient = gradients(ops.total(discriminator(at)), [at])[0]
    squares = ops.total(ops.square(gradient), -2, keepdims=True)
    if slope == 0:
        return ops.mean(squares) * strength
    return ops.mean(ops.square(ops.sqrt(squares + 1e-12) - slope)) * strength
