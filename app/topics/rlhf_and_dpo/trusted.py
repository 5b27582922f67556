"""A reward model learns from pairs of answers, and a policy trusts it: little at first, then ever more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.charts import Axis, Bars, Chart, Field, Lines, Series
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
    slider,
    streams,
)
from app.topics.rlhf_and_dpo import guesses
from app.topics.rlhf_and_dpo.answers import FELT, PLACES, PLANE, REFERENCE, SCALE, drawn
from app.topics.rlhf_and_dpo.judge import BATCH_SIZE, RewardModel
from app.topics.rlhf_and_dpo.preferences import Pairs, best_of, divergence, judged, optimum
from engine import Array
from engine.probabilities import sigmoid

STEPS, RATE, FALL = 800, 0.01, 0.9
PACE = Pace.evenly(STEPS, 50)
WEAKEST, TRUSTS = 100.0, 80
"""The beta at which the policy is still the reference, and how many lie between it and the one that is asked for."""
TRIED, SHOWN = 1000, 150
MANY = (1, 4, 16, 64, 256, 1024)
JUDGES = {"people": Series("people’s reward", GREEN, width=3), "model": Series("the reward model’s", VERMILION)}


class TrustedParams(Params):
    """How far the policy trusts the reward model, and from how many labels, asked for when, that one learns."""

    beta: float = slider(
        0.03,
        (0.02, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        label="beta",
        help="What a nat of distance to the reference costs in the end. Small: the reward model is trusted far.",
        log=True,
    )
    rounds: int = slider(
        1,
        (1, 2, 4, 8),
        label="rounds of labels",
        help="In the first, all pairs come from the reference; after that, half of the answers are the policy’s own.",
        log=True,
    )
    labels: int = slider(
        800, (100, 200, 400, 800, 1600), label="labels", unit="pairs", help="In all rounds together.", minimum=100, log=True
    )
    hidden_units: int = slider(
        32,
        (8, 16, 32, 64),
        label="hidden units",
        help="Of the reward model, a network with one hidden layer.",
        minimum=4,
        log=True,
    )


def charts(params: TrustedParams) -> dict[str, Chart]:
    """Both rewards as the policy leaves the reference, where its answers lie, and what the reward model has learned."""
    return {
        "rewards": Lines(
            title=TITLE.at(params),
            series=JUDGES,
            x=Axis("distance from the reference: square root of KL, in nats", (0, 7)),
            y=Axis("mean reward over the reference’s", (-4, 10)),
        ),
        "people": _preferred(
            "What people prefer, and what the policy answers",
            {"reference": Series("the reference’s answers", GREY), "policy": Series("the policy’s", GREEN)},
        ),
        "model": _preferred(
            "What the reward model believes they prefer",
            {"winners": Series("won a comparison", OCHRE), "losers": Series("lost one", BLUE)},
        ),
        "best": Bars(
            title="The best of n answers of the reference, by the reward model",
            categories=[str(number) for number in MANY],
            series=JUDGES,
            x=Axis("n, answers drawn"),
            y=Axis("mean reward over the reference’s", (-1, 5)),
        ),
        "ranked": Lines(
            title="How well the reward model ranks unseen pairs of the reference",
            series={"ranked": Series("ranked as people feel", VERMILION)},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of pairs", (0, 1.02)),
        ),
    }


def _preferred(title: str, moving: dict[str, Series]) -> Field:
    """How likely each answer is to be preferred to one of the reference's mean reward."""
    nothing = np.empty((2, 0))
    return Field(
        title=title,
        points=nothing,
        labels=np.empty(0),
        class_names=(),
        moving=moving,
        size=PLANE.size,
        of="preferred to an average one",
        point_size=5,
        **PLANE.axes,
    )


def run(params: TrustedParams) -> Run:
    """The reward model learns from pairs that people judge, round by round; then beta falls, and the policy trusts it further."""
    rng = streams(params.seed)
    model, looks = RewardModel(params.hidden_units, rng.weights), Looks(rng.noise, params)
    yield from model.prepare()
    pairs: Pairs = (np.empty(0, int), np.empty(0, int))
    policy, asked = REFERENCE, dict(rounds(params))
    for done, shown in PACE:
        if number := asked.get(done):
            policy = optimum(REFERENCE, model.rewards(), params.beta) if done else REFERENCE
            new = judged(rng.data, FELT, drawn(rng.data, mixed(policy), number), SCALE)
            pairs = np.concatenate([pairs[0], new[0]]), np.concatenate([pairs[1], new[1]])
        if shown:
            yield looks.learning(done, model.rewards(), policy, pairs)
        chosen = rng.batches.integers(0, pairs[0].size, BATCH_SIZE)
        if broke := model.step(pairs, chosen, RATE * (1 - FALL * done / STEPS)):
            return Diverged(done, broke)
    rewards = model.rewards()
    for place, beta in enumerate(np.geomspace(WEAKEST, params.beta, TRUSTS), start=1):
        yield looks.trusting(STEPS + place, rewards, optimum(REFERENCE, rewards, float(beta)))
    return None


def rounds(params: TrustedParams) -> Iterator[tuple[int, int]]:
    """Of each round the step at which it comes, and how many pairs are judged in it."""
    number, labels = params.rounds, params.labels
    for place in range(number):
        yield STEPS * place // number, labels * (place + 1) // number - labels * place // number


