"""Players for images: a generator that grows them by transposed convolutions, a discriminator that reads them by convolutions.

The design of Radford, Metz and Chintala (2015), small: strides instead of pooling, ReLU and at the end tanh for the generator,
leaky ReLU for the discriminator. To the game an image is a column of pixels like any sample; only in here does it have a height
and a width.
"""

from __future__ import annotations

import numpy as np

from app.topics.gan.discriminators import Discriminator, Rules
from app.topics.gan.game import Generator
from engine import Graph, Node, dense, mlp, ops
from engine.networks.activations import leaky_relu
from engine.networks.convolution import convolution, flatten, transposed_convolution
from engine.ops import relu

START = 2
"""The side of the images that the generator begins at and the discriminator ends at, doubled and halved twice."""


def convolutional_generator(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Generator:
    """Noise to images of 4 START squared pixels, in [-1, 1]; `rules.hidden` are the channels at START and at twice that."""
    wide, narrow = rules.hidden
    begin = dense(graph, "generator/begin", rules.noise, wide * START**2, rng)
    grow = transposed_convolution(graph, "generator/grow 1", wide, narrow, rng)
    finish = transposed_convolution(graph, "generator/grow 2", narrow, 1, rng)

    def generate(noise: Node) -> Node:
        small = ops.reshape(relu(begin(noise)), (wide, START, START, noise.shape[-1]))
        return flatten(ops.tanh(finish(relu(grow(small)))))

    return generate, _of(graph, "generator")


def perceptron_generator(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Generator:
    """The same from a perceptron with one hidden layer as wide as the convolutional one's: about as many weights."""
    network = mlp(graph, (rules.noise, rules.hidden[0] * START**2, pixels), rng, "relu", name="generator")
    return lambda noise: ops.tanh(network(noise)), network.variables


def convolutional_discriminator(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Discriminator:
    """Images to logits (1, n), by the generator's channels the other way round."""
    wide, narrow = rules.hidden
    side = round(pixels**0.5)
    near = convolution(graph, "discriminator/look 1", 1, narrow, rng, kernel_size=4, stride=2, padding=1)
    far = convolution(graph, "discriminator/look 2", narrow, wide, rng, kernel_size=4, stride=2, padding=1)
    decide = dense(graph, "discriminator/decide", wide * START**2, 1, rng)

    def discriminate(images: Node) -> Node:
        square = ops.reshape(images, (1, side, side, images.shape[-1]))
        return decide(flatten(leaky_relu(far(leaky_relu(near(square)))))).named("outputs")

    return discriminate, _of(graph, "discriminator"), ()


def _of(graph: Graph, player: str) -> tuple[Node, ...]:
    return tuple(node for name, node in graph.variables.items() if name.startswith(f"{player}/"))
