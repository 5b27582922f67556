"""What both demos are made of: answers judged in pairs, the policy that a reward calls for, how far it is from the reference."""

from __future__ import annotations

import numpy as np

from engine import Array
from engine.probabilities import log_softmax, sigmoid

Pairs = tuple[Array, Array]
"""Of each pair of answers the number of the winner (n,) and of the loser (n,)."""


def judged(rng: np.random.Generator, rewards: Array, pairs: Pairs, scale: float) -> Pairs:
    """Pairs as someone judges them who feels these rewards (k,).

    The first wins with the probability sigmoid((r1 - r2) / scale) (Bradley and Terry, 1952).
    """
    first, second = pairs
    wins = rng.random(first.size) < sigmoid((rewards[first] - rewards[second]) / scale)
    return np.where(wins, first, second), np.where(wins, second, first)


def optimum(reference: Array, rewards: Array, beta: float) -> Array:
    """The policy (k,) with the largest mean reward less beta times its divergence: reference times exp(reward / beta)."""
    shares: Array = np.exp(log_softmax(np.log(reference) + rewards / beta))
    return shares


def divergence(policy: Array, reference: Array) -> float:
    """KL(policy || reference) in nats; 0 log 0 counts as 0."""
    some = policy > 0
    return float(policy[some] @ (np.log(policy[some]) - np.log(reference[some])))


def best_of(number: int, reference: Array, rewards: Array) -> Array:
    """How likely each answer is the best by these rewards of so many drawn from the reference, exactly: (k,)."""
    order = np.argsort(rewards, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(reference[order])])
    below[-1] = 1.0
    shares = np.empty_like(reference)
    shares[order] = np.diff(below**number)
    return shares
