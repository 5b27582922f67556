"""Topic 43 without what it shows: answers without their wrong classes, and images that are shown after all."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.distillation import few, unseen
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


def _labels_for_the_few(patch: pytest.MonkeyPatch) -> None:
    """The teacher's answers to the few images name one class each."""
    patch.setattr(few, "softmax", lambda logits: one_hot(logits.argmax(axis=0), 10))


def _not_shuffled_for_the_few(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(few, "shuffled", lambda soft, _: soft)


def _not_evened(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(few, "evened", lambda soft: soft)


def _answers_of_another_class_for_all(patch: pytest.MonkeyPatch) -> None:
    """All soft answers are told one class too far."""
    patch.setattr(few, "softmax", lambda logits: np.roll(softmax(logits), 1, axis=0))


MUTATIONS = [
    Mutation("unseen", "only the likeliest class is told", ("A student that never saw a 3",), patch=_only_the_likeliest),
    Mutation("unseen", "the wrong classes keep their places", ("order",), patch=_not_shuffled),
    Mutation("unseen", "the 3s are shown after all", ("hard",), patch=_none_left_out),
    Mutation("unseen", "the answers are soft", ("At a temperature of 1",)),
    Mutation("unseen", "all answers are told one class too far", ("false alarms",), patch=_answers_of_another_class),
    Mutation("few", "answers that are no softer than labels", ("From sixty images",), patch=_labels_for_the_few),
    Mutation("few", "the wrong classes keep their places", ("over shuffled",), patch=_not_shuffled_for_the_few),
    Mutation("few", "the wrong classes keep their probabilities", ("over evened",), patch=_not_evened),
    Mutation("few", "all answers are told one class too far", ("all over hard",), patch=_answers_of_another_class_for_all),
    Mutation("few", "the answers are soft", ("At a temperature of 1",)),
    Mutation("few", "few images have labels", ("Where all images",)),
]
