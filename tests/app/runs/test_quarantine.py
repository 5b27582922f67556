"""A run at its last try begins alone, whatever else a machine takes on, and holds nothing up once it is heard of."""

from __future__ import annotations

import asyncio

from app.runs.quarantine import Quarantine


async def begins(task: asyncio.Task[object]) -> bool:
    """Whether it does, after everybody had a turn or two."""
    for _ in range(5):
        await asyncio.sleep(0)
    return task.done()


def test_a_run_at_its_last_try_waits_for_all_others_to_be_heard_of_and_others_wait_for_it() -> None:
    async def body() -> None:
        machine = Quarantine()
        heard = [await machine.begin(is_last_try=False) for _ in range(2)]
        suspect = asyncio.create_task(machine.begin(is_last_try=True))
        heard[0]()
        assert not await begins(suspect)
        late = asyncio.create_task(machine.begin(is_last_try=False))
        second = asyncio.create_task(machine.begin(is_last_try=True))
        heard[1]()
        assert await begins(suspect)
        assert not await begins(late)
        suspect.result()()
        assert await begins(late)
        assert not await begins(second)
        late.result()()
        assert await begins(second)

    asyncio.run(body())


def test_a_run_that_is_cancelled_while_it_waits_for_its_last_try_holds_up_nobody() -> None:
    async def body() -> None:
        machine = Quarantine()
        await machine.begin(is_last_try=False)
        suspect = asyncio.create_task(machine.begin(is_last_try=True))
        assert not await begins(suspect)
        suspect.cancel()
        assert await begins(asyncio.create_task(machine.begin(is_last_try=False)))

    asyncio.run(body())
