"""Asked ahead: the first frame of a run that somebody may want is made while nobody waits, and costs nobody anything."""

from __future__ import annotations

import asyncio

import pytest

from app.runs import Executor, executor
from tests.app.runs.executors import counted, direct, reached, request, watch, with_executor


def test_a_run_asked_for_ahead_stops_after_its_first_frame_until_it_is_wanted_and_is_then_as_any_other() -> None:
    async def test(runs: Executor) -> None:
        asked = request()
        assert await runs.ahead(asked) == direct(asked)[:2]
        assert await watch(runs, request(1)) == direct(request(1))  # for as long as another takes to end
        log = runs.cache.get(asked.key)
        assert log is not None
        assert len(log.messages) == 2
        assert not runs.known(asked)
        assert await watch(runs, asked) == direct(asked)
        assert counted(runs, "runs_started_total") == 2

    with_executor(test, workers=1)


def test_while_a_run_goes_on_none_is_begun_ahead_and_none_takes_its_slot() -> None:
    async def test(runs: Executor) -> None:
        long, asked = request(frames=300, cpu=0.01), request(1)
        watching = asyncio.create_task(watch(runs, long))
        await reached(runs, long, 3)
        assert await runs.ahead(asked) == []
        assert runs.free() == 1
        await reached(runs, long, 20)
        log = runs.cache.get(asked.key)
        assert log is not None
        assert log.messages == []
        assert not watching.done()
        watching.cancel()
        await reached(runs, asked, 2)

    with_executor(test, workers=1, live_runs=2)


def test_nothing_is_made_ahead_where_every_slot_is_taken_and_what_was_then_waits_as_any_other() -> None:
    async def test(runs: Executor) -> None:
        early, late, long = request(1), request(2), request(frames=400, cpu=0.005)
        await runs.ahead(early)
        watching = asyncio.create_task(watch(runs, long))
        await reached(runs, long, 2)
        assert await runs.ahead(late) == []
        assert runs.cache.get(late.key) is None
        stream = runs.frames(early)
        assert (await anext(stream))[0].startswith(b"event: waiting")
        await stream.aclose()
        watching.cancel()

    with_executor(test, workers=1, live_runs=1)


def test_of_a_run_that_fails_before_its_first_frame_nothing_is_told_ahead() -> None:
    async def test(runs: Executor) -> None:
        assert await runs.ahead(request(demo="raise", at=0)) == []

    with_executor(test, workers=1)


def test_what_was_made_ahead_and_nobody_wants_is_forgotten_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "HELD_SECONDS", 0.1)

    async def test(runs: Executor) -> None:
        asked = request()
        await runs.ahead(asked)
        while runs.cache.get(asked.key) is not None:
            await asyncio.sleep(0.01)
        assert counted(runs, "runs_started_total") == counted(runs, "runs_cancelled_total") == 0
        assert await watch(runs, asked) == direct(asked)

    with_executor(test, workers=1)


def test_what_was_made_ahead_dies_with_its_worker() -> None:
    async def test(runs: Executor) -> None:
        asked = request()
        assert await runs.ahead(asked) == direct(asked)[:2]
        for worker in runs._crew:
            worker.kill()
        while runs.cache.get(asked.key) is not None:
            await asyncio.sleep(0.01)
        assert await watch(runs, asked) == direct(asked)

    with_executor(test, workers=1)
