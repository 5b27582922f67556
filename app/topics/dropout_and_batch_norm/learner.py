"""What the dropout demo trains: digits of which some have a wrong label, and a network that can look at them in both modes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from app.topic import Streams
from engine import Dropout, Graph, Guard, Plan, Session, losses, mlp, optimizers
from engine.datasets import digits, split
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import softmax

BATCH_SIZE = 32
UNITS = 128
PIXELS, CLASSES = 64, 10
MASKS = 100
"""How many masks one digit is asked under."""


class Digits:
    """Training digits, some with a wrong label, and all the others, unseen and true."""

    def __init__(self, rng: Streams, samples: int, label_noise: float) -> None:
        train, self.test = split(rng.data, digits(), samples)
        labels = train.labels.copy()
        wrong = rng.noise.random(samples) < label_noise
        labels[wrong] = (labels[wrong] + rng.noise.integers(1, CLASSES, wrong.sum())) % CLASSES
        self.train = replace(train, labels=labels)
        self.targets = self.train.one_hot


class Learner:
    """One network 64-128-128-10 ReLU, trained by Adam, with dropout after each hidden layer; `prepare` it first."""

    _look: Plan
    _guard: Guard

    def __init__(self, data: Digits, drop_rate: float, rng: Streams) -> None:
        self._data, self._dropout = data, Dropout(drop_rate)
        self._rng = rng.noise.spawn(1)[0]  # a child: the stream itself has made the wrong labels
        graph = Graph()
        inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
        network = mlp(graph, (PIXELS, UNITS, UNITS, CLASSES), rng.weights, "relu", dropout=self._dropout)
        self._loss = losses.softmax_cross_entropy(network.apply(inputs).outputs, targets)
        everything = np.concatenate([data.train.inputs, data.test.inputs], axis=1)
        whole = network.apply(graph.constant(everything), training=False)
        masked = network.apply(graph.constant(np.repeat(everything[:, -1:], MASKS, axis=1)))
        self._looked_at = [each for one in (whole, masked) for each in (one.outputs, one.pre_activations[1])]
        self._session = Session(graph)

    def prepare(self) -> Generator[None, None, None]:
        """Its plans, in pieces."""
        self._look = yield from self._session.planning(self._looked_at)
        yield
        plan = yield from self._session.planning([self._loss], [optimizers.adam(self._loss, 0.003)])
        self._guard = Guard(self._session, plan)

    def step(self, places: Array) -> str:
        """One update on these training digits under a new mask; in words what broke, "" while the loss is finite."""
        fed = {"inputs": self._data.train.inputs[:, places], "targets": self._data.targets[:, places]}
        return self._guard.step(**fed, **self._dropout.draw(self._rng))

    def look(self) -> dict[str, Any]:
        """Accuracies in evaluation mode; and of one unseen digit probabilities and layer 2's sums in both modes, and a mask."""
        masks = self._dropout.draw(self._rng)
        self._look.step(**masks)
        answers, sums, asked, masked_sums = self._look.outputs
        seen, sums = self._data.train.size, sums[:, -1]
        under_masks = softmax(asked)
        return {
            "train": accuracy(answers[:, :seen], self._data.train.labels),
            "test": accuracy(answers[:, seen:], self._data.test.labels),
            "evaluation": softmax(answers[:, -1:])[:, 0],
            "mask": under_masks[:, 0],
            "mean": under_masks.mean(axis=1),
            "sums": float(masked_sums.mean(axis=1) @ sums / (sums @ sums)),
            "first layer": masks[self._dropout.masks[2].name][:, 0],
        }
