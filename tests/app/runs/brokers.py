"""A real broker for tests, as compose.scale.yaml has it, and runs that go over it within one process."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from app.runs import Executor, Limits
from app.runs.agent import LET_GO_SECONDS, Agent
from app.runs.board import Board
from app.runs.shared import Shared
from tests.conftest import ROOT
from tests.tied import tied

BROKER = Path(sys.executable).with_name("nats-server")
PASSWORD = "of-the-tests"  # noqa: S105  # of a broker that lives as long as a test
PRODUCER = "tests.app.runs.producers:events"


class Broker:
    """One server with a store of its own; `start` it again after `kill`, with what it kept or without (`erase`)."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "store"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"nats://site:{PASSWORD}@127.0.0.1:{self._port}"

    def start(self) -> Broker:
        """Starts it and waits until it can be connected to."""
        command = [BROKER, "-c", ROOT / "deploy" / "nats.conf", "-a", "127.0.0.1", "-p", self._port, "-sd", self._store]
        environment = os.environ | {"BROKER_PASSWORD": PASSWORD}
        self.process = subprocess.Popen(tied(list(map(str, command))), env=environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return self
            assert self.process.poll() is None, "the broker did not start"
            time.sleep(0.01)
        raise AssertionError("the broker was not there within 20 s")

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.process.kill()
        self.process.wait(10)

    def erase(self) -> None:
        """What it kept is gone."""
        shutil.rmtree(self._store)

    def freeze(self, seconds: float) -> None:
        """It does nothing for a while, and its connections stay open: as if the network between were cut."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def broker() -> Iterator[Broker]:
    """A broker, there in the block."""
    with tempfile.TemporaryDirectory(prefix="broker-") as folder:
        started = Broker(Path(folder)).start()
        try:
            yield started
        finally:
            started.kill()


@asynccontextmanager
async def site(url: str, mebibytes: int = 64, **limits: Any) -> AsyncIterator[Shared]:
    """One web server's side, connected."""
    running = Shared(Limits(**limits), Board(url, mebibytes))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


@asynccontextmanager
async def machine(url: str, mebibytes: int = 64, produce: str = PRODUCER, **limits: Any) -> AsyncIterator[Executor]:
    """One worker machine's side, in this process but for its workers; its executor."""
    executor = Executor(Limits(**{"workers": 2, "run_frames": 1_000_000, **limits}), produce, LET_GO_SECONDS)
    agent = Agent(Board(url, mebibytes), executor, "kernels of the tests")
    await agent.start()
    working = asyncio.create_task(agent.work())
    try:
        while not executor.ready():
            await asyncio.sleep(0.02)
        yield executor
    finally:
        working.cancel()
        await agent.stop()


@asynccontextmanager
async def over_a_broker(**limits: Any) -> AsyncIterator[Shared]:
    """Broker, machine and web server: to its viewers as an executor."""
    with broker() as here:
        async with machine(here.url, **limits), site(here.url, **limits) as running:
            await until_ready(running)
            yield running


async def until_ready(*sites: Shared) -> None:
    """Waits until all of these could take a run."""
    while not all(each.ready() for each in sites):
        await asyncio.sleep(0.02)
