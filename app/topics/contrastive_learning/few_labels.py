"""What a few labels per digit are worth: nearest class means in any space, networks trained on them alone, label propagation.

`digits` judges its features by the first, and sets the others beside it.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.contrastive_learning.views import viewed
from engine import Array, Graph, Session, losses, mlp, optimizers
from engine.datasets.table import Dataset
from engine.probabilities import one_hot

DRAWS, CLASSES = 10, 10
HIDDEN, STEPS, RATE, PIECE = (128, 64), 200, 0.003, 2
NEIGHBOURS, ROUNDS, ROWS = 7, 40, 300


Rivals = Generator[None, None, dict[str, float]]
"""Prepared in pieces: the share of test pictures that each names right, the mean over all draws."""


class FewLabels:
    """Draws of `labels` pictures of each digit from the training pictures; the test pictures are to be named by them."""

    def __init__(self, train: Dataset, test: Dataset, labels: int, rng: np.random.Generator) -> None:
        self._train, self._test = train, test
        of = [np.flatnonzero(train.labels == digit) for digit in range(CLASSES)]
        self.places: Array = np.array([[rng.choice(each, labels, replace=False) for each in of] for _ in range(DRAWS)])
        """Of each draw and digit the training pictures that have a label, (draws, 10, labels)."""

    def nearest_mean(self, train: Array, test: Array) -> float:
        """How many test vectors (d, m) are most similar to the mean of their digit's labelled training vectors (d, n)."""
        known, asked = normalized(train), normalized(test)
        means = normalized(known[:, self.places].mean(axis=-1), axis=0)
        nearest = np.einsum("dkc,dm->kcm", means, asked, optimize=True).argmax(axis=1)
        return float((nearest == self._test.labels).mean())

    def supervised(self, weights: np.random.Generator, noise: np.random.Generator, strength: float) -> Rivals:
        """Networks trained on the labels of one draw each, on its pictures as they are, and on new views at each step."""
        shown = self.places.reshape(DRAWS, -1)
        pictures = self._train.inputs[:, shown].swapaxes(0, 1)
        targets = one_hot(np.repeat(np.arange(CLASSES), self.places.shape[2]), CLASSES)
        graph = Graph(sweep=2 * DRAWS)
        network = mlp(graph, (len(self._train.inputs), *HIDDEN, CLASSES), weights, "relu")
        inputs = graph.placeholder("inputs", (2 * DRAWS, *pictures.shape[1:]))
        loss = losses.softmax_cross_entropy(network(inputs), graph.constant(targets))
        session = Session(graph)
        step = yield from session.planning([loss], [optimizers.adam(loss, RATE)])
        for done in range(STEPS):
            views = viewed(self._train.inputs[:, shown.ravel()], noise, strength)
            step.step(inputs=np.concatenate([pictures, views.reshape(-1, *shown.shape).swapaxes(0, 1)]))
            if done % PIECE == 0:
                yield
        named = session.plan([network(graph.constant(self._test.inputs))])()[0].argmax(axis=1)
        right = (named == self._test.labels).mean(axis=1)
        return {"supervised": float(right[:DRAWS].mean()), "supervised on views": float(right[DRAWS:].mean())}

    def propagated(self) -> Rivals:
        """Label propagation in pixels (Zhu and Ghahramani, 2002).

        Training and test pictures are joined to those of which they are among the seven nearest, or which are among theirs. Again
        and again each takes the mean of what its neighbours believe, while labelled ones keep what they know.
        """
        pictures = np.concatenate([self._train.inputs, self._test.inputs], axis=1)
        joined = yield from neighbours(normalized(pictures))
        first = np.concatenate([[0], np.cumsum(joined.sum(axis=1))[:-1]])
        others, count = np.nonzero(joined)[1], joined.sum(axis=1, dtype=np.float32)[:, None]
        own = np.repeat(np.eye(CLASSES, dtype=np.float32), self.places.shape[2], axis=0)
        beliefs = np.zeros((pictures.shape[1], DRAWS, CLASSES), np.float32)
        for _ in range(ROUNDS):
            beliefs[self.places.reshape(DRAWS, -1), np.arange(DRAWS)[:, None]] = own
            flat = beliefs.reshape(len(beliefs), -1)
            beliefs = (np.add.reduceat(flat[others], first) / count).reshape(beliefs.shape)
            yield
        named = beliefs[self._train.size :].argmax(axis=2)
        return {"propagation": float((named == self._test.labels[:, None]).mean())}


def neighbours(vectors: Array) -> Generator[None, None, Array]:
    """Which vectors (d, n) of length 1 are among each other's seven nearest, either way: (n, n), in pieces."""
    n = vectors.shape[1]
    joined = np.zeros((n, n), bool)
    for start in range(0, n, ROWS):
        some = np.arange(start, min(start + ROWS, n))
        near = vectors[:, some].T @ vectors
        near[np.arange(some.size), some] = -1
        nearest = np.argpartition(-near, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        joined[some[:, None], nearest] = joined[nearest, some[:, None]] = True
        yield
    return joined


def normalized(vectors: Array, axis: int = 0) -> Array:
    """Vectors made 1 long; what is nearly 0 stays so."""
    lengths = np.sqrt(np.square(vectors).sum(axis=axis, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-8))
