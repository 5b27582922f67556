"""Topic 24 without what it shows: no passes, memory of its own for every node, careless code taken for tidy, another step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app.topics.why_tensorflow import timing, ways
from app.topics.why_tensorflow.ways import Batch, Eager, Model, Planned
from tests.topics.mutations import Mutation


def _no_passes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(timing, "PASSES", ())


def _always_careless(patch: pytest.MonkeyPatch) -> None:
    model = ways.model
    patch.setattr("app.topics.why_tensorflow.timing.model", lambda weights, _careless: model(weights, careless=True))


def _buffers_as_many_as_arrays(patch: pytest.MonkeyPatch) -> None:
    class Wasteful(Planned):
        def __init__(self, made: Model, batch: Batch, passes: Sequence[str]) -> None:
            super().__init__(made, batch, passes)
            self.plan.bytes = sum(array.nbytes for array in self.plan.arrays.values())

    patch.setattr("app.topics.why_tensorflow.timing.Planned", Wasteful)


def _eager_at_another_rate(patch: pytest.MonkeyPatch) -> None:
    class Hasty(Eager):
        def __call__(self) -> float:
            before: list[Any] = self.weights
            loss = super().__call__()
            self.weights = [2 * after - old for after, old in zip(self.weights, before, strict=True)]
            return loss

    patch.setattr("app.topics.why_tensorflow.timing.Eager", Hasty)


MUTATIONS = [
    Mutation("timing", "there are no passes", ("The passes take away", "calls saved"), patch=_no_passes),
    Mutation("timing", "tidy code is careless", ("In tidy code",), {"code": "tidy"}, patch=_always_careless),
    Mutation("timing", "every node has a buffer of its own", ("memory",), patch=_buffers_as_many_as_arrays),
    Mutation("timing", "the eager step is twice as long", ("apart",), patch=_eager_at_another_rate),
]
