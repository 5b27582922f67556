"""Turns: however many viewers have something to be sent, only so many are served in one pass of the event loop.

Without this a thousand viewers of one frame, or a thousand who come at once, are one block of work that all else waits for:
the health check, a page, the newcomer to another run. Who waits longer gets more frames in one write.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable


class Turns:
    """At most `most` turns a pass, in the order in which they are asked for."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._queue: deque[asyncio.Future[None]] = deque()
        self._counting = False

    async def take(self) -> None:
        """Returns at once while there are turns left in this pass, else in a later one."""
        if self._left and not self._queue:
            self._left -= 1
            self._count()
        else:
            turn = asyncio.get_running_loop().create_future()
            self.give([turn])
            await turn

    def give(self, those_who_wait: Iterable[asyncio.Future[None]]) -> None:
        """Settles each of these, in its turn."""
        self._queue.extend(those_who_wait)
        self._count()

    def _count(self) -> None:
        """Sees to it that the next pass begins with all its turns."""
        if not self._counting:
            self._counting = True
            asyncio.get_running_loop().call_soon(self._next_pass)

    def _next_pass(self) -> None:
        self._left, self._counting = self._most, False
        while self._left and self._queue:
            turn = self._queue.popleft()
            if not turn.done():  # else the viewer went while it waited
                turn.set_result(None)
                self._left -= 1
        if self._left < self._most:
            self._count()
