"""Topic 20 without what it shows: one kind of pooling in the place of another, and a map that is expected elsewhere."""

from __future__ import annotations

import pytest

from app.topics.pooling import shift, window
from engine import Node, convolution
from tests.topics.mutations import Mutation, Patch


def _pools(name: str, as_if: str) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setitem(window.POOLS, name, window.POOLS[as_if])

    return patched


def _all_average(maps: Node, _blur: int) -> list[Node]:
    average = convolution.average_pool(maps, 2)
    return [maps * 1.0, average, average, average, average, convolution.maximum_pool(maps, 1, 4)]


def _no_average(maps: Node, _blur: int) -> list[Node]:
    alone, largest = convolution.maximum_pool(maps, 1, 2), convolution.maximum_pool(maps, 2)
    return [maps * 1.0, alone, largest, alone, largest, convolution.maximum_pool(maps, 4)]


def _poolings(mutated: object) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(shift, "_poolings", mutated)

    return patched


def _expected_elsewhere(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(shift.STRIDES, "none", 2)


MUTATIONS = [
    Mutation("window", "the maximum is an average", ("brighter", "apart"), patch=_pools("maximum", "average")),
    Mutation("window", "stride alone is an average", ("off",), patch=_pools("stride", "average")),
    Mutation("window", "the average is a maximum", ("even",), patch=_pools("average", "maximum")),
    Mutation(
        "shift",
        "all poolings of two are averages, that of four is a stride",
        ("stride", "maximum", "blurred", "larger"),
        patch=_poolings(_all_average),
    ),
    Mutation("shift", "the average is a stride alone", ("average",), patch=_poolings(_no_average)),
    Mutation("shift", "the unpooled map is expected half as far", ("whole",), patch=_expected_elsewhere),
]
