"""Turns: however many viewers have something to be sent, only so many are served in one pass of the event loop.

Without this a thousand viewers of one frame, or a thousand who come at once, are one block of work that all else waits for:
the health check, a page, the newcomer to another run. Who waits longer gets more frames in one write.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Turns:
    """At most `most` turns a pass, in the order in which they are asked for."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._queue: deque[asyncio.Future[None]] = deque()
        self._counting = False

    async def take(self) -> None:
        """Returns at once while there are turns left in this pass, else in a later one."""
        loop = asyncio.get_running_loop()
        if not self._counting:
            self._counting = True
            loop.call_soon(self._next_pass)
        if self._left and not self._queue:
            self._left -= 1
            return
        turn = loop.create_future()
        self._queue.append(turn)
        await turn

    def _next_pass(self) -> None:
        self._left = self._most
        while self._left and self._queue:
            turn = self._queue.popleft()
            if not turn.done():  # else the viewer went while it waited
                turn.set_result(None)
                self._left -= 1
        self._counting = self._left < self._most
        if self._counting:
            asyncio.get_running_loop().call_soon(self._next_pass)
