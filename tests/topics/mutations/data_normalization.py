"""Topic 4 without what it shows: nothing is scaled, whatever its name says; or everything is standardized."""

from __future__ import annotations

import pytest

from app.topics.data_normalization import curvature, race, scalings
from tests.topics.mutations import Mutation, Patch


def _all_scaled(way: str) -> Patch:
    def patched(patch: pytest.MonkeyPatch) -> None:
        for demo in (race, curvature):
            patch.setattr(demo, "scaler", lambda _name, inputs: scalings.scaler(way, inputs))

    return patched


LEFT_RAW = ("standardized reached", "minmax reached", "unseen")
FLAT = ("standardized condition", "minmax condition", "centred condition", "standardized loss")

MUTATIONS = [
    Mutation("race", "the inputs of all four stay raw", LEFT_RAW, patch=_all_scaled("raw")),
    Mutation("race", "the inputs of all four are standardized", ("raw best", "stuck"), patch=_all_scaled("standardized")),
    Mutation("curvature", "the inputs of all four stay raw", FLAT, patch=_all_scaled("raw")),
    Mutation(
        "curvature",
        "the inputs of all four are standardized",
        ("raw condition", "raw over standardized"),
        patch=_all_scaled("standardized"),
    ),
]
