"""The executor: gives runs to workers, keeps their logs, and serves them to viewers.

Everything here happens on the event loop; workers are reached through `app.runs.supervisor`. A run that nobody has watched for a
while is cancelled; a worker that dies is replaced, its runs begin again elsewhere and skip what is logged, and only the run it
was stepping is blamed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator
from itertools import count
from typing import Any

from app.frames import message
from app.runs.limits import MIB, Busy, Limits
from app.runs.log import LogCache, RunLog, RunRequest, place_after
from app.runs.metrics import Metrics
from app.runs.supervisor import WorkerProcess

UNWATCHED_SECONDS = 0.7
KEEP_ALIVE_SECONDS = 15.0
TICK_SECONDS = 0.15
HANGING_SECONDS = 60.0
"""After this long in one step a worker is killed: its own CPU timer cannot interrupt a call that never comes back to Python."""

FAILED = {
    "error": "This run stopped because of an error in the demo. The server has noted the details; other settings may work.",
    "memory": "This run needed more memory than the server allows one run. Try a smaller network.",
    "time": "This run took more computing time than the server allows one run. Try fewer steps or a smaller network.",
    "crash": "This run crashed twice and was stopped. Other runs are not affected; other settings may work.",
}

logger = logging.getLogger("watchitlearn.runs")


class Executor:
    """Runs and their viewers. `start` it on the loop that uses it; `stop` ends all streams and workers."""

    def __init__(self, limits: Limits, produce: str = "app.produce:events") -> None:
        self.limits = limits
        self.metrics = Metrics()
        self.cache = LogCache(limits.cache_mib * MIB)
        self._produce = produce
        self._workers: list[WorkerProcess] = []
        self._waiting: OrderedDict[str, RunLog] = OrderedDict()
        self._viewers = 0
        self._serials = count(1)
        self._stopping = False
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the workers; they take runs as soon as they are up."""
        self._workers = [self._new_worker() for _ in range(self.limits.workers)]
        self._watch = asyncio.create_task(self._watch_over())

    async def stop(self) -> None:
        """Ends every stream, so that its viewer reconnects elsewhere or later, and every worker."""
        self._stopping = True
        if self._watch:
            self._watch.cancel()
        for log in [log for worker in self._workers for log in worker.runs.values()] + list(self._waiting.values()):
            log.wake()
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in self._workers))

    def ready(self) -> bool:
        """Whether a run could be taken now."""
        return not self._stopping and any(worker.ready for worker in self._workers)

    def warm(self, request: RunRequest) -> None:
        """Begins a run ahead of its first viewer, if there is room; unwatched, it ends as any other."""
        if self.cache.get(request.key) is None and self._live() < self.limits.live_runs:
            self._admit(request)

    async def frames(self, request: RunRequest, after: int | None = None) -> AsyncGenerator[bytes, None]:
        """The run's messages: all, or after frame `after`; they end with `done` or `failed`, or without when the server stops.

        Raises Busy, before the first message, when the server has as many viewers or waiting runs as it may.
        """
        if self._viewers >= self.limits.viewers:
            raise Busy
        log = self._find(request)
        self._viewers += 1
        log.viewers += 1
        self.metrics.viewers.set(self._viewers)
        try:
            async for sent in self._follow(log, place_after(after)):
                yield sent
        finally:
            self._viewers -= 1
            log.viewers -= 1
            log.last_viewer_left = time.monotonic()
            self.metrics.viewers.set(self._viewers)

    async def finished(self, request: RunRequest) -> list[bytes]:
        """All messages of the run, computed when it is not here. Raises Busy."""
        messages = [sent async for sent in self.frames(request) if not sent.startswith((b"event: waiting", b":"))]
        if not messages or messages[-1].startswith((b"event: start", b"event: frame")):
            raise Busy
        return messages

    async def _follow(self, log: RunLog, place: int) -> AsyncGenerator[bytes, None]:
        said: int | None = None
        while not self._stopping:
            if log.ahead is not None and log.ahead != said:
                said = log.ahead
                yield message("waiting", {"ahead": said})
            if log.over:
                place = min(place, len(log.messages) - 1)
            while place < len(log.messages):
                self.metrics.frames_sent.inc()
                yield log.messages[place]
                place += 1
            if log.over and place >= len(log.messages):
                return
            if not await self._changed(log, place, said):
                yield b": keep-alive\n\n"

    async def _changed(self, log: RunLog, place: int, said: int | None) -> bool:
        """Whether there is news, at once if it came while the viewer was busy with the last message."""
        if log.over or place < len(log.messages) or (log.ahead is not None and log.ahead != said):
            return True
        return await log.change(KEEP_ALIVE_SECONDS)

    def _find(self, request: RunRequest) -> RunLog:
        log = self.cache.get(request.key)
        if log is not None:
            self.metrics.cache_hits.inc()
            return log
        self.metrics.cache_misses.inc()
        return self._admit(request)

    def _admit(self, request: RunRequest) -> RunLog:
        if len(self._waiting) >= self.limits.waiting_runs:
            raise Busy
        log = RunLog(request)
        self.cache.add(log)
        if self._live() < self.limits.live_runs and not self._waiting:
            self._begin(log)
        else:
            log.ahead = len(self._waiting)
            self._waiting[request.key] = log
        self._count()
        return log

    def _begin(self, log: RunLog) -> None:
        """Gives a run to the worker with the fewest."""
        log.ahead = None
        request = log.request
        worker = min(self._workers, key=lambda worker: (not worker.ready, len(worker.runs)))
        log.serial = str(next(self._serials))
        worker.runs[log.serial] = log
        worker.started += 1
        if log.attempts == 0:
            self.metrics.runs_started.inc()
        worker.send(("start", log.serial, request.topic, request.demo, dict(request.params), len(log.messages)))

    def _handle(self, worker: WorkerProcess, said: tuple[Any, ...]) -> None:
        """What a worker says, on the event loop."""
        match said:
            case ("ready",):
                worker.ready = True
            case ("message", serial, sent, over):
                self._message(worker, serial, sent, over)
            case ("failed", serial, reason, details):
                log = worker.runs.get(serial)
                if log is not None:
                    logger.error("run %s %s/%s failed (%s)\n%s", *_named(log), reason, details)
                    self._fail(worker, log, reason)
            case ("died",):
                self._died(worker)

    def _message(self, worker: WorkerProcess, serial: str, sent: bytes, over: bool) -> None:
        log = worker.runs.get(serial)
        if log is None:
            return
        log.append([sent], over)
        if len(log.messages) == 2:
            self.metrics.first_frame.observe(time.monotonic() - log.asked_at)
        if over:
            self.metrics.runs_finished.inc()
            self._ended(worker, log)

    def _fail(self, worker: WorkerProcess, log: RunLog, reason: str) -> None:
        """Ends a run with a sentence for its viewers; a failed run is not kept, so that the next visitor tries anew."""
        log.append([message("failed", {"message": FAILED[reason]})], over=True)
        self.metrics.runs_failed.inc()
        self.cache.drop(log)
        self._ended(worker, log)

    def _ended(self, worker: WorkerProcess, log: RunLog) -> None:
        worker.runs.pop(log.serial, None)
        if self.cache.get(log.request.key) is log:
            self.cache.finished(log)
        seconds = time.monotonic() - log.asked_at
        logger.info("run %s %s/%s ended, %d messages, %d bytes, %.3f s", *_named(log), len(log.messages), log.size, seconds)
        if worker.started >= self.limits.runs_a_worker and not worker.runs and worker in self._workers:
            self._workers[self._workers.index(worker)] = self._new_worker()
            asyncio.get_running_loop().run_in_executor(None, worker.stop)
        self._let_in()

    def _died(self, worker: WorkerProcess) -> None:
        """A worker is gone: blame the run it was stepping, begin all others again elsewhere."""
        if self._stopping or worker not in self._workers:
            return
        blamed, _ = worker.stepping()
        logger.warning("a worker died with %d runs, stepping %s", len(worker.runs), blamed or "none")
        self._workers[self._workers.index(worker)] = self._new_worker()
        orphans, worker.runs = list(worker.runs.values()), {}
        for log in orphans:
            log.attempts += log.serial == blamed
            if log.attempts > 1:
                self._fail(worker, log, "crash")
            else:
                self._begin(log)

    def _new_worker(self) -> WorkerProcess:
        return WorkerProcess(self.limits, self._produce, asyncio.get_running_loop(), self._handle)

    async def _watch_over(self) -> None:
        """Cancels what nobody watches, and kills a worker that hangs in one step."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            for worker in list(self._workers):
                if worker.stepping()[1] > HANGING_SECONDS:
                    worker.kill()
                for log in [log for log in worker.runs.values() if _unwatched(log, now)]:
                    worker.send(("cancel", log.serial))
                    del worker.runs[log.serial]
                    self._cancelled(log)
            for log in [log for log in self._waiting.values() if _unwatched(log, now)]:
                del self._waiting[log.request.key]
                self._cancelled(log)
            self._let_in()

    def _cancelled(self, log: RunLog) -> None:
        self.cache.drop(log)
        self.metrics.runs_cancelled.inc()
        logger.info("run %s %s/%s cancelled, nobody watched", *_named(log))

    def _let_in(self) -> None:
        """Gives free slots to those who wait, in the order in which they came, and tells the rest their new place."""
        while self._waiting and self._live() < self.limits.live_runs:
            self._begin(self._waiting.popitem(last=False)[1])
        for place, log in enumerate(self._waiting.values()):
            if log.ahead != place:
                log.ahead = place
                log.wake()
        self._count()

    def _live(self) -> int:
        return sum(len(worker.runs) for worker in self._workers)

    def _count(self) -> None:
        self.metrics.runs_running.set(self._live())
        self.metrics.runs_waiting.set(len(self._waiting))


def _unwatched(log: RunLog, now: float) -> bool:
    return log.viewers == 0 and now - log.last_viewer_left > UNWATCHED_SECONDS


def _named(log: RunLog) -> tuple[str, str, str]:
    return log.request.key, log.request.topic, log.request.demo
