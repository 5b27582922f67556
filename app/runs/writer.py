"""Writes one run's messages to the board, behind what is there, whoever wrote that.

A run that can be repeated has the same bytes whoever makes it, so that a machine which takes over skips what is written and goes
on, and two machines that write at once make one log. What else is in the log of a run that cannot be repeated, is another run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.frames import read
from app.runs.board import Board, Job, Overtaken
from app.runs.entries import Entry, is_last
from app.runs.log import batch
from app.runs.quarantine import Quarantine
from app.runs.viewing import failed

PAUSE_SECONDS = 0.2
MOST_TRIES = 2
"""So many machines in a row may take over a run, and write nothing of it before they fall silent; then it is given up."""


class Outdone(Exception):
    """There is nothing to write: it is there, or the run is given up, or another machine has it."""


class Writer:
    """The log of one job. `over`: its last message is written, or told."""

    def __init__(self, board: Board, job: Job, quarantine: Quarantine) -> None:
        self._board, self._job, self._quarantine = board, job, quarantine
        self._heard: Callable[[], None] | None = None
        self._key = job.request.key
        self._run = self._key
        self._made: list[bytes] = []
        self._place = self._sequence = 0
        self.over = False

    async def take_over(self) -> None:
        """Looks what is there, and says that it goes on from there. Raises Outdone when that is of no use."""
        last = await self._patiently(self._look)
        if last is not None and last.over:
            raise Outdone
        if self._job.again and last is not None and not self._job.request.repeatable:
            await self._give_up("interrupted")
        if self._job.again:
            tries = last.tries + 1 if last else 1
            if tries > MOST_TRIES:
                await self._give_up("crash")
            await self.begin(is_last_try=tries == MOST_TRIES)
            await self._append(Entry(self._place, self._run, tries=tries))

    async def write(self, messages: list[bytes]) -> None:
        """Adds these, when they are not there. Comes back when the board has them, however long it is away."""
        if messages and not self._made and not self._job.request.repeatable:
            self._run = str(read(messages[0])[1]["run"])
        self._made += messages
        failure = self._made.pop() if messages and messages[-1].startswith(b"event: failed") else None
        while self._place < len(self._made):
            fresh = batch(self._made, self._place)
            await self._append(Entry(self._place, self._run, tuple(fresh)))
        if failure:
            await self._told(failure)
        self.over = bool(failure) or (bool(self._made) and is_last(self._made[-1]))

    async def begin(self, is_last_try: bool = False) -> None:
        """Waits until this machine may begin the run."""
        self._heard = await self._quarantine.begin(is_last_try)

    def heard(self) -> None:
        """It has written something, or is at its end."""
        if self._heard:
            self._heard()
            self._heard = None

    async def _append(self, entry: Entry) -> None:
        try:
            self._sequence = await self._board.append(self._key, entry, self._sequence)
            self._place = entry.end
            if entry.messages:
                self.heard()
        except Overtaken:
            if not self._job.request.repeatable:
                raise Outdone from None
            await self._patiently(self._look)
        except ConnectionError:
            await asyncio.sleep(PAUSE_SECONDS)
            await self._patiently(self._look)

    async def _look(self) -> Entry | None:
        """How far the log is; one whose beginning the broker has forgotten is begun again, and so is another run's."""
        last = await self._board.last(self._key)
        first = last and await self._board.first(self._key)
        if last and first and (first.place or not self._is_mine(last)):
            await self._board.forget(self._key)
            last = None
        self._place, self._sequence = (last.end, last.sequence) if last else (0, 0)
        return last

    def _is_mine(self, last: Entry) -> bool:
        return self._job.request.repeatable or self._job.again or last.over or last.run == self._run

    async def _give_up(self, reason: str) -> None:
        await self._told(failed(reason))
        await self._board.forget(self._key)
        raise Outdone

    async def _told(self, message: bytes) -> None:
        await self._board.tell(self._key, Entry(self._place, self._run, (message,)))

    async def _patiently(self, ask: Callable[[], Awaitable[Entry | None]]) -> Entry | None:
        """What is answered, as soon as the broker answers."""
        while True:
            try:
                return await ask()
            except ConnectionError:
                await asyncio.sleep(PAUSE_SECONDS)
