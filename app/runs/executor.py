"""The embedded executor: gives runs to worker processes of its own, and fills their logs with what those say.

Everything here happens on the event loop; workers are reached through `app.runs.crew`, which replaces those that die. Their runs
begin again elsewhere and skip what is logged, and only the run that was being stepped is blamed. A run that nobody has watched
for a while is cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from itertools import count
from typing import Any

from app.frames import read
from app.runs.crew import Crew
from app.runs.limits import Busy, Limits
from app.runs.log import RunLog, RunRequest
from app.runs.record import record
from app.runs.supervisor import WorkerProcess
from app.runs.viewing import UNWATCHED_SECONDS, Viewing, failed

TICK_SECONDS = 0.15
FIRST_FRAME = 2
"""So many messages there are once a run has its first frame."""
AHEAD_SECONDS = 1.0
"""So long somebody who asks ahead is kept waiting."""
HELD_SECONDS = 10.0
"""So long a run that was begun ahead is held for somebody who wants it."""

logger = logging.getLogger("watchitlearn.runs")


class Executor(Viewing):
    """Runs computed on this machine. `unwatched_seconds`: how long one goes on that nobody watches."""

    def __init__(self, limits: Limits, produce: str = "app.produce:pieces", unwatched_seconds: float = UNWATCHED_SECONDS) -> None:
        super().__init__(limits)
        self._crew = Crew(limits, produce, self._handle)
        self._unwatched_seconds = unwatched_seconds
        self._waiting: OrderedDict[str, RunLog] = OrderedDict()
        self._serials = count(1)
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the workers; they take runs as soon as they are up."""
        self._crew.tend()
        self._watch = asyncio.create_task(self._watch_over())

    async def stop(self) -> None:
        """Ends every stream and every worker."""
        self.end_streams()
        if self._watch:
            self._watch.cancel()
        await self._crew.stop()

    def trouble(self) -> str:
        """Why no run could be taken now, in words; empty when one could."""
        if self._stopping:
            return "the server is stopping"
        if not self._crew.ready():
            return f"no worker can start: {self._crew.trouble}" if self._crew.trouble else "no worker is up yet"
        return f"as many runs wait as may: {len(self._waiting)}" if len(self._waiting) >= self.limits.waiting_runs else ""

    def warm(self, request: RunRequest) -> None:
        """Begins a run ahead of its first viewer, if there is a free slot; unwatched, it ends as any other."""
        if self.ready() and self.free() > 0 and not self.known(request):
            self._find(request)

    async def ahead(self, request: RunRequest) -> list[bytes]:
        """A run's start and first frame, made by a worker with nothing else to do, which holds the run there for a while."""
        log = self.cache.get(request.key) or self._hold(request)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AHEAD_SECONDS):
                while log is not None and len(log.messages) < FIRST_FRAME and self.cache.get(request.key) is log:
                    await log.change()
        return log.beginning() if log is not None else []

    def _hold(self, request: RunRequest) -> RunLog | None:
        has_room = request.repeatable and self.ready() and self.free() > 0 and self._held() < self.limits.live_runs
        if not has_room or (worker := self._crew.choose()) is None:
            return None
        log = RunLog(request, self._turns, held=True)
        self.cache.add(log)
        self._begin(log, worker)
        return log

    def known(self, request: RunRequest) -> bool:
        """Whether one more viewer computes nothing; who wants a run that is held has it computed."""
        log = self.cache.get(request.key)
        return log is not None and not log.held

    def free(self) -> int:
        """How many more runs could advance at once; less than 1 when the next one waits."""
        return self.limits.live_runs - self._live()

    def _has_room(self) -> None:
        if len(self._waiting) >= self.limits.waiting_runs:
            raise Busy
        if self._crew.hopeless():
            raise Busy(30)

    def _admit(self, request: RunRequest) -> RunLog:
        log = RunLog(request, self._turns)
        self.cache.add(log)
        log.ahead = len(self._waiting)
        self._waiting[request.key] = log
        self._let_in()
        return log

    def _find(self, request: RunRequest) -> RunLog:
        log = self.cache.get(request.key)
        if log is not None and log.held:
            self._let_go(log)
        return super()._find(request)

    def _let_go(self, log: RunLog) -> None:
        """A run that was held is wanted: it goes on where there is a free slot, else it waits for one as any other."""
        worker = next(worker for worker in self._crew if log.serial in worker.runs)
        if self.free() < 1:
            self._cancel(worker, log)
            return
        log.held, log.asked_at = False, time.monotonic()
        self.metrics.runs_started.inc()
        if len(log.messages) >= FIRST_FRAME:
            self.metrics.first_frame.observe(0)
        worker.send(("go", log.serial))
        self._count()

    def _begin(self, log: RunLog, worker: WorkerProcess) -> None:
        log.ahead = None
        request = log.request
        if not log.serial and not log.held:
            self.metrics.runs_started.inc()
        log.serial = str(next(self._serials))
        worker.runs[log.serial] = log
        worker.started += 1
        worker.send(("start", log.serial, request.topic, request.demo, dict(request.params), len(log.messages), log.held))

    def _handle(self, worker: WorkerProcess, said: tuple[Any, ...]) -> None:
        """What a worker says, on the event loop."""
        match said:
            case ("message", serial, sent, over, cpu):
                self._message(worker, serial, sent, over, cpu)
            case ("failed", serial, reason, details, cpu):
                log = worker.runs.get(serial)
                if log is not None:
                    log.cpu_seconds = cpu
                    self._fail(worker, log, reason, details)
            case ("died",):
                self._died(worker)

    def _message(self, worker: WorkerProcess, serial: str, sent: bytes, over: bool, cpu: float) -> None:
        log = worker.runs.get(serial)
        if log is None:
            return
        log.cpu_seconds = cpu
        log.append([sent], over)
        if len(log.messages) == FIRST_FRAME and not log.held:
            self.metrics.first_frame.observe(time.monotonic() - log.asked_at)
        if over:
            self.metrics.runs_finished.inc()
            del worker.runs[serial]
            if self.cache.get(log.request.key) is log:
                self.cache.finished(log)
            record(log, read(sent)[1].get("outcome", "finished"))
            self._let_in()

    def _fail(self, worker: WorkerProcess | None, log: RunLog, reason: str, details: str = "") -> None:
        """Ends a run with a sentence for its viewers; a failed run is not kept, so that the next visitor tries anew."""
        log.append([failed(reason)], over=True)
        self.metrics.runs_failed.inc()
        self.cache.drop(log)
        if worker is not None:
            worker.runs.pop(log.serial, None)
        record(log, "failed", reason=reason, details=details)
        self._let_in()

    def _died(self, worker: WorkerProcess) -> None:
        """A worker is gone: blame the run it was stepping, begin all others again elsewhere, before those that wait."""
        if self._stopping:
            return
        blamed, _ = worker.stepping()
        logger.warning("a worker died", extra={"fields": {"runs": len(worker.runs), "stepping": blamed or "none"}})
        orphans, worker.runs = list(worker.runs.values()), {}
        self._crew.tend()
        for log in orphans:
            if log.held:
                self.cache.drop(log)
        for log in reversed([log for log in orphans if not log.held]):
            log.attempts += log.serial == blamed
            if log.attempts > 1:
                self._fail(None, log, "crash")
            elif log.messages and not log.request.repeatable:
                self._fail(None, log, "interrupted")
            else:
                self._waiting[log.request.key] = log
                self._waiting.move_to_end(log.request.key, last=False)
        self._let_in()

    async def _watch_over(self) -> None:
        """Cancels what nobody watches, and looks after the workers."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            for worker in self._crew:
                for log in [log for log in worker.runs.values() if self._unwatched(log, now)]:
                    self._cancel(worker, log)
            for log in [log for log in self._waiting.values() if self._unwatched(log, now)]:
                del self._waiting[log.request.key]
                self._cancelled(log)
            self._remind()
            self._crew.tend()
            if self._crew.hopeless():
                while self._waiting:
                    self._fail(None, self._waiting.popitem()[1], "unable")
            self._let_in()

    def _unwatched(self, log: RunLog, now: float) -> bool:
        return log.viewers == 0 and now - log.last_viewer_left > (HELD_SECONDS if log.held else self._unwatched_seconds)

    def _cancel(self, worker: WorkerProcess, log: RunLog) -> None:
        worker.send(("cancel", log.serial))
        del worker.runs[log.serial]
        self._cancelled(log)

    def _cancelled(self, log: RunLog) -> None:
        self.cache.drop(log)
        if log.held:
            return
        self.metrics.runs_cancelled.inc()
        record(log, "cancelled")

    def _let_in(self) -> None:
        """Gives free slots to those who wait, in the order in which they came, and tells the rest their new place."""
        while self._waiting and self.free() > 0 and (worker := self._crew.choose()):
            self._begin(self._waiting.popitem(last=False)[1], worker)
        for place, log in enumerate(self._waiting.values()):
            if log.ahead != place:
                log.ahead = place
                log.wake()
        self._count()

    def _unfinished(self) -> list[RunLog]:
        return [*(log for worker in self._crew for log in worker.runs.values()), *self._waiting.values()]

    def _live(self) -> int:
        return sum(not log.held for worker in self._crew for log in worker.runs.values())

    def _held(self) -> int:
        return sum(log.held for worker in self._crew for log in worker.runs.values())

    def _count(self) -> None:
        self.metrics.runs_running.set(self._live())
        self.metrics.runs_waiting.set(len(self._waiting))
