"""Topic 15 without what it shows: no unit dropped, none made up for, labels that lie, sums left as they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Assign, Dropout, Graph, Node
from engine.graph import Array
from engine.networks import layers, normalization
from tests.topics.mutations import Mutation

Norm = Callable[[Node, bool], tuple[Node, tuple[Assign, ...]]]


def _kept_as_they_are(patch: pytest.MonkeyPatch) -> None:
    def mask(self: Dropout, rng: np.random.Generator, shaped: Node) -> Array:
        return (rng.random(shaped.shape) >= self.drop_rate).astype(shaped.graph.dtype)

    patch.setattr(Dropout, "_mask", mask)


def _sums_left_as_they_are(patch: pytest.MonkeyPatch) -> None:
    def no_norm(graph: Graph, name: str, units: int) -> Norm:
        normalization.batch_norm(graph, name, units)
        scale, shift = graph.variables[f"{name}/scale"], graph.variables[f"{name}/shift"]
        return lambda inputs, _training: (inputs * scale + shift, ())

    patch.setattr(layers, "batch_norm", no_norm)


LYING = {"samples": 200, "label_noise": 0.2}
SINGLE = {"batch_size": 1, "depth": 2}

MUTATIONS = [
    Mutation("dropout", "no unit is dropped", ("Over the last ten", "slower"), {"drop_rate": 0.0}),
    Mutation("dropout", "most units are dropped", ("Best epoch against",), {"drop_rate": 0.8}),
    Mutation("dropout", "half of the units are dropped", ("Dropping 80 %",)),
    Mutation("dropout", "labels are clean", ("fall",), {"samples": 200, "label_noise": 0.0}),
    Mutation("dropout", "units that are kept are not scaled up", ("sums",), patch=_kept_as_they_are),
    Mutation("dropout", "labels are not clean", ("With clean labels",), LYING),
    Mutation("batch-norm", "ten layers are two", ("Without batch norm",), {"depth": 2}),
    Mutation("batch-norm", "the sums are left as they are", ("With batch norm the same",), patch=_sums_left_as_they_are),
    Mutation("batch-norm", "ten layers need it", ("Two layers",)),
    Mutation(
        "batch-norm",
        "a batch of one teaches it nothing",
        ("With He’s start", "scales"),
        {"batch_size": 1, "start": "he", "depth": 2},
    ),
    Mutation("batch-norm", "one at a time, sums left as they are", ("difference", "So a batch"), SINGLE, _sums_left_as_they_are),
]
