"""An executor with the runs of `producers.py`, and what tests ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from app.runs import Executor, Limits, RunRequest
from app.runs.viewing import KEEP_ALIVE
from tests.app.runs.producers import events

PRODUCER = "tests.app.runs.producers:events"


def request(value: int = 0, demo: str = "fine", frames: int = 20, **more: Any) -> RunRequest:
    params = {"frames": frames, "value": value, **more}
    return RunRequest(f"{demo}-{value}-{frames}-{more}", "topic", demo, params)


def direct(asked: RunRequest) -> list[bytes]:
    return [sent for _, sent in filter(None, events(asked.topic, "fine", dict(asked.params)))]


@asynccontextmanager
async def running(**limits: Any) -> AsyncIterator[Executor]:
    executor = Executor(Limits(**{"workers": 2, "run_frames": 1_000_000, **limits}), PRODUCER)
    await executor.start()
    while not executor.ready():
        await asyncio.sleep(0.02)
    try:
        yield executor
    finally:
        await executor.stop()


def with_executor(test: Callable[[Executor], Coroutine[Any, Any, None]], **limits: Any) -> None:
    async def body() -> None:
        async with running(**limits) as executor:
            await asyncio.wait_for(test(executor), 240)

    asyncio.run(body())


async def heard(executor: Executor, asked: RunRequest, after: int | None = None) -> list[bytes]:
    """All that is sent."""
    return [sent async for batch in executor.frames(asked, after) for sent in batch]


async def watch(executor: Executor, asked: RunRequest, after: int | None = None) -> list[bytes]:
    """All messages; a comment that keeps a slow run's connection alive is none."""
    return [sent for sent in await heard(executor, asked, after) if sent != KEEP_ALIVE]


async def reached(executor: Executor, asked: RunRequest, messages: int) -> None:
    """Waits until the run has come so far."""
    while (log := executor.cache.get(asked.key)) is None or len(log.messages) < messages:
        await asyncio.sleep(0.01)


def counted(executor: Executor, name: str) -> float:
    value = executor.metrics.registry.get_sample_value(name)
    assert value is not None
    return value
