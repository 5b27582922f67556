"""A worker process: holds many runs as generators and advances one of them by one piece, again and again.

A piece ends with a message, or without one while a run prepares. A newcomer comes first, until its first frame is out or it has
had as much CPU as one snapshot may take, those who came earlier before those who came later; else the run that has had the least
CPU. So each gets its first frame soon and nobody waits for another to finish. A run that is held for somebody who may come is
stepped to its first frame when there is nothing else to do, and waits there for "go". Started by `app.runs.supervisor` as
`python -m app.runs.worker SOCKET CELL PRODUCER STEP_SECONDS RUN_SECONDS RUN_FRAMES MEMORY_MIB`; talks pickled tuples over the
socket, `cpu` being the seconds the run has taken so far.

In:  ("start", serial, topic, demo, params, skip, held), ("go", serial), ("cancel", serial), ("stop",)
Out: ("ready",) or ("unable", why, traceback), ("message", serial, bytes, over, cpu), ("failed", serial, reason, traceback, cpu)
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

PREPARING = ("preparing", b"")
"""What stands for the message of a piece that ends without one."""
GOES_ON = ("start", "frame", "preparing")
"""The kinds of message that are no ending."""


class TooLong(Exception):
    """A run took more CPU than it may."""


class TooMany(Exception):
    """A run made more frames than it may."""


@dataclass
class _Live:
    pieces: Iterator[tuple[str, bytes] | None]
    skip: int
    held: bool = False
    cpu: float = 0.0
    frames: int = 0

    @property
    def is_new(self) -> bool:
        """Whether its viewers have no frame yet; those of a run begun again after a crash may have many."""
        return not self.frames and not self.skip


class Worker:
    """The loop and its runs."""

    def __init__(self, connection: Connection, cell: mmap, produce: Producer, seconds: tuple[float, float], frames: int) -> None:
        self.connection, self.cell, self.produce = connection, cell, produce
        self.step_seconds, self.run_seconds = seconds
        self.run_frames = frames
        self.live: dict[str, _Live] = {}
        self.ahead: Iterator[None] = iter(())
        """Work for the time before the first run, a bit an item."""

    def serve(self) -> None:
        """Until told to stop, or until the server is gone."""
        with contextlib.suppress(EOFError, OSError):
            self.connection.send(("ready",))
            while self._obey():
                if serial := self._next():
                    self._step(serial, self.live[serial])

    def _next(self) -> str | None:
        """Whose turn it is. By CPU alone, a newcomer whose `start` was dear would wait until all others had as much."""
        wanted = {serial: run for serial, run in self.live.items() if not run.held}
        newcomers = (serial for serial, run in wanted.items() if run.is_new and run.cpu < self.step_seconds)
        least = min(wanted, key=lambda serial: wanted[serial].cpu, default=None)
        return next(newcomers, None) or least or next((serial for serial, run in self.live.items() if run.is_new), None)

    def _obey(self) -> bool:
        """Takes all commands that wait; when there is nothing to run, works ahead until one comes, and then waits for one."""
        while self.connection.poll(0 if self._next() or self._worked_ahead() else None):
            match self.connection.recv():
                case ("start", serial, topic, demo, params, skip, held):
                    self.live[serial] = _Live(self._pieces(topic, demo, params), skip, held)
                case ("go", serial):
                    if serial in self.live:
                        self.live[serial].held = False
                case ("cancel", serial):
                    self.live.pop(serial, None)
                case _:
                    return False
        return True

    def _worked_ahead(self) -> bool:
        """Does a bit of work ahead; False when there is none left."""
        try:
            next(self.ahead)
        except Exception:  # the end, or what is wrong with a demo: that is told when it runs
            return False
        return True

    def _pieces(self, topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes] | None]:
        yield from self.produce(topic, demo, params)

    def _step(self, serial: str, run: _Live) -> None:
        begin = time.process_time()
        cell.write(self.cell, serial)
        signal.setitimer(signal.ITIMER_PROF, self.step_seconds)
        try:
            kind, message = next(run.pieces) or PREPARING
            problem: BaseException | None = self._beyond(run, kind, time.process_time() - begin)
        except BaseException as raised:  # whatever a run raises is that run's end, and not the worker's
            problem = raised
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            cell.clear(self.cell)
        run.cpu += time.process_time() - begin
        if problem is None:
            self._send(serial, run, message, over=kind not in GOES_ON)
        else:
            self._failed(serial, run, problem)

    def _beyond(self, run: _Live, kind: str, cpu: float) -> Exception | None:
        """The limit that this piece goes past, if any; an ending is always heard."""
        run.frames += kind == "frame"
        if run.frames > self.run_frames:
            return TooMany()
        return TooLong() if run.cpu + cpu > self.run_seconds and kind in GOES_ON else None

    def _send(self, serial: str, run: _Live, message: bytes, over: bool) -> None:
        if over:
            del self.live[serial]
        if message and run.skip:
            run.skip -= 1
        elif message:
            self.connection.send(("message", serial, message, over, run.cpu))

    def _failed(self, serial: str, run: _Live, problem: BaseException) -> None:
        self.live.pop(serial, None)
        reasons: dict[type[BaseException], str] = {MemoryError: "memory", TooLong: "time", TooMany: "frames"}
        self.connection.send(("failed", serial, reasons.get(type(problem), "error"), _details(problem), run.cpu))


def _details(problem: BaseException) -> str:
    return "".join(traceback.format_exception(problem)[-12:])


def _limit_memory(mebibytes: int) -> None:
    """No more address space than now plus the limit, where the system has such a limit."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        bound = pages * os.sysconf("SC_PAGE_SIZE") + mebibytes * (1 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    except (ImportError, OSError, ValueError):
        return


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def _producer(name: str) -> tuple[Producer, Iterator[None]]:
    """The function that makes a run's messages, and what its module has to do ahead of the first, if anything."""
    module, _, function = name.partition(":")
    imported = import_module(module)
    return getattr(imported, function), getattr(imported, "ahead", lambda: iter(()))()


def main() -> None:
    """Imports the producer, lowers its own priority, sets its limits, and serves; or says why it cannot."""
    socket, descriptor, producer, step_seconds, run_seconds, run_frames, memory = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _too_long)
    os.nice(10)
    with Connection(int(socket)) as connection, mmap(int(descriptor), CELL_BYTES) as shared:
        try:
            produce, ahead = _producer(producer)
        except BaseException as problem:  # whatever an import raises, the operator is to read it
            connection.send(("unable", f"{type(problem).__name__}: {problem}", _details(problem)))
            sys.exit(1)
        gc.collect()
        gc.freeze()  # what is imported stays: a full collection that walks it all would take longer than most snapshots
        _limit_memory(int(memory))
        worker = Worker(connection, shared, produce, (float(step_seconds), float(run_seconds)), int(run_frames))
        worker.ahead = ahead
        worker.serve()


if __name__ == "__main__":
    main()
