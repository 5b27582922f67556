"""What tests of every kind share: the workers' arithmetic, and a real server in a process of its own."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the workers, and before NumPy is imported

import contextlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fuzzing import FUZZ
from tests.once import FOLDER
from tests.tied import tied

ROOT = Path(__file__).resolve().parent.parent
FURTHER_LOOKS = 0 if FUZZ else 2  # what was found at random would not be found again
WITH_PROCESSES = ("tests/browser", "tests/app/runs", "tests/app/routes")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All is http here: without it every request of httpx reads the world's certificates first, which takes 38 ms."""


class Server:
    """`python -m app` on a free port; `start` and `stop` it as often as a test needs."""

    command: tuple[str, ...] = ("-m", "app")

    def __init__(self, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | UNLIMITED | {"PORT": str(self.port), "HOST": "127.0.0.1"} | environment

    def start(self) -> Server:
        """Starts it and waits until it can take a run."""
        self.launch()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=2, verify=NO_TLS).status_code == 200:
                    return self
            assert self.process.poll() is None, "the server did not start"
            time.sleep(0.1)
        raise AssertionError("the server was not ready within a minute")

    def launch(self) -> None:
        """Starts it."""
        self.process = subprocess.Popen(tied([sys.executable, *self.command]), cwd=ROOT, env=self._environment)

    def stop(self) -> float:
        """Sends SIGTERM; how many seconds it then took to end."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(20)
        return time.monotonic() - began

    def get(self, path: str, **more: object) -> httpx.Response:
        """A request, answered whole."""
        return httpx.get(self.url + path, timeout=60, verify=NO_TLS, **more)  # type: ignore[arg-type]  # headers and the like


UNLIMITED = {
    f"{whose}_{what}": "1000000" for whose in ("TAB", "ADDRESS") for what in ("REQUESTS_A_MINUTE", "RUNS_A_MINUTE", "LIVE_RUNS")
}
"""No budget of a visitor: the tests are a thousand visitors in one."""


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a session makes the folder that all its workers share, and takes it away at the end."""
    if FOLDER not in os.environ:
        shared = tempfile.TemporaryDirectory(prefix="tests-")
        os.environ[FOLDER] = shared.name
        config.add_cleanup(shared.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running in its thread, where others could not run theirs.

    They, those of workers and servers, and those marked `timed` depend on when other processes get their turn. One that fails is
    looked at twice more, and named at the end by `-rR`: what fails three times over is no accident, and what failed once is
    either a test that takes an order for granted or a promise that is broken now and then: find out which.
    """
    items.sort(key=in_browser)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(together(item)))
        if item.nodeid.startswith(WITH_PROCESSES) or item.get_closest_marker("timed"):
            item.add_marker(pytest.mark.flaky(reruns=FURTHER_LOOKS))


def in_browser(item: pytest.Item) -> bool:
    """Whether a test needs Chromium."""
    return "tests/browser" in item.nodeid


def together(item: pytest.Item) -> str:
    """What goes to one worker of xdist, in order: all tests of a demo, which read the same runs and would else wait for each
    other; what else is in a file; and each browser test by itself, since these are long.
    """
    if in_browser(item):
        return item.nodeid
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    about = next((params[name] for name in ("fact", "mutation", "demo") if name in params), item.path)
    demo = getattr(about, "demo", about)
    return str(getattr(demo, "name", demo))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests that leave it as it was."""
    running = Server().start()
    yield running
    running.stop()
