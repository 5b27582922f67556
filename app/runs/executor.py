"""The executor: gives runs to workers, keeps their logs, and serves them to viewers.

Everything here happens on the event loop; workers are reached through `app.runs.crew`, which replaces those that die. Their runs
begin again elsewhere and skip what is logged, and only the run that was being stepped is blamed. A run that nobody has watched
for a while is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator
from itertools import count
from typing import Any

from app.frames import message, read
from app.runs.crew import Crew
from app.runs.limits import MIB, Busy, Limits
from app.runs.log import LogCache, RunLog, RunRequest
from app.runs.metrics import Metrics
from app.runs.supervisor import WorkerProcess
from app.runs.turns import Turns

UNWATCHED_SECONDS = 0.7
KEEP_ALIVE_SECONDS = 12.0
TICK_SECONDS = 0.15
TURNS_A_PASS = 8
KEEP_ALIVE = b": keep-alive\n\n"
"""A comment: nothing to a browser, but a write, which fails when the other end is gone."""

FAILED = {
    "error": "This run stopped because of an error in the demo. The server has noted the details; other settings may work.",
    "memory": "This run needed more memory than the server allows one run. Try a smaller network.",
    "time": "This run took more computing time than the server allows one run. Try fewer steps or a smaller network.",
    "frames": "This run made more frames than the server allows one run. Try fewer steps.",
    "unable": "This server cannot run experiments at the moment. Try again in a minute.",
    "interrupted": "This run measures time and was interrupted, so that it cannot be gone on with. Run it again.",
    "crash": "This run crashed twice and was stopped. Other runs are not affected; other settings may work.",
}

logger = logging.getLogger("watchitlearn.runs")


class Executor:
    """Runs and their viewers. `start` it on the loop that uses it; `stop` ends all streams and workers."""

    def __init__(self, limits: Limits, produce: str = "app.produce:pieces") -> None:
        self.limits = limits
        self.metrics = Metrics()
        self.cache = LogCache(limits.cache_mib * MIB)
        self._produce = produce
        self._crew = Crew(limits, produce, self._handle)
        self._waiting: OrderedDict[str, RunLog] = OrderedDict()
        self._viewers = 0
        self._serials = count(1)
        self._turns = Turns(TURNS_A_PASS)
        self._stopping = False
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the workers; they take runs as soon as they are up."""
        self._crew.tend()
        self._watch = asyncio.create_task(self._watch_over())

    def end_streams(self) -> None:
        """Ends every stream where it is, so that its viewer asks again elsewhere or later, and takes no more."""
        self._stopping = True
        for log in self._unfinished():
            log.wake()

    async def stop(self) -> None:
        """Ends every stream and every worker."""
        self.end_streams()
        if self._watch:
            self._watch.cancel()
        await self._crew.stop()

    def ready(self) -> bool:
        """Whether a run could be taken now."""
        return not self._stopping and self._crew.ready() and len(self._waiting) < self.limits.waiting_runs

    def trouble(self) -> str:
        """Why it is not ready, in words; empty when it is."""
        if self.ready():
            return ""
        if self._stopping:
            return "the server is stopping"
        if self._crew.ready():
            return f"as many runs wait as may: {len(self._waiting)}"
        return f"no worker can start: {self._crew.trouble}" if self._crew.trouble else "no worker is up yet"

    def warm(self, request: RunRequest) -> None:
        """Begins a run ahead of its first viewer, if there is room; unwatched, it ends as any other."""
        if self.ready() and self._live() < self.limits.live_runs and not self.known(request):
            self._admit(request)

    def known(self, request: RunRequest) -> bool:
        """Whether the run is here or under way, so that one more viewer computes nothing."""
        return self.cache.get(request.key) is not None

    def check(self, request: RunRequest) -> None:
        """Begins nothing. Raises Busy where `frames` would."""
        if self._stopping or self._viewers >= self.limits.viewers:
            raise Busy
        if not self.known(request):
            self._has_room()

    def _has_room(self) -> None:
        if len(self._waiting) >= self.limits.waiting_runs:
            raise Busy
        if self._crew.hopeless():
            raise Busy(30)

    async def frames(
        self, request: RunRequest, after: int | None = None, of: str | None = None
    ) -> AsyncGenerator[list[bytes], None]:
        """The run's messages, all or after frame `after` of the run named `of`, in batches of what is there, at most some 64 KiB.

        They end with `done` or `failed`, or without, perhaps before the first, when the server stops. Raises Busy, before the
        first message, when the server stops or has as many viewers or waiting runs as it may.
        """
        self.check(request)
        log = self._find(request)
        self._viewers += 1
        log.viewers += 1
        self.metrics.viewers.set(self._viewers)
        try:
            async for batch in self._follow(log, log.place_after(after, of)):
                yield batch
        finally:
            self._viewers -= 1
            log.viewers -= 1
            log.last_viewer_left = time.monotonic()
            self.metrics.viewers.set(self._viewers)

    async def finished(self, request: RunRequest) -> list[bytes]:
        """All messages of the run, computed when it is not here. Raises Busy."""
        messages = [sent for batch in [batch async for batch in self.frames(request)] for sent in batch]
        messages = [sent for sent in messages if not sent.startswith((b"event: waiting", b":"))]
        if not messages or messages[-1].startswith((b"event: start", b"event: frame")):
            raise Busy
        return messages

    async def _follow(self, log: RunLog, place: int) -> AsyncGenerator[list[bytes], None]:
        said: int | None = None
        last_sent, complete = time.monotonic(), False
        while not complete:
            fresh = log.over or place < len(log.messages) or log.ahead not in (None, said)
            await (self._turns.take() if fresh else log.change())
            if self._stopping:
                return
            if log.over:
                place = min(place, len(log.messages) - 1)  # who has every frame gets the end
            if log.ahead not in (None, said):
                said = log.ahead
                yield [message("waiting", {"ahead": said})]
            elif batch := log.batch(place):
                place += len(batch)
                self.metrics.frames_sent.inc(sum(sent.startswith(b"event: frame") for sent in batch))
                yield batch
            elif time.monotonic() - last_sent < KEEP_ALIVE_SECONDS:
                continue  # it waits for a later message than the one that came
            else:
                yield [KEEP_ALIVE]
            last_sent, complete = time.monotonic(), log.over and place >= len(log.messages)

    def _find(self, request: RunRequest) -> RunLog:
        log = self.cache.get(request.key)
        if log is not None:
            self.metrics.cache_hits.inc()
            return log
        self.metrics.cache_misses.inc()
        return self._admit(request)

    def _admit(self, request: RunRequest) -> RunLog:
        log = RunLog(request, self._turns)
        self.cache.add(log)
        log.ahead = len(self._waiting)
        self._waiting[request.key] = log
        self._let_in()
        return log

    def _begin(self, log: RunLog, worker: WorkerProcess) -> None:
        log.ahead = None
        request = log.request
        if not log.serial:
            self.metrics.runs_started.inc()
        log.serial = str(next(self._serials))
        worker.runs[log.serial] = log
        worker.started += 1
        worker.send(("start", log.serial, request.topic, request.demo, dict(request.params), len(log.messages)))

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
        if len(log.messages) == 2:
            self.metrics.first_frame.observe(time.monotonic() - log.asked_at)
        if over:
            self.metrics.runs_finished.inc()
            del worker.runs[serial]
            if self.cache.get(log.request.key) is log:
                self.cache.finished(log)
            _record(log, read(sent)[1].get("outcome", "finished"))
            self._let_in()

    def _fail(self, worker: WorkerProcess | None, log: RunLog, reason: str, details: str = "") -> None:
        """Ends a run with a sentence for its viewers; a failed run is not kept, so that the next visitor tries anew."""
        log.append([message("failed", {"message": FAILED[reason]})], over=True)
        self.metrics.runs_failed.inc()
        self.cache.drop(log)
        if worker is not None:
            worker.runs.pop(log.serial, None)
        _record(log, "failed", reason=reason, details=details)
        self._let_in()

    def _died(self, worker: WorkerProcess) -> None:
        """A worker is gone: blame the run it was stepping, begin all others again elsewhere, before those that wait."""
        if self._stopping:
            return
        blamed, _ = worker.stepping()
        logger.warning("a worker died", extra={"fields": {"runs": len(worker.runs), "stepping": blamed or "none"}})
        orphans, worker.runs = list(worker.runs.values()), {}
        self._crew.tend()
        for log in reversed(orphans):
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
                for log in [log for log in worker.runs.values() if _unwatched(log, now)]:
                    worker.send(("cancel", log.serial))
                    del worker.runs[log.serial]
                    self._cancelled(log)
            for log in [log for log in self._waiting.values() if _unwatched(log, now)]:
                del self._waiting[log.request.key]
                self._cancelled(log)
            for log in self._unfinished():
                log.remind(KEEP_ALIVE_SECONDS)
            self._crew.tend()
            if self._crew.hopeless():
                while self._waiting:
                    self._fail(None, self._waiting.popitem()[1], "unable")
            self._let_in()

    def _cancelled(self, log: RunLog) -> None:
        self.cache.drop(log)
        self.metrics.runs_cancelled.inc()
        _record(log, "cancelled")

    def _let_in(self) -> None:
        """Gives free slots to those who wait, in the order in which they came, and tells the rest their new place."""
        while self._waiting and self._live() < self.limits.live_runs and (worker := self._crew.choose()):
            self._begin(self._waiting.popitem(last=False)[1], worker)
        for place, log in enumerate(self._waiting.values()):
            if log.ahead != place:
                log.ahead = place
                log.wake()
        self._count()

    def _unfinished(self) -> list[RunLog]:
        return [*(log for worker in self._crew for log in worker.runs.values()), *self._waiting.values()]

    def _live(self) -> int:
        return sum(len(worker.runs) for worker in self._crew)

    def _count(self) -> None:
        self.metrics.runs_running.set(self._live())
        self.metrics.runs_waiting.set(len(self._waiting))


def _unwatched(log: RunLog, now: float) -> bool:
    return log.viewers == 0 and now - log.last_viewer_left > UNWATCHED_SECONDS


def _record(log: RunLog, outcome: str, **more: str) -> None:
    """The one line that the operator's log has about a run. It names no visitor."""
    fields = {
        "run": log.request.key,
        "topic": log.request.topic,
        "demo": log.request.demo,
        "outcome": outcome,
        "frames": sum(sent.startswith(b"event: frame") for sent in log.messages),
        "bytes": log.size,
        "seconds": round(time.monotonic() - log.asked_at, 3),
        "cpu_seconds": round(log.cpu_seconds, 3),
    }
    said = {name: text for name, text in more.items() if text}
    logger.log(logging.ERROR if outcome == "failed" else logging.INFO, "run", extra={"fields": fields | said})