def mixed(policy: Array) -> Array:
    """Where the answers that people compare come from: half from the reference, half from the policy."""
    return np.asarray((REFERENCE + policy) / 2)


class Looks:
    """Measures both rewards, and draws answers of a policy from the same chances each time."""

    def __init__(self, noise: np.random.Generator, params: TrustedParams) -> None:
        self._chances, self._jitter = noise.random(SHOWN), noise.uniform(-0.5, 0.5, (2, SHOWN)) / (PLANE.size - 1)
        self._unseen = drawn(noise, REFERENCE, TRIED)
        self._final, self._best = params.beta, -np.inf

    def learning(self, done: int, rewards: Array, policy: Array, pairs: Pairs) -> Snapshot:
        """While the reward model learns: what it believes, how it ranks, and the best of n by it."""
        first, second = self._unseen
        right = float((((rewards[first] > rewards[second]) == (FELT[first] > FELT[second]))[FELT[first] != FELT[second]]).mean())
        best = [best_of(number, REFERENCE, rewards) for number in MANY]
        felt = [float(each @ FELT) for each in best]
        newest = {name: PLACES[:, each[-SHOWN:]] for name, each in zip(("winners", "losers"), pairs, strict=True)}
        drawn_now = {
            "people": {"field": _share(FELT), "reference": self._answers(REFERENCE), "policy": self._answers(policy)},
            "model": {"field": _share(rewards)} | newest,
            "best": {"people": felt, "model": [float(each @ rewards) for each in best]},
            "ranked": {"ranked": right},
        }
        bound = np.log(MANY[-1]) - (MANY[-1] - 1) / MANY[-1]
        told = {"ranked": right, "best of 1024": felt[-1], "divergence of best of 1024": divergence(best[-1], REFERENCE) / bound}
        return Snapshot(done, drawn_now, measured=told)

    def trusting(self, step: int, rewards: Array, policy: Array) -> Snapshot:
        """As beta falls: both rewards of the policy, how far it is from the reference, and its answers."""
        far, felt, believed = divergence(policy, REFERENCE), float(policy @ FELT), float(policy @ rewards)
        away = float(np.sqrt(max(far, 0.0)))
        told = {"people": felt, "model": believed, "divergence": far}
        if felt > self._best:
            self._best = felt
            told |= {"best people": felt, "divergence at best": far}
        drawn_now = {"rewards": {"people": (away, felt), "model": (away, believed)}, "people": {"policy": self._answers(policy)}}
        return Snapshot(step, drawn_now, measured=told)

    def _answers(self, policy: Array) -> Array:
        """Places (2, 150) of answers that it gives, each moved a little so that none hides another."""
        numbers = np.searchsorted(np.cumsum(policy), self._chances * (1 - 1e-9))
        return PLACES[:, np.minimum(numbers, policy.size - 1)] + self._jitter


def _share(rewards: Array) -> Array:
    """How likely each answer is to be preferred to one of mean reward, as a picture."""
    return PLANE.picture(sigmoid(rewards / SCALE))


FAR = Ground(beta=0.03, rounds=1, labels=800, hidden_units=32)
WORSE = Claim(
    "A policy that trusts the reward model far ends up worse than the reference: people’s reward.", "people", at_most(-1), FAR
)
BELIEVED = Claim(
    "The reward model, meanwhile, believes that this policy is better than the reference: its reward.",
    "model",
    at_least(1.5),
    FAR,
)
BETTER = Claim(
    "On the way there was a better policy than the reference: people’s reward at its best.", "best people", at_least(0.9), FAR
)
RANKS = Claim(
    "The reward model is not a poor one: it ranks this share of the reference’s unseen pairs as people’s reward does.",
    "ranked",
    at_least(0.85),
    FAR,
)
CURED = Claim(
    "The same number of labels, in eight rounds and half on the policy’s own answers, cures it: people’s reward.",
    "people",
    at_least(1.2),
    Ground(beta=0.03, rounds=8, labels=800, hidden_units=32),
)
CAREFUL = Claim(
    "A policy that trusts it only a little still gains, though less: people’s reward at a beta of 1.",
    "people",
    at_least(0.5),
    Ground(beta=1, rounds=1, labels=800, hidden_units=32),
)
CHOSEN = Claim("The best of 1024 answers by the same reward model is good: people’s reward.", "best of 1024", at_least(0.9), FAR)
NEAR = Claim(
    "Best of n stays near: its divergence is at most log n − (n − 1) / n, as a share of that bound.",
    "divergence of best of 1024",
    at_most(1),
    by_construction=True,
)
TITLE = Title(
    "Trusted too far, the reward model misleads: people’s reward rises, then falls",
    "Both rewards as the policy leaves the reference",
    (WORSE, BELIEVED, BETTER),
)

demo = Demo(
    name="trusted",
    title="A reward trusted too far",
    params=TrustedParams,
    charts=charts,
    run=run,
    frames=len(PACE) + TRUSTS,
    claims=(WORSE, BELIEVED, BETTER, RANKS, CURED, CAREFUL, CHOSEN, NEAR),
    presets=(
        Preset("trusted far", {}),
        Preset("eight rounds of labels", {"rounds": 8}),
        Preset("beta 1", {"beta": 1.0}),
        Preset("twice the labels, at once", {"labels": 1600}),
    ),
    guesses=guesses.TRUSTED,
    hint="First the reward model learns, then the policy trusts it ever more. Watch the green line, and where the green dots go.",
)
