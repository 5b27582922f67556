"""A run that goes wrong fails for its own viewers alone, and a worker that dies costs nobody a frame."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from app.frames import read
from app.runs import Executor, Viewing, crew
from tests.app.runs.conftest import Everywhere
from tests.app.runs.executors import counted, direct, reached, request, watch, with_executor

SAID = {"raise": "an error in the demo", "segfault": "crashed twice", "loop": "more computing time", "allocate": "more memory"}


@pytest.mark.thorough
@pytest.mark.parametrize("how", SAID)
def test_a_run_that_goes_wrong_fails_for_its_own_viewers_alone(how: str, everywhere_in_time: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        wrong = request(1, how, at=3)
        neighbours = [request(value, cpu=0.004, frames=60) for value in range(2, 8)]
        results = await asyncio.gather(watch(executor, wrong), *(watch(executor, each) for each in neighbours))
        kind, payload = read(results[0][-1])
        assert kind == "failed"
        assert SAID[how] in payload["message"]
        assert "secret" not in payload["message"]
        assert results[0][:-1] == direct(wrong)[:4]
        for asked, seen in zip(neighbours, results[1:], strict=True):
            assert seen == direct(asked)
        assert (await watch(executor, request(9)))[-1].startswith(b"event: done")
        assert counted(executor, "runs_failed_total") == 1
        assert executor.cache.get(wrong.key) is None  # the next visitor tries anew

    everywhere_in_time(test, step_cpu_seconds=1 if how == "loop" else 30, run_memory_mib=512)


@pytest.mark.thorough
def test_killing_a_worker_in_mid_run_loses_and_repeats_nothing() -> None:
    async def test(executor: Executor) -> None:
        asked = [request(value, frames=60, cpu=0.005) for value in range(7)]
        watching = [asyncio.create_task(watch(executor, each)) for each in asked]
        await reached(executor, asked[0], 10)
        next(iter(executor._crew)).kill()
        for each, seen in zip(asked, await asyncio.gather(*watching), strict=True):
            assert seen == direct(each)

    with_executor(test)


def test_a_run_that_crashed_once_gets_one_more_try(tmp_path: Path) -> None:
    async def test(executor: Executor) -> None:
        asked = request(1, "crash once", at=5, mark=str(tmp_path / "mark"))
        assert await watch(executor, asked) == direct(asked)

    with_executor(test)


@pytest.mark.thorough
def test_a_worker_that_hangs_is_killed_and_only_the_run_it_hung_in_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "HANGING_SECONDS", 0.5)

    async def test(executor: Executor) -> None:
        wrong, neighbour = request(1, "hang", at=3), request(2, frames=60, cpu=0.004)
        seen, other = await asyncio.gather(watch(executor, wrong), watch(executor, neighbour))
        assert read(seen[-1])[0] == "failed"
        assert other == direct(neighbour)

    with_executor(test, workers=1)


def test_a_worker_gives_way_to_the_server() -> None:
    async def test(executor: Executor) -> None:
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        for worker in executor._crew:
            assert os.getpriority(os.PRIO_PROCESS, worker.process.pid) == min(19, ours + 10)

    with_executor(test, workers=1)
