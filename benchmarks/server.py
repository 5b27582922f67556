"""A server of our own, or of a peer, for as long as something is measured; what it says of itself, and what it takes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNLIMITED = {
    f"{whose}_{what}": "1000000" for whose in ("TAB", "ADDRESS") for what in ("REQUESTS_A_MINUTE", "RUNS_A_MINUTE", "LIVE_RUNS")
}
"""No budget of a visitor: a benchmark is many in one."""


@dataclass(frozen=True)
class Served:
    """Where it is, on this machine alone."""

    port: int
    process: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def metric(self, name: str) -> float:
        """One of the numbers of `/metrics`."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:  # noqa: S310  # our own server
            found = re.search(rf"^{name} (\S+)$", answer.read().decode(), re.MULTILINE)
        assert found, name
        return float(found[1])

    def memory(self) -> int:
        """Bytes of the server and its workers, what they share counted once (proportional set size; Linux)."""
        return sum(map(_proportional, self._processes()))

    def cpu(self) -> float:
        """Seconds that the server and its workers have computed."""
        return sum(map(_computed, self._processes()))

    def _processes(self) -> list[str]:
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text(encoding="utf-8").split()
        return [str(self.process), *children]


def _computed(process: str) -> float:
    with suppress(OSError):  # it has ended meanwhile
        user, system = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _proportional(process: str) -> int:
    with suppress(OSError):  # it has ended meanwhile
        found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8"), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0


@contextmanager
def serving(*program: str, environment: Mapping[str, str] = UNLIMITED, ready: str = "/readyz") -> Iterator[Served]:
    """Starts it, the site or a program that takes a port, waits until it answers, and ends it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *(program or ("app",)), *([str(port)] if program else [])]
    settings = {"HOST": "127.0.0.1", "PORT": str(port), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    served = Served(port, process.pid)
    try:
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(served.url + ready, timeout=2)  # noqa: S310  # our own server
                break
            time.sleep(0.1)
        yield served
    finally:
        process.terminate()
        process.wait(10)
