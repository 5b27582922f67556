"""The server's side of one worker process: starts it, talks to it, and says when and over which run it died.

A thread reads the worker's socket, so that a message that arrives in pieces never holds up the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from app.runs import cell
from app.runs.cell import new_cell
from app.runs.limits import Limits
from app.runs.log import RunLog

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
"""A worker is one thread; the linear algebra library must know before it starts."""

Handler = Callable[["WorkerProcess", tuple[Any, ...]], None]


class WorkerProcess:
    """One worker: its process, its runs, and the cell in which it says what it is stepping."""

    def __init__(self, limits: Limits, produce: str, loop: asyncio.AbstractEventLoop, handle: Handler) -> None:
        self.runs: dict[str, RunLog] = {}
        self.started = 0
        self.ready = False
        self._handle, self._loop = handle, loop
        ours, theirs = socket.socketpair()
        descriptor, self._cell = new_cell()
        numbers = (limits.step_cpu_seconds, limits.run_cpu_seconds, limits.run_frames, limits.run_memory_mib)
        command = [sys.executable, "-m", "app.runs.worker", str(theirs.fileno()), str(descriptor), produce]
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [*command, *map(str, numbers)],
            pass_fds=(theirs.fileno(), descriptor),
            env=os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        os.close(descriptor)
        self._connection = Connection(ours.detach())
        threading.Thread(target=self._read, name="worker reader", daemon=True).start()

    def send(self, command: tuple[Any, ...]) -> None:
        """A command to the worker; one that is dead hears nothing, its end being on its way through `handle`."""
        with contextlib.suppress(OSError):
            self._connection.send(command)

    def stepping(self) -> tuple[str, float]:
        """Key of the run the worker is stepping and for how many seconds; ("", 0) when it is idle."""
        return cell.read(self._cell)

    def kill(self) -> None:
        """Ends it at once; `handle` hears of it."""
        self.process.kill()

    def stop(self) -> None:
        """Asks it to end, and sees to it that it does."""
        self.send(("stop",))
        self.process.terminate()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError, RuntimeError):
            while True:
                self._loop.call_soon_threadsafe(self._handle, self, self._connection.recv())
        self.process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            self._loop.call_soon_threadsafe(self._handle, self, ("died",))
