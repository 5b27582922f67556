"""A worker process: holds many runs as generators and always advances the one that has had the least CPU, by one message.

So newcomers get their first frame at once and nobody waits for another to finish. Started by `app.runs.supervisor` as
`python -m app.runs.worker SOCKET CELL PRODUCER STEP_SECONDS RUN_SECONDS MEMORY_MIB`; talks pickled tuples over the socket.

In:  ("start", serial, topic, demo, params, skip), ("cancel", serial), ("stop",)
Out: ("ready",), ("message", serial, bytes, over), ("failed", serial, reason, traceback)
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from mmap import mmap
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from app.runs import cell
from app.runs.cell import CELL_BYTES

Producer = Any


class TooLong(Exception):
    """A run took more CPU than it may."""


@dataclass
class _Live:
    events: Iterator[tuple[str, bytes]]
    skip: int
    cpu: float = 0.0


class Worker:
    """The loop and its runs."""

    def __init__(self, connection: Connection, cell: mmap, produce: Producer, step_seconds: float, run_seconds: float) -> None:
        self.connection, self.cell, self.produce = connection, cell, produce
        self.step_seconds, self.run_seconds = step_seconds, run_seconds
        self.live: dict[str, _Live] = {}

    def serve(self) -> None:
        """Until told to stop, or until the server is gone."""
        with contextlib.suppress(EOFError, OSError):
            self.connection.send(("ready",))
            while self._obey():
                if self.live:
                    serial = min(self.live, key=lambda serial: self.live[serial].cpu)
                    self._step(serial, self.live[serial])

    def _obey(self) -> bool:
        """Takes all commands that wait; blocks for one when there is nothing to run."""
        while self.connection.poll(None if not self.live else 0):
            match self.connection.recv():
                case ("start", serial, topic, demo, params, skip):
                    self.live[serial] = _Live(self._events(topic, demo, params), skip)
                case ("cancel", serial):
                    self.live.pop(serial, None)
                case _:
                    return False
        return True

    def _events(self, topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        yield from self.produce(topic, demo, params)

    def _step(self, serial: str, run: _Live) -> None:
        begin = time.process_time()
        cell.write(self.cell, serial)
        signal.setitimer(signal.ITIMER_PROF, self.step_seconds)
        try:
            kind, message = next(run.events)
        except BaseException as problem:  # whatever a run raises is that run's end, and not the worker's
            self._failed(serial, problem)
            return
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            cell.clear(self.cell)
        run.cpu += time.process_time() - begin
        over = kind not in ("start", "frame")
        if over:
            del self.live[serial]
        if run.skip:
            run.skip -= 1
        else:
            self.connection.send(("message", serial, message, over))
        if not over and run.cpu > self.run_seconds:
            self._failed(serial, TooLong())

    def _failed(self, serial: str, problem: BaseException) -> None:
        self.live.pop(serial, None)
        reasons: dict[type[BaseException], str] = {MemoryError: "memory", TooLong: "time"}
        text = "".join(traceback.format_exception(problem)[-12:])
        self.connection.send(("failed", serial, reasons.get(type(problem), "error"), text))


def _limit_memory(mebibytes: int) -> None:
    """No more address space than now plus the limit, where the system has such a limit."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        bound = pages * os.sysconf("SC_PAGE_SIZE") + mebibytes * (1 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    except (ImportError, OSError, ValueError):
        return


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def main() -> None:
    """Imports the producer, lowers its own priority, sets its limits, and serves."""
    socket, descriptor, producer, step_seconds, run_seconds, memory = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _too_long)
    os.nice(10)
    module, _, function = producer.partition(":")
    produce = getattr(import_module(module), function)
    gc.collect()
    gc.freeze()  # what is imported stays: a full collection that walks it all would take longer than most snapshots
    _limit_memory(int(memory))
    with Connection(int(socket)) as connection, mmap(int(descriptor), CELL_BYTES) as shared:
        Worker(connection, shared, produce, float(step_seconds), float(run_seconds)).serve()


if __name__ == "__main__":
    main()
