"""What one visitor may ask for: requests and new runs a minute, and streams that are open at once.

A visitor is a browser's tab, by the random name that it gives itself in a header (static/js/tab.js), so that a class behind one
address is many; and an address has a larger budget of its own, which no change of names adds to. What names no tab (a script, a
page's first request) shares one tab's budget with all such of its address. Nothing is kept but counts, for some minutes.
A room's code is not to be guessed, so an address has few wrong ones too, and few new rooms, whatever its tabs are called.
`app.routes` spends here and says what is refused; several servers count together where LIMITS_STORE is a store that they share:
what is done within a minute in `app.counts`, what is open in `app.leases`.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute

from app.counts import Counts
from app.leases import Claim, Leases
from app.runs import Limits
from app.store import Store

TAB_HEADER = "tab"
TAB = re.compile(r"[0-9a-f]{16}")
SAME_NETWORK_BITS = 64
"""A home or a class has this much of an IPv6 address, and each machine in it as many addresses as it likes."""
LIVE_WAIT = 5
"""Seconds after which who has too many streams may ask again."""
WHAT = {"requests": "sent {} requests", "runs": "started {} new runs"}
TRIES = {
    "wrong codes": (RateLimitItemPerMinute(60, 2, "wrong-codes"), "Many wrong room codes came from this network."),
    "new rooms": (RateLimitItemPerMinute(20, 10, "new-rooms"), "Many rooms were opened from this network just now."),
}
"""What an address may do so many times in so many minutes: a class of forty may mistype, a script guesses thirty codes a minute.
"""


@dataclass(frozen=True)
class Client:
    """Who asks: an address, and a tab; "" for none."""

    address: str
    tab: str


class TooMany(Exception):
    """A budget is spent; the message says so, and `retry_after` when there is some of it again, in seconds."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(f"{what} Try again in {retry_after} {'second' if retry_after == 1 else 'seconds'}.")
        self.retry_after = retry_after


def client_of(request: Request) -> Client:
    """The client as the server sees it, behind a trusted proxy the proxy's client."""
    said = request.headers.get(TAB_HEADER, "")
    return Client(_network(request.client.host if request.client else ""), said if TAB.fullmatch(said) else "")


def _network(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - SAME_NETWORK_BITS))
    return host


class Budgets:
    """The budgets of all clients. `spend`, `may_try` and `followed` raise TooMany."""

    def __init__(self, limits: Limits, store: str) -> None:
        self._store = Store(store)
        self._counts = Counts(self._store)
        self._leases = Leases(self._store)
        self._limits = limits

    async def start(self) -> None:
        """Begins to tell other servers what is open here."""
        await self._leases.start()

    async def stop(self) -> None:
        """Ends that."""
        await self._leases.stop()
        await self._store.close()

    async def spend(self, what: str, client: Client) -> None:
        """One of the "requests" or "runs". The tab's budget goes first: a tab that is refused takes nothing from its address."""
        for scope, who in _scopes(client):
            most = int(getattr(self._limits, f"{scope}_{what}_a_minute"))
            item = RateLimitItemPerMinute(most, namespace=f"{scope}-{what}")
            if not await self._counts.hit(item, *who):
                raise TooMany(
                    f"{_whose(scope)} {WHAT[what].format(most)} within a minute, the most allowed.", await self._wait(item, who)
                )

    async def may_try(self, what: str, client: Client) -> None:
        """Whether the address has any of its "wrong codes" or "new rooms" left; takes none."""
        item, said = TRIES[what]
        if not await self._counts.test(item, client.address):
            raise TooMany(said, await self._wait(item, (client.address,)))

    async def tried(self, what: str, client: Client) -> None:
        """One of them is taken."""
        await self._counts.hit(TRIES[what][0], client.address)

    async def _wait(self, item: RateLimitItem, who: tuple[str, ...]) -> int:
        again = await self._counts.reset_time(item, *who)
        return max(1, ceil(again - time.time()))

    async def followed(self, client: Client, messages: AsyncGenerator[list[bytes], None]) -> AsyncGenerator[list[bytes], None]:
        """The messages of a run, counted as one stream of its client for as long as they come."""
        async with aclosing(messages), self.live(client):
            async for batch in messages:
                yield batch

    @asynccontextmanager
    async def live(self, client: Client) -> AsyncIterator[None]:
        """One more stream is open meanwhile."""
        claims = [Claim((scope, *who), int(getattr(self._limits, f"{scope}_live_runs"))) for scope, who in _scopes(client)]
        if past := await self._leases.take(claims):
            raise TooMany(f"{_whose(past.who[0])} {past.most} runs open, the most allowed.", LIVE_WAIT)
        try:
            yield
        finally:
            self._leases.give_back(claims)


def _scopes(client: Client) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("tab", (client.address, client.tab)), ("address", (client.address,))


def _whose(scope: str) -> str:
    return "This browser tab has" if scope == "tab" else "Your network has"
