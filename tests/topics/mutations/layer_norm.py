"""Topic 34 without what it shows: norms exchanged, and networks that had no time to learn."""

from __future__ import annotations

from typing import Any

import pytest

from app.pace import Pace
from app.topics.layer_norm import causal, companions, depth, training
from app.topics.layer_norm.decoder import Decoder
from app.topics.layer_norm.network import Normed
from app.topics.layer_norm.stack import Stack, sizes
from engine import Graph
from tests.topics.mutations import Mutation

EXCHANGED = {"none": "none", "batch": "layer", "layer": "batch"}


def _exchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(companions, "Normed", lambda graph, name, rng, norm, depth: Normed(graph, name, rng, EXCHANGED[norm], depth))


def _exchanged_in_decoders(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(causal, "Decoder", lambda graph, name, rng, norm: Decoder(graph, name, rng, EXCHANGED[norm]))


def _one_step(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(companions, "PACE", Pace(1, 2))


def _places_exchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(depth, "sizes", lambda norm, *given: sizes("pre" if norm == "post" else "post", *given))


def _stacks_exchanged(patch: pytest.MonkeyPatch) -> None:
    def stack(graph: Graph, name: str, norm: str, *given: Any, **more: Any) -> Stack:
        return Stack(graph, name, "pre" if norm == "post" else "post", *given, **more)

    patch.setattr(training, "Stack", stack)


MUTATIONS = [
    Mutation(
        "companions",
        "batch norm and layer norm are exchanged",
        ("In batches of two", "Batch norm hardly", "batch in training mode", "batch change", "layer change"),
        patch=_exchanged,
    ),
    Mutation("companions", "they learn for one step", ("In batches of 32", "So does layer norm"), {"batch_size": 32}, _one_step),
    Mutation(
        "causal",
        "batch norm and layer norm are exchanged",
        (
            "In training mode batch norm",
            "In evaluation mode",
            "Layer norm comes near",
            "In training mode another",
            "layer change",
        ),
        patch=_exchanged_in_decoders,
    ),
    Mutation(
        "causal",
        "both decoders have layer norm",
        ("Another ending still",),
        {"batch_size": 32},
        lambda patch: patch.setattr(causal, "Decoder", lambda graph, name, rng, _norm: Decoder(graph, name, rng, "layer")),
    ),
    Mutation(
        "causal",
        "they learn for one step",
        ("With 32 sentences", "So does batch norm"),
        {"batch_size": 32},
        lambda patch: patch.setattr(causal, "PACE", Pace(1, 2)),
    ),
    Mutation("causal", "each batch is one sentence", ("Looking ahead then",)),
    Mutation(
        "depth",
        "before and after are exchanged",
        ("ratio at 6", "ratio at 12", "pre against two"),
        {"seed": 1},
        _places_exchanged,
    ),
    Mutation(
        "training", "before and after are exchanged", ("With the norm after", "With the norm before"), patch=_stacks_exchanged
    ),
    Mutation("training", "the warm-up takes one step", ("With a warm-up",), {"warm_up": 1}),
    Mutation("training", "there are six blocks, at the full rate", ("Two blocks", "So do six blocks")),
]
