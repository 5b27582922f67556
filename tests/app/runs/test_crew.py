"""The workers: replaced when they have done their share, tried again when they cannot start."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.frames import read
from app.runs import Busy, Executor, Limits, crew
from app.runs.supervisor import WorkerProcess
from tests.app.runs.executors import direct, reached, request, watch, with_executor


@pytest.mark.thorough
def test_a_worker_that_has_done_its_share_is_replaced_while_its_runs_go_on() -> None:
    async def test(executor: Executor) -> None:
        (old,) = executor._crew
        asked = [request(value, frames=150, cpu=0.005) for value in range(4)]
        watching = [asyncio.create_task(watch(executor, each)) for each in asked]
        await reached(executor, asked[-1], 2)
        while executor._crew.choose() is old:
            await asyncio.sleep(0.02)
        assert not any(task.done() for task in watching)
        assert await watch(executor, request(9)) == direct(request(9))
        for each, seen in zip(asked, await asyncio.gather(*watching), strict=True):
            assert seen == direct(each)
        while old.process.poll() is None:
            await asyncio.sleep(0.02)
        assert len(list(executor._crew)) == 1

    with_executor(test, workers=1, runs_a_worker=4)


@pytest.mark.thorough
@pytest.mark.timed
def test_a_worker_that_cannot_start_is_tried_again_later_and_later_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        executor = Executor(Limits(workers=1), "late_producer:events")
        started: list[float] = []

        def starting(*args: Any) -> WorkerProcess:
            started.append(time.monotonic())
            return WorkerProcess(*args)

        monkeypatch.setattr(crew, "WorkerProcess", starting)
        await executor.start()
        seen = await watch(executor, request())
        assert [read(sent)[0] for sent in seen if not sent.startswith(b"event: waiting")] == ["failed"]
        assert "ModuleNotFoundError: No module named 'late_producer'" in executor.trouble()
        with pytest.raises(Busy):
            await watch(executor, request(2))
        pauses = [after - before for before, after in pairwise(started)]
        assert len(started) == crew.HOPELESS_AFTER
        assert pauses == sorted(pauses)
        assert pauses[0] >= crew.FIRST_PAUSE_SECONDS
        (tmp_path / "late_producer.py").write_text("from tests.app.runs.producers import events", encoding="utf-8")
        while not executor.ready():
            await asyncio.sleep(0.05)
        assert executor.trouble() == ""
        assert await watch(executor, request(3)) == direct(request(3))
        await executor.stop()

    monkeypatch.syspath_prepend(tmp_path)
    asyncio.run(asyncio.wait_for(body(), 60))
