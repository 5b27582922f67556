"""Topic 2 without what it shows: weights that never move, nodes that only add, sums without a softmax, biases of zero."""

from __future__ import annotations

import pytest

from app.topics.neural_network import flowers, forward
from tests.topics.mutations import Mutation
from tests.topics.mutations.what_is_deep_learning import bending


def _weights_that_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(flowers, "LEARNING_RATE", 0.0)


def _nodes_that_only_add(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(forward.FIRES, "tanh", lambda z: z)


def _no_softmax(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(forward, "softmax", lambda logits: logits)


MUTATIONS = [
    Mutation("training", "the weights stay as they began", ("right", "gained", "moved"), patch=_weights_that_stay),
    Mutation("training", "the network has time to learn the two by heart", ("hard",), {"steps": 3000}),
    Mutation("forward", "by hand the nodes only add", ("apart",), patch=_nodes_that_only_add),
    Mutation("forward", "the sums are taken for probabilities", ("sum",), patch=_no_softmax),
    Mutation("forward", "the hidden nodes pass on their sums", ("activation",), patch=bending(flowers, "tanh", "linear")),
    Mutation("forward", "the biases are still zero", ("bias",), {"training_steps": 0}),
]
