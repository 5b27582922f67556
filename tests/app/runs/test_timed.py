"""Runs that measure time: no two are alike, and no viewer ever gets a mixture of two."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice
from typing import Any

from app.frames import read
from app.produce import events
from app.runs import Executor, RunRequest, Viewing
from app.runs.log import RunLog
from app.runs.turns import Turns
from app.topics import topics
from tests.app.runs.conftest import Everywhere
from tests.app.runs.executors import direct, reached, request, watch, with_executor


def timed(value: int = 0, run: str = "key-1a2b", **more: Any) -> RunRequest:
    """A run that calls itself `run`, and that made again would be another."""
    return replace(request(value, run=run, **more), repeatable=False)


def test_a_timed_run_that_is_there_is_shared_and_resumed_by_its_name(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = timed()
        seen = await watch(executor, asked)
        assert seen == direct(asked)
        assert [sent async for batch in executor.frames(asked, 7, "key-1a2b") for sent in batch] == seen[9:]

    everywhere(test, workers=1)


def test_who_has_a_frame_of_another_timing_begins_anew_and_so_does_who_cannot_say_which(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = timed()
        for of in ("key-ffff", "key", None):
            assert [sent async for batch in executor.frames(asked, 7, of) for sent in batch] == direct(asked)

    everywhere(test, workers=1)


def test_before_it_has_begun_a_timed_run_is_none_that_a_viewer_can_have_a_frame_of() -> None:
    log = RunLog(timed(), Turns(1))
    assert [log.place_after(7, of) for of in ("key-1a2b", None)] == [0, 0]


def test_any_other_run_is_resumed_by_its_key_or_by_a_bare_number_before_it_has_begun_too() -> None:
    log = RunLog(asked := request(1), Turns(1))
    assert [log.place_after(*place) for place in ((7, asked.key), (7, None), (7, "another"), (None, None))] == [9, 9, 0, 0]


def test_a_timed_run_whose_worker_dies_fails_and_is_not_gone_on_with() -> None:
    async def test(executor: Executor) -> None:
        asked, other = timed(1, frames=60, cpu=0.005), request(2, frames=60, cpu=0.005)
        watching = [asyncio.create_task(watch(executor, each)) for each in (asked, other)]
        await asyncio.gather(reached(executor, asked, 10), reached(executor, other, 10))
        next(iter(executor._crew)).kill()
        seen, neighbour = await asyncio.gather(*watching)
        assert neighbour == direct(other)
        kind, payload = read(seen[-1])
        assert (kind, "was interrupted" in payload["message"]) == ("failed", True)
        assert seen[:-1] == direct(asked)[: len(seen) - 1]
        assert executor.cache.get(asked.key) is None  # the next visitor gets a run of its own

    with_executor(test, workers=1)


def test_two_runs_of_a_timed_demo_have_two_names() -> None:
    demos = [(slug, demo.name) for slug, topic in topics().items() for demo in topic.demos if demo.timed]
    assert demos
    for slug, demo in demos:
        starts = [read(next(islice(events(slug, demo, {}), 1))[1])[1]["run"] for _ in range(2)]
        assert len({start[:-8] for start in starts}) == 1
        assert len(set(starts)) == 2
