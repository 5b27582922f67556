"""Topic 10 without what it shows: a state that is forgotten at every step, windows that reach back, weights that stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.topics.feedforward_vs_recurrent import contest
from engine import Graph
from engine.networks.recurrent import Recurrent, Unrolled, rnn, step_of
from tests.topics.mutations import Mutation


def _forgetful(patch: pytest.MonkeyPatch) -> None:
    """Every step begins from a state of zeros."""

    def made(graph: Graph, name: str, features: int, units: int, rng: np.random.Generator) -> Recurrent:
        cell = rnn(graph, name, features, units, rng)

        def apply(inputs: Any) -> Unrolled:
            return Unrolled(tuple(cell([step_of(inputs, place)]).last for place in range(inputs.shape[-2])))

        return apply

    patch.setattr(contest, "rnn", made)


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contest, "LEARNING_RATE", 0.0)


MUTATIONS = [
    Mutation("recall", "the state is forgotten at every step", ("recurrent",), patch=_forgetful),
    Mutation("recall", "the window reaches back", ("A window that does not",), {"window": 7}),
    Mutation("recall", "the window does not reach back", ("A window that holds",)),
    Mutation("parity", "the state is forgotten at every step", ("recurrent",), patch=_forgetful),
    Mutation("parity", "the weights stay where they are", ("off theory",), patch=_weights_that_stay),
]
