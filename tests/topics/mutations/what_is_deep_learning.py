"""Topic 1 without what it shows: layers that do not bend, a twin that does, depth that is not there, spirals that hardly wind."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.topics.what_is_deep_learning import layers, untangling
from engine import Graph, Mlp
from tests.topics.mutations import Mutation, Patch


def bending(demo: ModuleType, of: str, other: str) -> Patch:
    """The networks of a demo that have the one nonlinearity get the other."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        mlp = demo.mlp

        def changed(
            graph: Graph, sizes: Sequence[int], rng: np.random.Generator, activation: str, *rest: Any, **more: Any
        ) -> Mlp:
            made: Mlp = mlp(graph, sizes, rng, other if activation == of else activation, *rest, **more)
            return made

        patch.setattr(demo, "mlp", changed)

    return patched


def _everybody_at(rate: float) -> Patch:
    return lambda patch: patch.setattr(layers, "RATES", dict.fromkeys(layers.RATES, rate))


MUTATIONS = [
    Mutation("layers", "the layers do not bend what they get", ("tanh", "gain"), patch=bending(layers, "tanh", "linear")),
    Mutation("layers", "the twin has a nonlinearity too", ("linear", "apart"), patch=bending(layers, "linear", "tanh")),
    Mutation("layers", "one layer is against one layer", ("behind",), {"hidden_layers": 1}),
    Mutation("layers", "the wide layer has the deep one's rate in both cases", ("wide",), patch=_everybody_at(layers.RATE)),
    Mutation("layers", "the spirals hardly wind", ("line",), {"turns": 0.5}),
    Mutation("untangling", "the layers do not bend what they get", ("The network sorts", "hidden"), {"activation": "linear"}),
    Mutation(
        "untangling",
        "there is a nonlinearity after all",
        ("Without a nonlinearity",),
        {"activation": "linear"},
        bending(untangling, "linear", "tanh"),
    ),
    Mutation("untangling", "two layers stand before the two units", ("The two units with nothing",), {"hidden_layers": 2}),
    Mutation("untangling", "the spirals hardly wind", ("inputs",), {"turns": 0.5}),
]
