"""A pulse: tells those who wait that something changed, at once, but no more than so often however fast changes come."""

from __future__ import annotations

import asyncio
from collections import deque

from app.runs.turns import Turns

SHORTEST = 0.1
"""Seconds between two beats: a hand on a slider moves thirty times a second, and an eye in the class is content with ten."""
WOKEN_A_PASS = 50


class Pulse:
    """`tell` it of a change; whoever `wait`s comes back at the next beat. After the last change there is always a beat."""

    def __init__(self, seconds: float = SHORTEST) -> None:
        self.beats = 0
        self._seconds = seconds
        self._turns = Turns(WOKEN_A_PASS)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._rest: asyncio.TimerHandle | None = None
        self._again = False

    def tell(self) -> None:
        """Something changed."""
        self._again = True
        if self._rest is None:
            self._beat()

    def _beat(self) -> None:
        self._rest = None
        if not self._again:
            return
        self._again = False
        self.beats += 1
        self._turns.give(self._waiting)
        self._waiting.clear()
        self._rest = asyncio.get_running_loop().call_later(self._seconds, self._beat)

    async def wait(self, seen: int, seconds: float) -> int:
        """The number of the last beat, once it is another than `seen` or so many seconds have passed."""
        if self.beats == seen:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await asyncio.wait([waiter], timeout=seconds)
            waiter.cancel()
        return self.beats
