"""Nine hundred answers on a plane, by length and flattery: what people feel about each, and how often the reference gives it."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Plane
from app.topics.rlhf_and_dpo.preferences import Pairs
from engine import Array
from engine.probabilities import softmax

SCALE = 0.4
"""Of people's judgements: a difference in reward of this much is preferred in 73 % of all cases."""
PLANE = Plane(Axis("length of the answer", (0, 1)), Axis("flattery", (0, 1)), 30)
PLACES = PLANE.points.astype(float)


def _felt(length: Array, flattery: Array) -> Array:
    """A hill at a middling length and a little flattery, and a slope down where there is too much of either."""
    hill = 4 * np.exp(-(((length - 0.55) / 0.22) ** 2) / 2 - ((flattery - 0.35) / 0.3) ** 2 / 2)
    return np.asarray(hill - 2 * np.maximum(length - 0.7, 0) - 2 * np.maximum(flattery - 0.6, 0))


REFERENCE = softmax(-((PLACES[0] - 0.3) ** 2 + (PLACES[1] - 0.25) ** 2) / (2 * 0.11**2))
"""How often a model that has only learned to imitate gives each answer: most are short and plain."""


def over_reference(rewards: Array) -> Array:
    """Rewards (900,) less their mean over the reference's answers: only differences of rewards mean anything."""
    return np.asarray(rewards - REFERENCE @ rewards)


FELT = over_reference(_felt(*PLACES))
"""What people feel about each answer, over what they feel about the reference's in the mean."""


def drawn(rng: np.random.Generator, policy: Array, number: int) -> Pairs:
    """Pairs of answers that a policy gives, each answer by itself."""
    first, second = rng.choice(policy.size, (2, number), p=policy)
    return first, second
