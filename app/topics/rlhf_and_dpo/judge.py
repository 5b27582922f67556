"""A reward model: a network that learns from pairs of answers which of them people prefer."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.rlhf_and_dpo.answers import PLACES, SCALE, over_reference
from app.topics.rlhf_and_dpo.preferences import Pairs
from engine import Array, Graph, Guard, Session, mlp, ops, optimizers

BATCH_SIZE = 100
SEEN = (PLACES - 0.3) / 0.15
"""Where the answers lie as the network is told, in units of the reference's spread."""


class RewardModel:
    """2-h-1 with ReLU, trained by Adam on -log sigmoid(r(winner) - r(loser)) (Christiano et al., 2017)."""

    def __init__(self, hidden_units: int, rng: np.random.Generator) -> None:
        graph = Graph()
        network = mlp(graph, (2, hidden_units, 1), rng, "relu")
        winners, losers = (graph.placeholder(name, (2, BATCH_SIZE)) for name in ("winners", "losers"))
        loss = ops.mean(ops.softplus(network(losers) - network(winners))).named("loss")
        self._loss, self._update = loss, optimizers.adam(loss, graph.placeholder("learning_rate"))
        self._outputs, self._session = network(graph.constant(SEEN)), Session(graph)

    def prepare(self) -> Generator[None, None, None]:
        """The plans, in pieces."""
        train = yield from self._session.planning([self._loss], [self._update])
        self._ask = yield from self._session.planning([self._outputs])
        self._guard = Guard(self._session, train)

    def step(self, pairs: Pairs, chosen: Array, learning_rate: float) -> str:
        """One update on the pairs chosen, by number (100,); what broke, or ""."""
        winners, losers = (SEEN[:, each[chosen]] for each in pairs)
        return self._guard.step(winners=winners, losers=losers, learning_rate=learning_rate)

    def rewards(self) -> Array:
        """Of all answers (900,), over the reference's in the mean, in people's units: what it learned times their scale."""
        (outputs,) = self._ask()
        return over_reference(SCALE * outputs[0].astype(float))
