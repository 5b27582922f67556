"""Topic 43 without what it shows: answers without their wrong classes, and images that are shown after all."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.distillation import unseen
from engine.probabilities import one_hot, softmax
from tests.topics.mutations import Mutation


def _only_the_likeliest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        unseen, "softmax", lambda logits: one_hot(logits.argmax(axis=0), 10) if logits.shape[1] > 1 else softmax(logits)
    )


def _not_shuffled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unseen, "shuffled", lambda soft, _: soft)


def _none_left_out(patch: pytest.MonkeyPatch) -> None:
    """The students get the images of all ten digits."""
    patch.setattr(unseen, "kept", lambda labels, _: np.arange(labels.size))


def _answers_of_another_class(patch: pytest.MonkeyPatch) -> None:
    """Every answer is told one class further on, so that images of 2 are answered with 3."""
    patch.setattr(unseen, "softmax", lambda logits: np.roll(softmax(logits), 1, axis=0))


MUTATIONS = [
    Mutation("unseen", "only the likeliest class is told", ("A student that saw no 3",), patch=_only_the_likeliest),
    Mutation("unseen", "the wrong classes keep their places", ("order",), patch=_not_shuffled),
    Mutation("unseen", "the 3s are shown after all", ("hard",), patch=_none_left_out),
    Mutation("unseen", "the answers are soft", ("At a temperature of 1",)),
    Mutation("unseen", "all answers are told one class too far", ("false alarms",), patch=_answers_of_another_class),
]
