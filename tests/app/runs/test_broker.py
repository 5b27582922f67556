"""The connection to the broker: who waits for it can always be told to stop."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from app.runs.broker import _within


def test_a_cancellation_that_the_client_loses_is_not_lost() -> None:
    async def asks() -> None:
        while True:
            async with _within(5):
                with contextlib.suppress(asyncio.CancelledError):  # as wait_for does when the answer is there in that moment
                    await asyncio.sleep(0.01)

    async def test() -> None:
        task = asyncio.create_task(asks())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(test())


def test_what_takes_too_long_is_a_lost_connection_and_no_cancellation() -> None:
    async def test() -> None:
        with pytest.raises(ConnectionError, match="no answer in time"):
            async with _within(0.01):
                await asyncio.sleep(5)
        async with _within(5):
            await asyncio.sleep(0)

    asyncio.run(test())
