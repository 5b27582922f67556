"""The store in which servers that share one count together, and what is done while it is away: each then counts alone.

Visitors are served meanwhile within budgets that hold for one server, and are not refused for a fault of ours. A store that does
not answer is away for all who ask, for some seconds, so that no request waits for it twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from limits.aio.storage import Storage as Counters
from limits.errors import StorageError
from limits.storage import storage_from_string

ANSWER_SECONDS = 0.5
"""A store that has not answered by then counts as away: a request waits no longer for it."""
AWAY_SECONDS = 2.0
"""So long a store that is away is not asked again."""

logger = logging.getLogger("watchitlearn.counts")
Answer = TypeVar("Answer")
Script = Callable[[list[str], list[str | int]], Awaitable[list[int]]]
"""What runs in the store: keys and arguments in, whole numbers out."""


class Away(Exception):
    """There is no answer: count alone."""


class Store:
    """The store of this address (`app.services`): `counters` as `limits` has them, and scripts of our own where it is shared."""

    def __init__(self, address: str) -> None:
        self.counters: Counters = storage_from_string(address, wrap_exceptions=True)  # type: ignore[assignment]  # an async one
        self._client: Any = getattr(getattr(self.counters, "bridge", None), "storage", None)
        self._failures: tuple[type[Exception], ...] = (StorageError, OSError)
        if self._client:
            self._failures += _failures_of(self.counters)
        self._ask_again = 0.0

    def script(self, source: str) -> Script | None:
        """Lua that a shared store runs in one piece; None for one that is not shared."""
        registered: Script | None = self._client and self._client.register_script(source)
        return registered

    async def asked(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """The store's answer. Raises Away when there is none in time, or there was none a moment ago."""
        if time.monotonic() < self._ask_again:
            raise Away
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await question()
        except self._failures as problem:
            self._ask_again = time.monotonic() + AWAY_SECONDS
            why = str(problem.__cause__ or problem) or "no answer in time"
            logger.warning("the store of limits is away, this server counts alone", extra={"fields": {"why": why}})
            raise Away from problem

    async def close(self) -> None:
        """Ends the connections, for which `limits` has no word."""
        if self._client:
            await self._client.aclose()


def _failures_of(counters: Counters) -> tuple[type[Exception], ...]:
    """What the store's client raises, which `limits` wraps in what is its own alone."""
    kinds = counters.base_exceptions
    return kinds if isinstance(kinds, tuple) else (kinds,)
