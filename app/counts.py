"""How often something was done within a minute, counted in a store (`app.store`), or in this server's memory while that is away.

The library is `limits`; its windows slide, by two counters weighed by time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from limits import RateLimitItem
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from app.services import MEMORY
from app.store import Away, Store

Answer = TypeVar("Answer")


class Counts:
    """Counts in this store. Nothing raises when the store is away."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._together = SlidingWindowCounterRateLimiter(store.counters)
        self._alone = SlidingWindowCounterRateLimiter(Store(MEMORY).counters)

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
        try:
            return await self._store.asked(lambda: question(self._together))
        except Away:
            return await question(self._alone)
