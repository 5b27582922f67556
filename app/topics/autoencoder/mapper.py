"""The network behind the map: an autoencoder with a code of two numbers, plain or variational (Kingma and Welling, 2013)."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.autoencoder.digits import BATCH_SIZE, LEARNING_RATE, PIXELS
from app.topics.autoencoder.network import halves
from engine import Graph, Guard, Node, Session, losses, ops, optimizers, schedules
from engine.datasets import Dataset
from engine.graph import Array

STEPS, CODE_SIZE = 2000, 2


class Mapper:
    """A code of two numbers. The variational form differs from the plain one by its noise and its divergence.

    `beta`: how much that divergence weighs, None for the plain form.
    """

    def __init__(self, beta: float | None, train: Dataset, rng: np.random.Generator) -> None:
        self._beta, self._train, self._graph = beta, train, Graph()
        self._encode, self._decode = halves(self._graph, CODE_SIZE, rng, outputs=2 * CODE_SIZE)

    def prepare(self, test: Array, places: int) -> Generator[None, None, None]:
        """The plans to train, to encode all digits and to decode so many places, in pieces."""
        graph, beta = self._graph, self._beta
        inputs, noise = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("noise", (CODE_SIZE, BATCH_SIZE))
        means, spreads = self._code(inputs)
        drawn = means + ops.exp(spreads * 0.5) * noise if beta is not None else means
        rebuilt = losses.sigmoid_cross_entropy(self._decode(drawn), inputs) * PIXELS
        loss = (rebuilt + divergence(means, spreads) * beta).named("loss") if beta is not None else rebuilt
        yield
        update = optimizers.adam(loss, graph.placeholder("learning_rate"))
        yield
        codes = self._code(graph.constant(np.concatenate([self._train.inputs, test], axis=1)))[0]
        asked = graph.placeholder("places", (CODE_SIZE, places))
        session = Session(graph)
        train = yield from session.planning([loss], [update])
        self.look = yield from session.planning([codes, ops.sigmoid(self._decode(codes))])
        self.decode = yield from session.planning([ops.sigmoid(self._decode(asked))])
        self._guard, self._rate = Guard(session, train), schedules.cosine(LEARNING_RATE, STEPS)

    def _code(self, images: Node) -> tuple[Node, Node]:
        """Where the encoder puts images, and the logarithm of the variance around it, (2, n) each."""
        said = self._encode(images)
        return ops.rows(said, 0, CODE_SIZE), ops.rows(said, CODE_SIZE, 2 * CODE_SIZE)

    def step(self, done: int, picked: Array, noise: Array) -> str:
        """One update; in words what broke, "" while the loss is finite."""
        return self._guard.step(inputs=self._train.inputs[:, picked], noise=noise, learning_rate=self._rate(done))


def divergence(means: Node, spreads: Node) -> Node:
    """From the code's Gaussians to the standard normal, in nats per image (Kingma and Welling, 2013, appendix B)."""
    return ops.total(means * means + ops.exp(spreads) - spreads - 1.0) * (0.5 / means.shape[-1])
