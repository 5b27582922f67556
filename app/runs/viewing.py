"""Runs as their viewers see them, wherever they are computed: one log a run, shared by all who watch it.

What is common to every way of computing runs: a viewer's place in a log, its turn, comments for those who wait, and when the
server is full. The one thing left open is who fills a log: `app.runs.executor` does it with worker processes of its own,
`app.runs.shared` with machines that a broker knows of.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable

from app.frames import message
from app.runs.limits import MIB, Busy, Limits
from app.runs.log import LogCache, RunLog, RunRequest
from app.runs.metrics import Metrics
from app.runs.turns import Turns

KEEP_ALIVE_SECONDS = 12.0
TURNS_A_PASS = 8
KEEP_ALIVE = b": keep-alive\n\n"
"""A comment: nothing to a browser, but a write, which fails when the other end is gone."""
UNWATCHED_SECONDS = 0.7
"""So long a run goes on that nobody watches: a page that is loaded again finds it."""

FAILED = {
    "error": "This run stopped because of an error in the demo. The server has noted the details; other settings may work.",
    "memory": "This run needed more memory than the server allows one run. Try a smaller network.",
    "time": "This run took more computing time than the server allows one run. Try fewer steps or a smaller network.",
    "frames": "This run made more frames than the server allows one run. Try fewer steps.",
    "unable": "This server cannot run experiments at the moment. Try again in a minute.",
    "interrupted": "This run measures time and was interrupted, so it cannot be continued. Run it again.",
    "crash": "This run crashed twice and was stopped. Other runs are not affected; other settings may work.",
}


def failed(reason: str) -> bytes:
    """The last message of a run that cannot be continued: a sentence for its viewers."""
    return message("failed", {"message": FAILED[reason]})


class Viewing(ABC):
    """Runs and their viewers. `start` it on the loop that uses it; `stop` ends all streams."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.metrics = Metrics()
        self.cache = LogCache(limits.cache_mib * MIB)
        self._viewers = 0
        self._turns = Turns(TURNS_A_PASS)
        self._stopping = False

    @abstractmethod
    async def start(self) -> None:
        """Begins to take runs, as soon as it can."""

    @abstractmethod
    async def stop(self) -> None:
        """Ends every stream, and all that computes for them here."""

    @abstractmethod
    def trouble(self) -> str:
        """Why no run could be taken now, in words; empty when one could."""

    @abstractmethod
    def _has_room(self) -> None:
        """Raises Busy where no further run may be begun."""

    @abstractmethod
    def _admit(self, request: RunRequest) -> RunLog:
        """A new log, in the cache, that somebody fills for as long as it is watched."""

    @abstractmethod
    def _unfinished(self) -> Iterable[RunLog]:
        """The logs that are being filled."""

    @abstractmethod
    def warm(self, request: RunRequest) -> None:
        """Begins a run ahead of its first viewer, if there is room; unwatched, it ends as any other."""

    @abstractmethod
    async def ahead(self, request: RunRequest) -> list[bytes]:
        """A run's start and first frame for somebody who may want it; nothing where to make them would keep others waiting."""

    def ready(self) -> bool:
        """Whether a run could be taken now."""
        return not self.trouble()

    def end_streams(self) -> None:
        """Ends every stream where it is, so that its viewer asks again elsewhere or later, and takes no more."""
        self._stopping = True
        for log in self._unfinished():
            log.wake()

    def known(self, request: RunRequest) -> bool:
        """Whether the run is here or under way, so that one more viewer computes nothing."""
        return self.cache.get(request.key) is not None

    def check(self, request: RunRequest) -> None:
        """Begins nothing. Raises Busy where `frames` would."""
        if self._stopping or self._viewers >= self.limits.viewers:
            raise Busy
        if not self.known(request):
            self._has_room()

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

    def _remind(self) -> None:
        """Has a comment sent to those who have had no news for long. Call it often."""
        for log in self._unfinished():
            log.remind(KEEP_ALIVE_SECONDS)
