"""A run's log: its messages in order, written once by one producer and read by any number of viewers, each at its own pace.

A viewer that reads slowly costs nothing but its place in the list; one that joins late starts at the beginning.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.frames import read
from app.runs.turns import Turns

BATCH_BYTES = 1 << 16
"""As much as asyncio lets a connection buffer before it makes the writer wait: what a slow viewer costs."""


@dataclass(frozen=True)
class RunRequest:
    """What is to be run: the key, and what a worker needs to make it. `params` are JSON-safe.

    `repeatable`: made again it has the same bytes, so one try can be continued where another broke off.
    """

    key: str
    topic: str
    demo: str
    params: Mapping[str, Any]
    repeatable: bool = True


@dataclass(eq=False)
class RunLog:
    """The messages of one run: `start`, frames, and the last, after which `over` is true."""

    request: RunRequest
    turns: Turns
    """In which viewers are woken."""
    messages: list[bytes] = field(default_factory=list)
    over: bool = False
    viewers: int = 0
    attempts: int = 0
    serial: str = ""
    """Which of possibly several tries at this run is going on; a worker's late words about an earlier one are not heard."""
    size: int = 0
    """Bytes of all messages."""
    ahead: int | None = None
    """How many runs are before it while it waits for a slot; None once it has one."""
    held: bool = False
    """Whether it stops after its first frame until somebody wants it."""
    cpu_seconds: float = 0.0
    """What its current try has cost so far."""
    asked_at: float = field(default_factory=time.monotonic)
    last_viewer_left: float = field(default_factory=time.monotonic)
    _idle: deque[tuple[float, asyncio.Future[None]]] = field(default_factory=deque)
    """The viewers that have seen everything, and since when, longest first."""

    @property
    def name(self) -> str:
        """What the run is called in `start` and in the ids of its frames; "" while one that no other is like has not begun."""
        if self.request.repeatable:
            return self.request.key
        return str(read(self.messages[0])[1]["run"]) if self.messages else ""

    def place_after(self, after: int | None, of: str | None) -> int:
        """Where a viewer goes on who has frame `after` of the run named `of`, None for whichever it was; the start is at 0.

        Who has a frame of another run begins anew.
        """
        same = self.request.repeatable if of is None else of == self.name
        return after + 2 if same and after is not None else 0

    def append(self, messages: list[bytes], over: bool = False) -> None:
        """Adds messages and wakes every viewer."""
        self.messages += messages
        self.size += sum(map(len, messages))
        self.over = self.over or over
        self.wake()

    def beginning(self) -> list[bytes]:
        """`start` and the first frame, once both are there; nothing of a run that failed before it had one."""
        begun = self.messages[:2]
        return begun if len(begun) > 1 and begun[1].startswith(b"event: frame") else []

    def batch(self, place: int) -> list[bytes]:
        """What a viewer at `place` has not seen."""
        return batch(self.messages, place)

    def wake(self) -> None:
        """Tells every idle viewer, in its turn, that something is new."""
        self.turns.give(viewer for _, viewer in self._idle)
        self._idle.clear()

    def remind(self, seconds: float) -> None:
        """Wakes, in their turn, those who have been idle for so long, though there is nothing new."""
        while self._idle and self._idle[0][0] < time.monotonic() - seconds:
            self.turns.give([self._idle.popleft()[1]])

    async def change(self) -> None:
        """Returns, in the viewer's turn, when something is new or it has been idle for long."""
        viewer = asyncio.get_running_loop().create_future()
        self._idle.append((time.monotonic(), viewer))
        await viewer


def batch(messages: list[bytes], place: int) -> list[bytes]:
    """What follows from `place` on: one message or more, if there are any, but no more than some 64 KiB."""
    taken, end = 0, place
    while end < len(messages) and (end == place or taken + len(messages[end]) <= BATCH_BYTES):
        taken += len(messages[end])
        end += 1
    return messages[place:end]


class LogCache:
    """All logs by key. Finished ones are bounded in bytes; the least recently used go first, running ones never."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._logs: OrderedDict[str, RunLog] = OrderedDict()
        self.finished_bytes = 0

    def get(self, key: str) -> RunLog | None:
        """The log of that key, if it is here; it counts as used now."""
        if key in self._logs:
            self._logs.move_to_end(key)
        return self._logs.get(key)

    def add(self, log: RunLog) -> None:
        """Keeps a log that is to be written."""
        self._logs[log.request.key] = log

    def drop(self, log: RunLog) -> None:
        """Forgets a log that will not be finished."""
        if self._logs.get(log.request.key) is log:
            del self._logs[log.request.key]

    def finished(self, log: RunLog) -> None:
        """Counts a log that is complete, and makes room."""
        self.finished_bytes += log.size
        for key, old in list(self._logs.items()):
            if self.finished_bytes <= self.most_bytes:
                return
            if old.over and old is not log:
                self.finished_bytes -= old.size
                del self._logs[key]
