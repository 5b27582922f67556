"""Topic 16 without what it shows: sizes exchanged, points without noise, a rate that stays, batches that repeat one sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from app.topic import Pace
from app.topics.batch_vs_stochastic import clocks, network
from engine.datasets import batches
from engine.graph import Array
from tests.topics.mutations import Mutation, Patch


def _sizes(module: object, sizes: Mapping[str, int]) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(module, "SIZES", sizes)

    return patched


def _points_on_a_line(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clocks, "NOISE", 0.0)


def _the_same_sample_again(patch: pytest.MonkeyPatch) -> None:
    """A batch of any size is one sample, as often as it is large; the noise is measured before training, so one frame will do."""

    def repeated(rng: np.random.Generator, samples: int, batch_size: int) -> Iterator[Array]:
        return (np.repeat(one, batch_size) for one in batches(rng, samples, 1))

    patch.setattr(network, "batches", repeated)
    patch.setattr(network, "PACE", Pace.at([0]))


def _ten_updates_and_no_more(patch: pytest.MonkeyPatch) -> None:
    advance = network.Learner.advance
    patch.setattr(
        network.Learner, "advance", lambda self, updates: advance(self, min(updates, 10) if self.size == 1400 else updates)
    )


MUTATIONS = [
    Mutation(
        "clocks",
        "what is called one sample is all 200",
        ("advantage", "one floor", "floor ratio"),
        patch=_sizes(clocks, {"one": 200, "some": 20, "all": 200}),
    ),
    Mutation("clocks", "the samples agree", ("one floor",), patch=_points_on_a_line),
    Mutation("clocks", "full batch is half the data", ("all",), patch=_sizes(clocks, {"one": 1, "some": 20, "all": 100})),
    Mutation("clocks", "the rate of single samples does not fall", ("yours floor",), {"batch_size": 1}),
    Mutation("network", "32 and 1400 are exchanged", ("some", "all"), patch=_sizes(network, {"one": 1, "some": 1400, "all": 32})),
    Mutation("network", "the full batch is not run on", ("level",), patch=_ten_updates_and_no_more),
    Mutation("network", "a batch is one sample again and again", ("noise ratio",), patch=_the_same_sample_again),
]
