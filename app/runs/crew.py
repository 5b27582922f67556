"""The crew: as many worker processes as there should be, whatever becomes of single ones.

One that dies is replaced; one that cannot start is tried again later and later, and says why; one that has done its share of runs
gets a successor, takes no more runs once that one is up, and ends after its last.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import Any

from app.runs.limits import Limits
from app.runs.supervisor import Handler, WorkerProcess

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
HOPELESS_AFTER = 3
"""So many workers in a row that did not start, and none that is up: runs are refused until one is."""
HANGING_SECONDS = 60.0
"""After this long in one step a worker is killed: its own CPU timer cannot interrupt a call that never comes back to Python."""

logger = logging.getLogger("watchitlearn.workers")


class Crew:
    """The worker processes. What they say goes to `handle`, on the event loop of whoever called `tend` first."""

    def __init__(self, limits: Limits, produce: str, handle: Handler) -> None:
        self.limits = limits
        self.trouble = ""
        """Why the last worker that did not start did not; empty once one is up."""
        self._produce, self._handle = produce, handle
        self._workers: list[WorkerProcess] = []
        self._retiring: list[WorkerProcess] = []
        self._successors: dict[WorkerProcess, WorkerProcess] = {}
        self._failures = 0
        self._not_before = 0.0

    def __iter__(self) -> Iterator[WorkerProcess]:
        """All that live, those included that take no more runs."""
        return iter([*self._workers, *self._retiring])

    def ready(self) -> bool:
        """Whether a worker is up."""
        return any(worker.ready for worker in self._workers)

    def hopeless(self) -> bool:
        """Whether none is up and trying has not helped."""
        return self._failures >= HOPELESS_AFTER and not self.ready()

    def choose(self) -> WorkerProcess | None:
        """The worker for the next run: one that is up, with the fewest; None when there is none at all."""
        return min(self._workers, key=lambda worker: (not worker.ready, len(worker.runs)), default=None)

    def tend(self) -> None:
        """Fills the ranks, unless it is too early for another try, and ends what hangs. Call it often."""
        for worker in self:
            if worker.stepping()[1] > HANGING_SECONDS:
                worker.kill()
        if time.monotonic() < self._not_before:
            return
        while len(self._workers) - len(self._successors) < self.limits.workers:
            self._workers.append(self._new())
        for worker in self._workers:
            if worker.ready and worker.started >= self.limits.runs_a_worker and worker not in self._successors:
                self._successors[worker] = self._new()
                self._workers.append(self._successors[worker])
                break  # one at a time, so that the others have the processors
        for worker in [worker for worker in self._retiring if not worker.runs]:
            self._retiring.remove(worker)
            asyncio.get_running_loop().run_in_executor(None, worker.stop)

    async def stop(self) -> None:
        """Ends every worker."""
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in self))

    def _new(self) -> WorkerProcess:
        return WorkerProcess(self.limits, self._produce, asyncio.get_running_loop(), self._heard)

    def _heard(self, worker: WorkerProcess, said: tuple[Any, ...]) -> None:
        match said:
            case ("ready",):
                self._is_up(worker)
            case ("unable", why, details):
                self.trouble = why
                logger.error("a worker cannot start", extra={"fields": {"why": why, "details": details}})
            case ("died",):
                self._is_gone(worker)
        self._handle(worker, said)

    def _is_up(self, worker: WorkerProcess) -> None:
        worker.ready = True
        self.trouble, self._failures = "", 0
        for old in [old for old, new in self._successors.items() if new is worker]:
            del self._successors[old]
            self._workers.remove(old)
            self._retiring.append(old)

    def _is_gone(self, worker: WorkerProcess) -> None:
        for ranks in (self._workers, self._retiring):
            if worker in ranks:
                ranks.remove(worker)
        self._successors = {old: new for old, new in self._successors.items() if worker not in (old, new)}
        if not worker.ready:
            self._failures += 1
            self.trouble = self.trouble or f"a worker ended with code {worker.process.returncode} before it was up"
            pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(self._failures, 10))
            self._not_before = time.monotonic() + pause
