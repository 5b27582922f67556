"""Players for images: a forger that grows them by transposed convolutions, an owner that reads them by convolutions.

The design of Radford, Metz and Chintala (2015), small: strides instead of pooling, ReLU and at the end tanh for the forger, leaky
ReLU for the owner. To the game an image is a column of pixels like any sample; only in here does it have a height and a width.
"""

from __future__ import annotations

import numpy as np

from app.topics.gan.game import Forger
from app.topics.gan.judges import Judge, Rules
from engine import Graph, Node, dense, mlp, ops
from engine.networks.activations import leaky_relu
from engine.networks.convolution import convolution, flatten, transposed_convolution
from engine.ops import relu

START = 2
"""The side of the images that the forger begins at and the owner ends at, doubled and halved twice."""


def painter(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Forger:
    """Noise to images of 4 START squared pixels, in [-1, 1]; `rules.hidden` are the channels at START and at twice that."""
    wide, narrow = rules.hidden
    begin = dense(graph, "forger/begin", rules.noise, wide * START**2, rng)
    grow = transposed_convolution(graph, "forger/grow 1", wide, narrow, rng)
    finish = transposed_convolution(graph, "forger/grow 2", narrow, 1, rng)

    def forge(noise: Node) -> Node:
        small = ops.reshape(relu(begin(noise)), (wide, START, START, noise.shape[-1]))
        return flatten(ops.tanh(finish(relu(grow(small)))))

    return forge, _of(graph, "forger")


def sketcher(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Forger:
    """The same from a perceptron with one hidden layer as wide as the painter's first: about as many weights."""
    network = mlp(graph, (rules.noise, rules.hidden[0] * START**2, pixels), rng, "relu", name="forger")
    return lambda noise: ops.tanh(network(noise)), network.variables


def inspector(graph: Graph, rules: Rules, pixels: int, rng: np.random.Generator) -> Judge:
    """Images to logits (1, n), by the painter's channels the other way round."""
    wide, narrow = rules.hidden
    side = round(pixels**0.5)
    near = convolution(graph, "owner/look 1", 1, narrow, rng, kernel_size=4, stride=2, padding=1)
    far = convolution(graph, "owner/look 2", narrow, wide, rng, kernel_size=4, stride=2, padding=1)
    decide = dense(graph, "owner/decide", wide * START**2, 1, rng)

    def judge(images: Node) -> Node:
        square = ops.reshape(images, (1, side, side, images.shape[-1]))
        return decide(flatten(leaky_relu(far(leaky_relu(near(square)))))).named("outputs")

    return judge, _of(graph, "owner"), ()


def _of(graph: Graph, player: str) -> tuple[Node, ...]:
    return tuple(node for name, node in graph.variables.items() if name.startswith(f"{player}/"))
