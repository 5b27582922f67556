"""Fair: while many different runs compete, each gets its first frame soon."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from app.frames import read
from app.runs import Executor, RunRequest, Viewing
from tests.app.runs.conftest import Everywhere
from tests.app.runs.executors import direct, reached, request, watch, with_executor


@pytest.mark.timed
def test_a_newcomer_gets_its_first_frame_while_long_runs_go_on(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        long = [asyncio.create_task(watch(executor, request(value, frames=400, cpu=0.01))) for value in range(8)]
        await asyncio.sleep(0.5)
        begin = time.monotonic()
        stream = executor.frames(request(99, cpu=0.001))
        while not any(sent.startswith(b"event: frame") for sent in await anext(stream)):
            pass
        waited = time.monotonic() - begin
        assert not any(task.done() for task in long)
        assert waited < 1.0
        await stream.aclose()
        for task in long:
            task.cancel()

    everywhere(test)


@pytest.mark.thorough
def test_a_hundred_runs_at_once_get_their_first_frames_before_any_of_them_is_far(everywhere: Everywhere) -> None:
    """Told by what all have sent when the last first frame comes, and not by the clock, which a busy machine stretches."""

    async def test(executor: Viewing) -> None:
        asked = [request(value, frames=10, cpu=0.003) for value in range(100)]
        sent: list[int] = []

        async def first(mine: RunRequest) -> None:
            async for batch in executor.frames(mine):
                if any(message.startswith(b"event: frame") for message in batch):
                    logs = [executor.cache.get(each.key) for each in asked]
                    sent.append(sum(len(log.messages) for log in logs if log is not None))
                    break
            assert await watch(executor, mine, 0) == direct(mine)[2:]

        await asyncio.gather(*(first(each) for each in asked))
        assert len(sent) == len(asked)
        whole = sum(len(direct(each)) for each in asked)
        assert max(sent) < whole / 3  # a sixth, a start and a frame of each, in any order that starves nobody

    everywhere(test)


@pytest.mark.thorough
@pytest.mark.parametrize("beginning", [{"start": 0.3}, {"pieces": 30, "piece": 0.01}], ids=["dear", "in pieces"])
def test_a_newcomer_whose_beginning_is_long_has_its_first_frame_before_the_others_have_their_second(
    beginning: dict[str, Any],
) -> None:
    async def test(executor: Executor) -> None:
        asked = [request(0, frames=30, cpu=0.01, **beginning), *(request(value, frames=30, cpu=0.01) for value in range(1, 5))]
        watching = [asyncio.create_task(watch(executor, each)) for each in asked]
        await reached(executor, asked[0], 2)
        begun = [executor.cache.get(each.key) for each in asked]
        assert all(log is not None and len(log.messages) < 10 for log in begun)
        for each, seen in zip(asked, await asyncio.gather(*watching), strict=True):
            assert seen == direct(each)

    with_executor(test, workers=1)


@pytest.mark.thorough
def test_a_run_that_prepares_for_ever_holds_up_the_others_no_longer_than_one_snapshot_might() -> None:
    async def test(executor: Executor) -> None:
        endless, other = request(0, pieces=1_000_000, piece=0.01), request(1, frames=30, cpu=0.005)
        watching = asyncio.create_task(watch(executor, endless))
        await reached(executor, endless, 1)
        assert await watch(executor, other) == direct(other)
        assert not watching.done()
        assert [read(sent)[0] for sent in await watching] == ["start", "failed"]

    with_executor(test, workers=1, step_cpu_seconds=1, run_cpu_seconds=4)
