"""An executor with the runs of `producers.py`, and what tests ask of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from app.runs import Executor, Limits, RunRequest, Viewing
from app.runs.viewing import KEEP_ALIVE
from tests.app.runs.brokers import over_a_broker
from tests.app.runs.producers import events

Runs = TypeVar("Runs", bound=Viewing)
PRODUCER = "tests.app.runs.producers:events"


def request(value: int = 0, demo: str = "fine", frames: int = 20, **more: Any) -> RunRequest:
    params = {"frames": frames, "value": value, **more}
    key = hashlib.sha256(repr((demo, params)).encode()).hexdigest()[:24]
    return RunRequest(key, "topic", demo, params)


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
    """The test with the embedded executor."""
    _within(running(**limits), test)


def with_broker(test: Callable[[Viewing], Coroutine[Any, Any, None]], **limits: Any) -> None:
    """The test with a web server's side of runs that a worker machine computes."""
    _within(over_a_broker(**limits), test)


def _within(there: AbstractAsyncContextManager[Runs], test: Callable[[Runs], Coroutine[Any, Any, None]]) -> None:
    async def body() -> None:
        async with there as runs:
            await asyncio.wait_for(test(runs), 240)

    asyncio.run(body())


async def heard(executor: Viewing, asked: RunRequest, after: int | None = None) -> list[bytes]:
    """All that is sent."""
    return [sent async for batch in executor.frames(asked, after) for sent in batch]


async def watch(executor: Viewing, asked: RunRequest, after: int | None = None) -> list[bytes]:
    """All messages; a comment that keeps a slow run's connection alive is none."""
    return [sent for sent in await heard(executor, asked, after) if sent != KEEP_ALIVE]


async def reached(executor: Viewing, asked: RunRequest, messages: int) -> None:
    """Waits until the run has come so far."""
    while (log := executor.cache.get(asked.key)) is None or len(log.messages) < messages:
        await asyncio.sleep(0.01)


def counted(executor: Viewing, name: str) -> float:
    value = executor.metrics.registry.get_sample_value(name)
    assert value is not None
    return value
