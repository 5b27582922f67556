"""Twelve answers, one optimum and three ways to it: in closed form, by a reward model and its gradient, and by DPO."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, OCHRE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.rlhf_and_dpo import guesses
from app.topics.rlhf_and_dpo.preferences import Pairs, divergence, judged, optimum
from app.topics.rlhf_and_dpo.trainers import ANSWERS, ByReward, FromPairs
from engine import Array
from engine.probabilities import softmax

LEARNING, CLIMBING, RATE, FALL = 800, 800, 0.05, 0.98
FIRST, SECOND = Pace(LEARNING, 41), Pace(CLIMBING, 41)
DRAWN, LEAST = 32, 1e-9
DPO, GRADIENT, CLOSED = (
    Series("DPO", BLUE, width=3),
    Series("policy gradient", VERMILION),
    Series("closed form", GREEN, "dot"),
)
POLICIES = {"closed": CLOSED, "gradient": GRADIENT, "dpo": DPO}
STEP = Axis("step; from 800 on the policy gradient", (0, LEARNING + CLIMBING))


class WaysParams(Params):
    """How dear distance from the reference is, what the labels are, and how the policy gradient is had."""

    beta: float = slider(
        0.5,
        (0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
        label="beta",
        help="What a nat of distance from the reference costs.",
        minimum=0.05,
        log=True,
    )
    pairs: int = slider(
        1000,
        (100, 300, 1000, 3000),
        label="labelled pairs",
        help="Pairs of different answers drawn at random. Where each is judged once, there are 66.",
        minimum=50,
        log=True,
    )
    judges: Literal["people", "sure"] = choice(
        "people",
        {"people": "by people, who waver", "sure": "each pair once, never wrongly"},
        label="judged",
        help="The better an answer is, the more often people prefer it.",
    )
    gradient: Literal["exact", "drawn"] = choice(
        "exact",
        {"exact": "exact", "drawn": "from 32 answers drawn"},
        label="policy gradient",
        help="Each answer that is drawn is weighted by its return less the mean of the 32.",
    )


def charts(params: WaysParams) -> dict[str, Chart]:
    """The policies, how far they are from the closed form and from the reference, what becomes of winners, what people feel."""
    return {
        "policies": Bars(
            title=TITLE.at(params),
            categories=[chr(ord("A") + place) for place in range(ANSWERS)],
            series={"reference": Series("reference", GREY), **POLICIES},
            wide=True,
            x=Axis("answer"),
            y=Axis("how often it is given", (0, 1)),
        ),
        "gap": Lines(
            title="How far from the closed form",
            series={"dpo": DPO, "gradient": GRADIENT},
            x=STEP,
            y=Axis("total variation", (LEAST / 2, 1), log=True),
        ),
        "divergence": Lines(
            title="How far from the reference", series=POLICIES, x=STEP, y=Axis("KL to the reference, in nats", (0, 4.5))
        ),
        "winners": Lines(
            title="What DPO makes of the labelled pairs",
            series={
                "winners": Series("labelled winners", OCHRE, width=3),
                "losers": Series("labelled losers", GREY),
            },
            x=Axis("step", (0, LEARNING)),
            y=Axis("change of log probability, mean, in nats", (-9, 1)),
        ),
        "reward": Lines(title="What people feel", series=POLICIES, x=STEP, y=Axis("mean reward over the reference’s", (-0.5, 3))),
    }


def run(params: WaysParams) -> Run:
    """Stage 1: a reward model and DPO learn from the same pairs. Stage 2: a policy climbs by the reward model."""
    rng = streams(params.seed)
    felt, reference = rng.data.normal(size=ANSWERS), softmax(0.7 * rng.data.normal(size=ANSWERS))
    pairs = labelled(rng.data, felt, params)
    looks = Looks(felt, reference, pairs)
    learner, climber = FromPairs(pairs, reference, params.beta), ByReward(reference, params.beta)
    yield from learner.prepare()
    yield from climber.prepare()
    for done, shown in FIRST:
        if shown:
            yield looks.learned(done, learner.policy(), optimum(reference, learner.rewards(), params.beta))
        if broke := learner.step(RATE * (1 - FALL * done / LEARNING)):
            return Diverged(done, broke)
    rewards = learner.rewards()
    goal = optimum(reference, rewards, params.beta)
    for done, shown in SECOND:
        if shown and done:
            yield looks.climbed(LEARNING + done, climber.policy(), goal)
        drawn = rng.noise.choice(ANSWERS, DRAWN, p=climber.policy()) if params.gradient == "drawn" else None
        if broke := climber.step(rewards, RATE * (1 - FALL * done / CLIMBING), drawn):
            return Diverged(LEARNING + done, broke)
    return None


def labelled(rng: np.random.Generator, felt: Array, params: WaysParams) -> Pairs:
    """The pairs that both learn from: drawn at random and judged by people, or each once and rightly."""
    if params.judges == "sure":
        first, second = np.triu_indices(ANSWERS, 1)
        return judged(rng, felt, (first, second), 1e-9)
    first = rng.integers(0, ANSWERS, params.pairs)
    return judged(rng, felt, (first, (first + rng.integers(1, ANSWERS, params.pairs)) % ANSWERS), 1.0)


class Looks:
    """Compares policies with the closed form, with the reference, and by what people feel."""

    def __init__(self, felt: Array, reference: Array, pairs: Pairs) -> None:
        self._felt, self._reference, self._pairs = felt, reference, pairs
        self._early = float("nan")

    def learned(self, done: int, policy: Array, goal: Array) -> Snapshot:
        """In stage 1: the policy by DPO beside the closed form of the rewards so far."""
        gains = np.log(policy / self._reference)
        winners, losers = (gains[each] for each in self._pairs)
        means = {"winners": float(winners.mean()), "losers": float(losers.mean())}
        down, margin = float((winners < 0).mean()), float((winners > losers).mean())
        drawn, told = self._compared({"closed": goal, "dpo": policy}, goal)
        drawn["policies"]["reference"] = self._reference
        if done <= LEARNING / 4:
            self._early = told["divergence dpo"]
        told |= {
            "mean of winners": means["winners"],
            "winners down": down,
            "margin up": margin,
            "reference": variation(self._reference, goal),
        }
        told |= {"divergence grew": told["divergence dpo"] - self._early}
        return Snapshot(done, drawn | {"winners": means}, measured=told)

    def climbed(self, step: int, policy: Array, goal: Array) -> Snapshot:
        """In stage 2: the policy by the gradient of the reward model."""
        drawn, told = self._compared({"closed": goal, "gradient": policy}, goal)
        return Snapshot(step, drawn, measured=told)

    def _compared(self, policies: dict[str, Array], goal: Array) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
        """Charts and numbers of some policies."""
        gaps = {name: variation(each, goal) for name, each in policies.items() if name != "closed"}
        far = {name: divergence(each, self._reference) for name, each in policies.items()}
        felt = {name: float((each - self._reference) @ self._felt) for name, each in policies.items()}
        told = {f"gap {name}": gap for name, gap in gaps.items()} | {f"divergence {name}": each for name, each in far.items()}
        seen = {name: max(gap, LEAST) for name, gap in gaps.items()}
        drawn: dict[str, dict[str, Any]] = {"policies": dict(policies), "gap": seen, "divergence": far, "reward": felt}
        return drawn, told | {f"reward {name}": each for name, each in felt.items()}


def variation(one: Array, other: Array) -> float:
    """Total variation: the largest difference in how likely any set of answers is."""
    return float(np.abs(one - other).sum() / 2)


HOME = Ground(beta=between(0.2, 1), judges="people", pairs=1000)
SAME = Claim(
    "DPO equals the closed form for the reward model that learns alongside it: total variation.",
    "gap dpo",
    at_most(0.001),
    HOME,
    by_construction=True,
)
CLIMBS = Claim(
    "The policy gradient ends there as well: total variation from the closed form.", "gap gradient", at_most(0.02), HOME
)
MOVED = Claim(
    "The closed form is not where they began: total variation between it and the reference.",
    "reference",
    at_least(0.2),
    Ground(beta=0.5, judges="people", pairs=1000),
)
FELL = Claim(
    "DPO makes many winners less likely: the share of labelled winners that end below where they began.",
    "winners down",
    at_least(0.15),
    HOME,
)
GAINED = Claim("What grows is the margin: the share of pairs whose winner gained on its loser.", "margin up", at_least(0.6), HOME)
FELT = Claim("People like DPO’s policy better than the reference: their reward.", "reward dpo", at_least(0.1), HOME)
STOPS = Claim(
    "Where people waver, beta holds: how much KL grows after a quarter of the steps.",
    "divergence grew",
    at_most(0.03),
    HOME,
)
GOES_ON = Claim(
    "Where each pair was judged once and never wrongly, beta does not hold: how much KL grows after a quarter of the steps.",
    "divergence grew",
    at_least(0.05),
    Ground(beta=0.5, judges="sure"),
)
TITLE = Title("Three ways, one policy", "How often each answer is given", (SAME, CLIMBS, MOVED))

demo = Demo(
    name="ways",
    title="Three ways to a policy",
    params=WaysParams,
    charts=charts,
    run=run,
    frames=len(FIRST) + len(SECOND) - 1,
    claims=(SAME, CLIMBS, MOVED, FELL, GAINED, FELT, STOPS, GOES_ON),
    presets=(
        Preset("three ways", {}),
        Preset("beta 2", {"beta": 2.0}),
        Preset("from 32 answers drawn", {"gradient": "drawn"}),
        Preset("never wrongly judged", {"judges": "sure"}),
    ),
    guesses=guesses.WAYS,
    hint="Up to step 800, DPO and a reward model learn from the same pairs; then the policy gradient climbs. Compare their bars.",
)
