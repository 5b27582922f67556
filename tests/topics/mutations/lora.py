"""Topic 38 without what it shows: additions that count for nothing, a base or a task that is no help, nothing cut."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from app.topics.lora import adapting, racers, tasks
from app.topics.lora.racers import Adapted
from app.topics.lora.tasks import Layers
from tests.topics.mutations import Mutation


def _nothing_added(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(racers, "ALPHA", 0.0)


def _base_untrained(patch: pytest.MonkeyPatch) -> None:
    def trained(*arguments: Any) -> Generator[None, None, tuple[Layers, Layers]]:
        untrained, _ = yield from tasks.trained(*arguments)
        return untrained, untrained

    patch.setattr(adapting, "trained", trained)


def _task_is_old(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adapting, "TASKS", {"slanted": lambda inputs: inputs})


def _not_cut(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adapting, "cut", lambda update, _: update)


def _not_merged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(racers, "added", lambda base, _: base)


def _begun_elsewhere(patch: pytest.MonkeyPatch) -> None:
    plain = Adapted.additions
    patch.setattr(Adapted, "additions", lambda self, session: [each + 0.01 for each in plain(self, session)])


MUTATIONS = [
    Mutation("adapting", "the addition counts for nothing", ("lora",), patch=_nothing_added),
    Mutation("adapting", "the base is not trained", ("base counts",), patch=_base_untrained),
    Mutation("adapting", "the new task is the old one", ("before", "old lora"), {"rank": 4}, _task_is_old),
    Mutation("adapting", "the full change is not cut", ("trained beats cut",), patch=_not_cut),
    Mutation("adapting", "LoRA has a rate of its own", ("full minus LoRA",), {"rank": 4}),
    Mutation("adapting", "what is merged is the base alone", ("merged",), patch=_not_merged),
    Mutation("adapting", "something is added from the start", ("start",), patch=_begun_elsewhere),
]
