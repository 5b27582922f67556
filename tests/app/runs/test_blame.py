"""A run that kills every machine which computes it ends alone, and those that shared the machines with it do not."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from app.frames import read
from app.runs.viewing import FAILED
from tests.app.runs.brokers import PRODUCER, broker, site, until_ready
from tests.app.runs.executors import direct, request, watch
from tests.app.runs.test_machines import Machine

MACHINES = 2


async def kept_up(url: str) -> None:
    """Two machines, each started again whenever it dies."""
    machines = [Machine(url, PRODUCER) for _ in range(MACHINES)]
    try:
        while True:
            await asyncio.sleep(0.05)
            for place, each in enumerate(machines):
                if each.process.poll() is not None:
                    machines[place] = Machine(url, PRODUCER)
    finally:
        for each in machines:
            each.end()


@pytest.mark.chaos
def test_a_run_that_kills_its_machines_fails_alone_and_its_neighbours_come_to_their_ends() -> None:
    async def body() -> None:
        with broker() as here:
            keeping = asyncio.create_task(kept_up(here.url))
            async with site(here.url) as running:
                await until_ready(running)
                wrong = request(1, "kill the machine", at=0)
                neighbours = [request(value, frames=40, cpu=0.01) for value in range(2, 6)]
                seen = await asyncio.gather(*(watch(running, each) for each in (wrong, *neighbours)))
                killed, *others = ([sent for sent in each if not sent.startswith(b"event: waiting")] for each in seen)
                assert read(killed[-1])[1] == {"message": FAILED["crash"]}
                assert others == [direct(each) for each in neighbours]
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    asyncio.run(asyncio.wait_for(body(), 120))
