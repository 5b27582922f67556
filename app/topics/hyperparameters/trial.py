"""What both demos try: a network on the moons, trained afresh for every setting and judged on points it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.topic import streams
from engine import Graph, Session, losses, mlp, ops, optimizers
from engine.datasets import Dataset, moons
from engine.graph import Array, Node
from engine.metrics import accuracy

TRAIN, VALIDATION, TEST = 200, 200, 1000
NOISE = 0.15
WORST = 10.0
"""What a trial scores that is worse than this, or that has left the finite numbers."""


class Moons(NamedTuple):
    """Three draws from the same moons."""

    train: Dataset
    validation: Dataset
    test: Dataset


def data(seed: int) -> Moons:
    """To train on, to choose by, and to tell in the end how good the choice was."""
    rng = streams(seed).data
    return Moons(*(moons(rng, size, NOISE) for size in (TRAIN, VALIDATION, TEST)))


class Trial:
    """Networks 2-h-1 tanh, one for each of `rates`, from the same weights: full batch, heavy ball, penalty `l2`."""

    def __init__(self, moons: Moons, rates: Sequence[float], units: int, *, momentum: float, seed: int, l2: float = 0.0) -> None:
        graph, size = Graph(sweep=len(rates)), len(rates)
        net = mlp(graph, (2, units, 1), streams(seed).weights, "tanh")
        loss = _loss(graph, net(graph.constant(moons.train.inputs)), moons.train)
        penalty = sum((ops.total(each * each, (-2, -1)) for each in net.variables), start=0.0 * loss) * (l2 / 2)
        update = optimizers.momentum(
            loss + penalty if l2 else loss, graph.placeholder("learning_rate", (size, 1)), momentum=momentum
        )
        unseen = _loss(graph, net(graph.constant(moons.validation.inputs)), moons.validation)
        session = Session(graph)
        self._step, self._look = session.plan([loss], [update]), session.plan([unseen])
        self._step.feed({"learning_rate": np.array(rates)[:, None]})
        answers = net(graph.constant(moons.test.inputs))
        self._test, self._labels = session.plan([answers, _loss(graph, answers, moons.test)]), moons.test.labels

    def train(self, steps: int) -> None:
        """So many updates."""
        for _ in range(steps):
            self._step.step()

    def validation(self) -> Array:
        """The mean cross-entropy on the validation points by rate, (rates,), at most 10."""
        (value,) = self._look()
        scores: Array = np.minimum(np.nan_to_num(value.astype(float), nan=WORST, posinf=WORST), WORST)
        return scores

    def test(self) -> tuple[float, float]:
        """For the first rate, the mean cross-entropy on the test points and the share of them sorted right."""
        logits, loss = self._test()
        return float(loss[0]), accuracy(logits[0], self._labels)


def _loss(graph: Graph, outputs: Node, data: Dataset) -> Node:
    return losses.sigmoid_cross_entropy(outputs, graph.constant(data.labels[None]))
