"""Topic 32 without what it shows: layers that cannot see, weights that stay, keys that are smeared where they should not be."""

from __future__ import annotations

from typing import Any

import pytest

from app.topics.transformer import copier, mask, pair, stream
from engine import Graph
from engine.networks.attention import Attention, causal_mask
from engine.networks.transformer import block
from tests.topics.mutations import Mutation, Patch


def _untouched_first_layer(patch: pytest.MonkeyPatch) -> None:
    """The first layer keeps its output."""
    patch.setattr(copier.Contest, "silenced", copier.Contest.look)


def _no_mask(patch: pytest.MonkeyPatch) -> None:
    """The first network has no mask either."""
    patch.setattr(mask, "causal_mask", mask.all_seen)


def _two_masks(patch: pytest.MonkeyPatch) -> None:
    """The second network has the mask as well."""
    patch.setattr(mask, "all_seen", causal_mask)


def _skips(residual: bool) -> Patch:
    """Skip connections in both stacks, or in neither."""

    def patched(graph: Graph, name: str, width: int, heads: int, rng: Any, **options: Any) -> Attention:
        return block(graph, name, width, heads, rng, **{**options, "residual": residual})

    return lambda patch: patch.setattr(stream, "block", patched)


def _tokens_see_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stream, "causal_mask", mask.all_seen)


def _encoder_masked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pair, "all_seen", causal_mask)


def _decoder_without_mask(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pair, "causal_mask", mask.all_seen)


ALONE = {"norm": "none", "perceptron": False}

MUTATIONS = [
    Mutation(
        "copying",
        "there are no positions, so that the symbol before cannot be found",
        ("Two layers learn", "previous", "matching", "arrived"),
        {"placed": False},
    ),
    Mutation("copying", "the first layer’s output is left as it is", ("silenced",), patch=_untouched_first_layer),
    Mutation("copying", "the one layer has smeared keys", ("One layer does not",), {"smeared": True}),
    Mutation("copying", "the one layer has no smeared keys", ("One layer with smeared keys",)),
    Mutation("copying", "a copy begins anywhere", ("Where every copy begins",)),
    Mutation("copying", "the loss counts the copy only", ("With a loss",)),
    Mutation("stream", "no block adds to what came in", ("With them most", "With them much"), patch=_skips(False)),
    Mutation("stream", "every block adds to what came in", ("Without skip connections four",), patch=_skips(True)),
    Mutation("stream", "every block adds, and there is attention alone", ("Attention alone",), ALONE, _skips(True)),
    Mutation("stream", "the norm stands in front", ("With the norm after",)),
    Mutation("stream", "tokens see all others", ("Under a causal mask",), {"causal": True}, _tokens_see_all),
    Mutation("mask", "neither network has a mask", ("masked over the floor", "masked right", "masked ahead"), patch=_no_mask),
    Mutation("mask", "both networks have a mask", ("open nats", "open right"), patch=_two_masks),
    Mutation("sight", "the encoder sees what came before alone", ("encoder articles", "below the floor"), patch=_encoder_masked),
    Mutation("sight", "the decoder has no mask", ("decoder articles", "decoder article nats"), patch=_decoder_without_mask),
]
