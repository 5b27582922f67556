"""Who is to blame when a worker machine dies: a run at its last try begins alone on its machine, so that it dies alone as well.

Runs that were taken over with one that kills its machines die with it before they are heard of, and look as guilty as it does. So
one that would be given up after another such death begins only when all else on the machine has been heard of, and nothing else
begins there until it is heard of itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Quarantine:
    """The beginnings of runs on one machine."""

    def __init__(self) -> None:
        self._gate = asyncio.Lock()
        self._unheard = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def begin(self, is_last_try: bool) -> Callable[[], None]:
        """Waits until the run may begin; to be called, once, when it is heard of or is at its end."""
        await self._gate.acquire()
        if is_last_try:
            try:
                await self._quiet.wait()
            except BaseException:
                self._gate.release()
                raise
            return self._gate.release
        self._gate.release()
        self._unheard += 1
        self._quiet.clear()
        return self._heard

    def _heard(self) -> None:
        self._unheard -= 1
        if not self._unheard:
            self._quiet.set()
