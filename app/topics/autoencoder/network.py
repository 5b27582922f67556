"""An autoencoder's two halves, 64-128-k and k-128-64, the same in all three demos."""

from __future__ import annotations

import numpy as np

from app.topics.autoencoder.digits import PIXELS
from engine import Graph, Layer, mlp

HIDDEN = 128


def halves(
    graph: Graph, code_size: int, rng: np.random.Generator, activation: str = "relu", outputs: int = 0
) -> tuple[Layer, Layer]:
    """The encoder, (64, n) to (k, n), and the decoder, (k, n) to (64, n), whose outputs have no activation yet.

    `outputs`: how many numbers the encoder gives where they are not the code itself.
    """
    encoder = mlp(graph, (PIXELS, HIDDEN, outputs or code_size), rng, activation, name="encoder")
    return encoder, mlp(graph, (code_size, HIDDEN, PIXELS), rng, activation, name="decoder")
