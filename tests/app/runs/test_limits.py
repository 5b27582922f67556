"""Limits: of CPU time, frames, slots, viewers and bytes, and what is said past each."""

from __future__ import annotations

import asyncio

import pytest

from app.frames import read
from app.runs import Busy, Executor, Viewing
from tests.app.runs.conftest import Everywhere
from tests.app.runs.executors import direct, request, watch, with_executor


def test_a_run_that_takes_too_much_cpu_in_all_is_ended(everywhere_in_time: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        seen = await watch(executor, request(frames=10_000, cpu=0.05))
        assert read(seen[-1])[0] == "failed"
        assert "computing time" in read(seen[-1])[1]["message"]

    everywhere_in_time(test, run_cpu_seconds=1)


def test_a_run_that_prepares_for_ever_is_ended_by_the_limit_of_a_run() -> None:
    async def test(executor: Executor) -> None:
        seen = [read(sent) for sent in await watch(executor, request(pieces=1_000_000, piece=0.001))]
        assert [kind for kind, _ in seen] == ["start", "failed"]
        assert "computing time" in seen[-1][1]["message"]

    with_executor(test, run_cpu_seconds=1)


@pytest.mark.thorough
def test_a_piece_of_preparing_may_take_as_much_cpu_as_a_snapshot_and_is_charged_to_its_run() -> None:
    async def test(executor: Executor) -> None:
        asked = request(1, frames=1, pieces=6, piece=0.3)
        assert await watch(executor, asked) == direct(asked)
        log = executor.cache.get(asked.key)
        assert log is not None
        assert log.cpu_seconds >= 6 * 0.3
        seen = await watch(executor, request(2, pieces=1, piece=60))
        assert "computing time" in read(seen[-1])[1]["message"]

    with_executor(test, step_cpu_seconds=1)


def test_beyond_the_slots_a_run_says_how_many_are_ahead_and_beyond_the_queue_the_server_is_busy() -> None:
    async def test(executor: Executor) -> None:
        first = asyncio.create_task(watch(executor, request(1, frames=100, cpu=0.005)))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(watch(executor, request(2)))
        await asyncio.sleep(0.1)
        with pytest.raises(Busy):
            await anext(executor.frames(request(3)))
        kinds = [read(sent) for sent in await second]
        assert kinds[0] == ("waiting", {"ahead": 0})
        assert [kind for kind, _ in kinds[1:]] == ["start", *["frame"] * 20, "done"]
        assert (await first)[-1].startswith(b"event: done")

    with_executor(test, live_runs=1, waiting_runs=1)


def test_more_viewers_than_allowed_are_turned_away(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        stream = executor.frames(request(frames=1000, cpu=0.01))
        await anext(stream)
        with pytest.raises(Busy):
            await anext(executor.frames(request(2)))
        await stream.aclose()

    everywhere(test, viewers=1)


def test_finished_runs_are_kept_within_their_bytes_the_oldest_going_first() -> None:
    async def test(executor: Executor) -> None:
        executor.cache.most_bytes = 3 * sum(map(len, direct(request(1))))
        for value in range(1, 6):
            await watch(executor, request(value))
        assert executor.cache.finished_bytes <= executor.cache.most_bytes
        assert executor.cache.get(request(1).key) is None
        assert executor.cache.get(request(5).key) is not None

    with_executor(test)


def test_a_run_that_makes_too_many_frames_is_ended() -> None:
    async def test(executor: Executor) -> None:
        seen = await watch(executor, request(frames=50))
        assert seen[:-1] == direct(request(frames=50))[:11]
        assert "more frames" in read(seen[-1])[1]["message"]

    with_executor(test, run_frames=10)


def test_who_waits_is_told_each_time_that_fewer_are_ahead() -> None:
    async def test(executor: Executor) -> None:
        first, *others = [asyncio.create_task(watch(executor, request(value, frames=30, cpu=0.005))) for value in range(4)]
        told = [[read(sent)[1]["ahead"] for sent in await each if sent.startswith(b"event: waiting")] for each in others]
        assert told == [[0], [1, 0], [2, 1, 0]]
        await first

    with_executor(test, live_runs=1)
