"""How often something was done within a minute: counted in a store that several servers share, or in this one's memory.

While a shared store is away or slow, this server counts alone: visitors are served within budgets that hold for it, and are not
refused for a fault of ours. The library is `limits`; its windows slide, by two counters weighed by time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from limits import RateLimitItem
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

MEMORY = "async+memory://"
ANSWER_SECONDS = 0.5
"""A store that has not answered by then counts as away: a request waits no longer for it."""
AWAY_SECONDS = 2.0
"""So long a store that is away is not asked again."""

logger = logging.getLogger("watchitlearn.counts")
Answer = TypeVar("Answer")


class Counts:
    """Counts in the store of this address, as `limits` names it. Nothing raises when the store is away."""

    def __init__(self, store: str) -> None:
        self._shared = SlidingWindowCounterRateLimiter(storage_from_string(store, wrap_exceptions=True))
        self._alone = SlidingWindowCounterRateLimiter(storage_from_string(MEMORY))
        self._ask_again = 0.0

    async def hit(self, item: RateLimitItem, *who: str) -> bool:
        """One more; whether it was within the limit."""
        return await self._asked(lambda limiter: limiter.hit(item, *who))

    async def test(self, item: RateLimitItem, *who: str) -> bool:
        """Whether one more would be within the limit."""
        return await self._asked(lambda limiter: limiter.test(item, *who))

    async def reset_time(self, item: RateLimitItem, *who: str) -> float:
        """When there is some of it again, in seconds since 1970."""
        return (await self._asked(lambda limiter: limiter.get_window_stats(item, *who))).reset_time

    async def _asked(self, question: Callable[[SlidingWindowCounterRateLimiter], Awaitable[Answer]]) -> Answer:
        if time.monotonic() >= self._ask_again:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await question(self._shared)
            except (StorageError, OSError) as problem:
                self._ask_again = time.monotonic() + AWAY_SECONDS
                why = str(problem.__cause__ or problem) or "no answer in time"
                logger.warning("the store of limits is away, this server counts alone", extra={"fields": {"why": why}})
        return await question(self._alone)
