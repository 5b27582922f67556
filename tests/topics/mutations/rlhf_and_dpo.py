"""Topic 40 without what it shows: rewards that are people's own, labels that never ask about the policy, losses without parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.topics.rlhf_and_dpo import judge, trainers, trusted, ways
from app.topics.rlhf_and_dpo.answers import FELT, REFERENCE
from app.topics.rlhf_and_dpo.preferences import divergence, judged
from tests.topics.mutations import Mutation


def _told(rewards: Callable[[], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """The reward model says these rewards, whatever it learned."""
    return lambda patch: patch.setattr(judge.RewardModel, "rewards", lambda _: rewards())


def _upside_down(patch: pytest.MonkeyPatch) -> None:
    """Every label names the loser."""
    patch.setattr(trusted, "judged", lambda *given: judged(*given)[::-1])


def _only_the_reference(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trusted, "mixed", lambda _: REFERENCE)


def _counted_twice(patch: pytest.MonkeyPatch) -> None:
    """The divergence of a policy from half the reference."""
    patch.setattr(trusted, "divergence", lambda policy, reference: divergence(policy, reference / 2))


def _without_reference(patch: pytest.MonkeyPatch) -> None:
    """DPO forgets to take the reference off the policy's logits."""
    patch.setattr(trainers, "implied", lambda reference: np.zeros((reference.size, 1)))


def _without_divergence(patch: pytest.MonkeyPatch) -> None:
    """The policy gradient climbs the reward alone."""
    whole = trainers.ByReward.__init__

    def made(self: trainers.ByReward, reference: Any, _beta: float) -> None:
        whole(self, reference, 0.0)

    patch.setattr(trainers.ByReward, "__init__", made)


def _nobody_cares(patch: pytest.MonkeyPatch) -> None:
    """People toss a coin."""
    patch.setattr(ways, "judged", lambda rng, felt, *given: judged(rng, np.zeros_like(felt), *given))


def _one_winner(patch: pytest.MonkeyPatch) -> None:
    """One answer alone is in question: it wins against all others."""

    def pairs(_rng: Any, _felt: Any, given: Any, _scale: float) -> Any:
        number = given[0].size
        return np.zeros(number, int), 1 + np.arange(number) % (trainers.ANSWERS - 1)

    patch.setattr(ways, "judged", pairs)


def _losers_counted(patch: pytest.MonkeyPatch) -> None:
    """Winners and losers change places after DPO has learned from them."""
    seen = ways.Looks.__init__

    def made(self: ways.Looks, felt: Any, reference: Any, pairs: Any) -> None:
        seen(self, felt, reference, pairs[::-1])

    patch.setattr(ways.Looks, "__init__", made)


MUTATIONS = [
    Mutation("trusted", "the reward model is people", ("A policy that trusts the reward model far",), patch=_told(lambda: FELT)),
    Mutation("trusted", "the reward model says nothing", ("model", "ranked"), patch=_told(lambda: 0 * FELT)),
    Mutation("trusted", "the labels are upside down", ("best people", "best of 1024"), patch=_upside_down),
    Mutation("trusted", "all pairs come from the reference", ("The same number of labels",), {"rounds": 8}, _only_the_reference),
    Mutation("trusted", "the reference is counted half", ("divergence of best of 1024",), patch=_counted_twice),
    Mutation(
        "trusted", "trusted little, but upside down", ("A policy that trusts it only a little",), {"beta": 1.0}, _upside_down
    ),
    Mutation("ways", "DPO without its reference", ("gap dpo",), patch=_without_reference),
    Mutation("ways", "the policy gradient without divergence", ("gap gradient",), patch=_without_divergence),
    Mutation("ways", "people toss a coin", ("reference", "reward dpo"), patch=_nobody_cares),
    Mutation("ways", "one answer wins against all others", ("winners down",), patch=_one_winner),
    Mutation("ways", "nobody is ever wrong", ("Where people waver",), {"judges": "sure"}),
    Mutation("ways", "winners and losers change places", ("margin up",), patch=_losers_counted),
    Mutation("ways", "people waver", ("Where each pair was judged once",)),
]
