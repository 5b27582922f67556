"""A web server's side of runs that worker machines compute: for each run that is watched here, a copy of its log on the board.

One task a run fills the copy, and all viewers read the copy, as they read any log. Nothing depends on a message that arrives: a
copy without news for a second is compared with the board and the run asked for again, which does nothing while a machine has it.
So whatever is lost, a message, a machine, the broker and its store, is made good by the next look.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from app.runs.board import Board, State
from app.runs.entries import Entry, is_last
from app.runs.limits import Busy, Limits
from app.runs.log import RunLog, RunRequest
from app.runs.viewing import UNWATCHED_SECONDS, Viewing, failed

TICK_SECONDS = 0.15
QUIET_SECONDS = 1.0
"""After so long without news a copy is compared with the board."""
RETRY_AFTER = 2
"""Seconds after which a visitor may ask again while there is nobody to compute."""


@dataclass(eq=False)
class Copy:
    """A log on the board as far as it is known here."""

    log: RunLog
    run: str = ""
    job: int = 0
    """The number of the job, by which its place in the queue is known."""
    ours: bool = False
    """Whether this server was the one that had the run begun."""

    def take(self, entry: Entry) -> bool:
        """Adds what of an entry is new. False when there is a gap before it."""
        log = self.log
        if self.run not in ("", entry.run):
            self._end(failed("interrupted"))
        elif entry.place > len(log.messages):
            return False
        elif entry.messages and entry.messages[0].startswith(b"event: failed"):
            self._end(entry.messages[0])
        elif fresh := list(entry.messages[len(log.messages) - entry.place :]):
            self.run, log.ahead = entry.run, None
            log.append(fresh, over=is_last(fresh[-1]))
        return True

    def _end(self, message: bytes) -> None:
        if not self.log.over:
            self.log.append([message], over=True)

    def unlike(self, last: Entry | None) -> bool:
        """Whether the board has something that was not read. Where it keeps that says nothing: a store may have been lost."""
        return last is not None and (last.end > len(self.log.messages) or self.run not in ("", last.run))


class Shared(Viewing):
    """Runs computed by the worker machines that the board knows."""

    def __init__(self, limits: Limits, board: Board) -> None:
        super().__init__(limits)
        self._board = board
        self._copies: dict[RunLog, tuple[Copy, asyncio.Task[None]]] = {}
        self._state = State()
        self._asked = 0
        """Jobs since the queue was looked at."""
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins to connect to the broker; runs are taken as soon as that is done and a worker machine is there."""
        await self._board.start()
        self._tasks = [asyncio.create_task(self._watch_over()), asyncio.create_task(self._look_at_the_queue())]

    async def stop(self) -> None:
        """Ends every stream; runs that nobody else watches are then cancelled by those who compute them."""
        self.end_streams()
        tasks = [*self._tasks, *(task for _, task in self._copies.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._board.close()

    def trouble(self) -> str:
        """Why no run could be taken now, in words; empty when one could."""
        if self._stopping:
            return "the server is stopping"
        if trouble := self._board.trouble():
            return trouble
        if not self._state.machines:
            return "no worker machine of this build has joined"
        return f"as many runs wait as may: {self._state.waiting}" if self._is_full() else ""

    def warm(self, request: RunRequest) -> None:
        """Begins a run ahead of its first viewer, if none waits; unwatched, it ends as any other."""
        if self.ready() and not self._state.waiting and not self.known(request):
            self._admit(request)

    async def ahead(self, request: RunRequest) -> list[bytes]:
        """The run's start and first frame if they are here; machines are asked for whole runs alone."""
        log = self.cache.get(request.key)
        return log.beginning() if log is not None else []

    def _is_full(self) -> bool:
        return self._state.waiting + self._asked >= self.limits.waiting_runs

    def _has_room(self) -> None:
        if self.trouble():
            raise Busy if self._is_full() else Busy(RETRY_AFTER)

    def _admit(self, request: RunRequest) -> RunLog:
        log = RunLog(request, self._turns)
        self.cache.add(log)
        copy = Copy(log)
        self._copies[log] = copy, asyncio.create_task(self._fill(copy))
        return log

    def _unfinished(self) -> Iterable[RunLog]:
        return list(self._copies)

    async def _fill(self, copy: Copy) -> None:
        """Until the log is over; whoever cancels this task watches no more."""
        try:
            while not copy.log.over:
                with contextlib.suppress(ConnectionError):
                    async with self._board.follow(copy.log.request.key) as news:
                        await self._from(copy, news)
                await asyncio.sleep(0 if copy.log.over else TICK_SECONDS)
        finally:
            del self._copies[copy.log]

    async def _from(self, copy: Copy, news: asyncio.Queue[Entry]) -> None:
        """Reads and asks; then takes the news, and looks again whenever there is a gap or none comes. Raises ConnectionError."""
        while not copy.log.over:
            if copy.unlike(await self._board.last(copy.log.request.key)):
                await self._read(copy)
            if not copy.log.over:
                await self._ask(copy)
            with contextlib.suppress(TimeoutError):
                while not copy.log.over and self._take(copy, await _next(news)):
                    pass

    async def _read(self, copy: Copy) -> None:
        """Takes what the board has. A log with a gap, which a lost store or a lost beginning leaves, is to be written again."""
        key = copy.log.request.key
        if not all(self._take(copy, entry) for entry in await self._board.read(key)):
            await self._board.forget(key)

    def _take(self, copy: Copy, entry: Entry) -> bool:
        before, was_over = len(copy.log.messages), copy.log.over
        taken = copy.take(entry)
        if copy.ours and before < 2 <= len(copy.log.messages):
            self.metrics.first_frame.observe(time.monotonic() - copy.log.asked_at)
        if copy.log.over and not was_over:
            self._finished(copy)
        return taken

    async def _ask(self, copy: Copy) -> None:
        is_new, copy.job = await self._board.ask(copy.log.request)
        if is_new:
            self._asked += 1
        if is_new and not copy.ours:
            copy.ours = True
            self.metrics.runs_started.inc()

    def _finished(self, copy: Copy) -> None:
        log = copy.log
        has_failed = log.messages[-1].startswith(b"event: failed")
        if copy.ours:
            (self.metrics.runs_failed if has_failed else self.metrics.runs_finished).inc()
        if has_failed:
            self.cache.drop(log)  # the next visitor tries anew
        elif self.cache.get(log.request.key) is log:
            self.cache.finished(log)

    async def _watch_over(self) -> None:
        """Lets go of what nobody watches here, and reminds those who wait."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            for copy, task in list(self._copies.values()):
                if copy.log.viewers == 0 and now - copy.log.last_viewer_left > UNWATCHED_SECONDS:
                    task.cancel()
                    self.cache.drop(copy.log)
                    self.metrics.runs_cancelled.inc(copy.ours)
            self._remind()

    async def _look_at_the_queue(self) -> None:
        """How many wait and run, on all machines, and how many are before each that waits here."""
        while True:
            asked = self._asked
            with contextlib.suppress(ConnectionError):
                self._state = await self._board.state()
                self._asked -= asked
                self._tell_those_who_wait()
            await asyncio.sleep(TICK_SECONDS)

    def _tell_those_who_wait(self) -> None:
        self.metrics.runs_running.set(self._state.running)
        self.metrics.runs_waiting.set(self._state.waiting)
        for copy, _ in self._copies.values():
            ahead = min(copy.job - self._state.given, self._state.waiting) - 1
            if copy.log.messages or ahead < 0:
                copy.log.ahead = None
            elif copy.log.ahead != ahead:
                copy.log.ahead = ahead
                copy.log.wake()


async def _next(news: asyncio.Queue[Entry]) -> Entry:
    """Raises TimeoutError when none comes for a while. Not by `asyncio.wait_for`: in Python 3.11 it may lose a cancellation."""
    async with asyncio.timeout(QUIET_SECONDS):
        return await news.get()
