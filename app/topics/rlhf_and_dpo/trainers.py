"""Twelve answers and three that learn from the same pairs: a reward model, a policy by DPO, and a policy by its reward model."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.topics.rlhf_and_dpo.preferences import Pairs
from engine import Array, Graph, Guard, Node, Session, ops, optimizers
from engine.probabilities import log_softmax, softmax

ANSWERS = 12


class FromPairs:
    """Twelve rewards and the twelve logits of a policy, both learned from the same pairs by Adam, each by its own loss.

    The rewards by -log sigmoid(r(winner) - r(loser)); the policy by the same with beta log(policy / reference) in place of the
    reward, which is DPO (Rafailov et al., 2023). A pair judged n times counts n times.
    """

    def __init__(self, pairs: Pairs, reference: Array, beta: float) -> None:
        graph = Graph()
        counts, self._logs = counted(pairs), np.log(reference)
        shares, between = graph.constant(counts.reshape(-1, 1) / counts.sum()), graph.constant(differences())
        self._rewards = graph.variable("rewards", np.zeros((ANSWERS, 1)))
        self._logits = graph.variable("logits", self._logs[:, None])

        def loss(scores: Node) -> Node:
            return ops.total(shares * ops.softplus(-ops.matmul(between, scores)))

        by_reward, by_policy = loss(self._rewards), loss(beta * (self._logits - graph.constant(implied(reference))))
        rate = graph.placeholder("learning_rate")
        self._updates = [
            optimizers.adam(by_reward, rate, [self._rewards]),
            optimizers.adam(by_policy, rate / beta, [self._logits]),
        ]
        self._losses, self._session = [by_reward + by_policy], Session(graph)

    def prepare(self) -> Generator[None, None, None]:
        """The plan, in pieces."""
        train = yield from self._session.planning(self._losses, self._updates)
        self._guard = Guard(self._session, train)

    def step(self, learning_rate: float) -> str:
        """One update of both; what broke, or ""."""
        return self._guard.step(learning_rate=learning_rate)

    def rewards(self) -> Array:
        """What the reward model has learned (12,), with mean 0."""
        learned = self._session.value(self._rewards)[:, 0].astype(float)
        return np.asarray(learned - learned.mean())

    def policy(self) -> Array:
        """The policy by DPO, (12,)."""
        return softmax(self._session.value(self._logits)[:, 0].astype(float))


class ByReward:
    """A policy that climbs its mean reward less beta times its divergence from the reference, by Adam on twelve logits.

    The gradient is exact, or from answers that it draws: each counts by how much better it did than the others drawn with it.
    """

    def __init__(self, reference: Array, beta: float) -> None:
        graph = Graph()
        self._beta, self._reference = beta, np.log(reference)
        self._logits = graph.variable("logits", self._reference[:, None])
        pushes = graph.placeholder("pushes", (ANSWERS, 1))
        loss = -ops.total(pushes * self._logits).named("loss")
        self._loss, self._update = loss, optimizers.adam(loss, graph.placeholder("learning_rate"))
        self._session = Session(graph)

    def prepare(self) -> Generator[None, None, None]:
        """The plan, in pieces."""
        train = yield from self._session.planning([self._loss], [self._update])
        self._guard = Guard(self._session, train)

    def step(self, rewards: Array, learning_rate: float, drawn: Array | None = None) -> str:
        """One update, from these answers drawn (n,) or from all answers; what broke, or "".

        The slope of the log of a softmax is the answer's own logit less a mean of them all. As the pushes sum to 0, that mean
        drops out.
        """
        logs = log_softmax(self._session.value(self._logits)[:, 0].astype(float))
        returns = rewards - self._beta * (logs - self._reference)
        shares = np.exp(logs) if drawn is None else np.bincount(drawn, minlength=ANSWERS) / drawn.size
        pushes = shares * (returns - shares @ returns)
        return self._guard.step(pushes=pushes[:, None], learning_rate=learning_rate)

    def policy(self) -> Array:
        """The policy as it is, (12,)."""
        return softmax(self._session.value(self._logits)[:, 0].astype(float))


def counted(pairs: Pairs) -> Array:
    """How often each answer won over each other, (12, 12)."""
    counts = np.zeros((ANSWERS, ANSWERS))
    np.add.at(counts, pairs, 1)
    return counts


def differences() -> Array:
    """The matrix (144, 12) that makes of scores the difference of each to each."""
    same = np.eye(ANSWERS)
    return np.asarray((same[:, None] - same[None]).reshape(-1, ANSWERS))


def implied(reference: Array) -> Array:
    """What DPO subtracts from the policy's logits: the logs of the reference, (12, 1)."""
    return np.asarray(np.log(reference)[:, None])
