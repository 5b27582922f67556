"""Topic 29 without what it shows: weights that stay, layers that do not bend, noise for both, a divergence that costs nothing."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.topics.autoencoder import bottleneck, denoising, mapper, network
from engine.graph import Array
from tests.topics.mutations import Mutation, Patch


def _weights_that_stay(demo: ModuleType) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(demo, "LEARNING_RATE", 0.0)

    return patched


def _layers_that_do_not_bend(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bottleneck, "halves", lambda graph, size, rng, _: network.halves(graph, size, rng, "linear"))
    patch.setattr(bottleneck, "ENDS", {"relu": "linear"})


def _both_see_noise(patch: pytest.MonkeyPatch) -> None:
    prepare = denoising.Twins.prepare

    def prepared(self: denoising.Twins, noisy: Array) -> Any:
        self._strength = self._graph.constant(np.full((2, 1, 1), 0.4))
        return prepare(self, noisy)

    patch.setattr(denoising.Twins, "prepare", prepared)


def _neither_sees_noise(patch: pytest.MonkeyPatch) -> None:
    prepare = denoising.Twins.prepare

    def prepared(self: denoising.Twins, noisy: Array) -> Any:
        self._strength = self._graph.constant(np.zeros((2, 1, 1)))
        return prepare(self, noisy)

    patch.setattr(denoising.Twins, "prepare", prepared)


def _no_divergence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mapper, "divergence", lambda means, spreads: means.graph.constant(0.0))


MUTATIONS = [
    Mutation("bottleneck", "no layer bends", ("With the same code size", "gap"), patch=_layers_that_do_not_bend),
    Mutation(
        "bottleneck",
        "the weights stay where they are",
        ("Without activations", "overlap"),
        {"activation": "linear"},
        _weights_that_stay(bottleneck),
    ),
    Mutation("latent", "the weights stay where they are", ("lead", "ratio", "kinds", "fitted"), patch=_weights_that_stay(mapper)),
    Mutation(
        "latent", "the divergence costs nothing", ("Random codes from the standard",), {"form": "variational"}, _no_divergence
    ),
    Mutation("latent", "the form is variational", ("The plain form",), {"form": "variational"}),
    Mutation("denoising", "neither network trains under noise", ("over plain", "over linear"), patch=_neither_sees_noise),
    Mutation("denoising", "both networks train under noise", ("over plain",), patch=_both_see_noise),
    Mutation("denoising", "the weights stay where they are", ("over noisy",), patch=_weights_that_stay(denoising)),
]
