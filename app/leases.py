"""How many streams each client has open at once, over all servers that share a store (`app.store`).

Each server writes how many of a client's streams are its own, and adds what the others wrote. Its numbers count as long as it
renews its lease, one for the whole server: those of a server that was killed lapse with it, in seconds, and nobody has to take
them back. It always writes the number that it has, never a difference, so that whatever gets lost, an answer or the store with
all that was in it, is made good by the next time it writes.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from secrets import token_hex
from typing import NamedTuple

from app.store import Away, Store

LEASE_SECONDS = 15
RENEW_SECONDS = 4.0
"""Three chances within a lease, for a server that is busy or a store that was away."""
AT_ONCE = 50
"""So many numbers are written in one go: others wait for the store no longer than for that."""
KEPT_SECONDS = 24 * 3600
"""After so long without a change nobody is still watching."""

SERVERS = "WATCHITLEARN:servers"
"""All servers by the time at which their leases lapse."""
WRITE = """
local server, lease, kept, moment = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local is_new = redis.call('ZADD', KEYS[1], now + lease, server)
local servers = redis.call('ZRANGE', KEYS[1], 0, -1)
local function written(key, by)
  local number, at = string.match(redis.call('HGET', key, by) or '0 0', '(%d+) (%d+)')
  return tonumber(number), tonumber(at)
end
local later = {}
for place = 2, #KEYS do
  local all, most = tonumber(ARGV[2 * place + 1]), tonumber(ARGV[2 * place + 2])
  local number, at = written(KEYS[place], server)
  if at > moment then all, later[place] = number, true end
  for _, other in ipairs(servers) do
    if other ~= server then all = all + written(KEYS[place], other) end
  end
  if most > 0 and all > most then return {is_new, place - 1} end
end
for place = 2, #KEYS do
  local number = ARGV[2 * place + 1]
  if number == '0' and not later[place] then
    redis.call('HDEL', KEYS[place], server)
  elseif not later[place] then
    redis.call('HSET', KEYS[place], server, number .. ' ' .. moment)
    redis.call('EXPIRE', KEYS[place], kept)
  end
end
return {is_new, 0}
"""
"""Of each client the number that this server has, at a moment of its own count, and how many all may have, 0 for any. Writes all
or, where one is past what it may have, none; what was written at a later moment stays, since requests may overtake each other.
Whether the store did not know this server, and the place of the first client that is past, 0 for none.
"""

Who = tuple[str, ...]


class Claim(NamedTuple):
    """One more stream of a client that may have so many."""

    who: Who
    most: int


class Leases:
    """The open streams of one server. They are told to the others from `start` on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._server = token_hex(8)
        self._write = store.script(WRITE)
        self._own: Counter[Who] = Counter()
        self._moments = count(1)
        self._unwritten: set[Who] = set()
        self._something = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        self._leaves = False

    async def start(self) -> None:
        """Begins to renew the lease."""
        if self._write:
            self._writing = asyncio.create_task(self._keep_writing())

    async def stop(self) -> None:
        """Ends that, and the lease at once, so that who moves over to another server is not counted twice.

        Nothing is cancelled: before Python 3.12 a client that waits for an answer may go on as if it had not been.
        """
        self._leaves = True
        if self._writing:
            self._something.set()
            await self._writing
            with suppress(Away):
                await self._written((), (), ())

    async def take(self, claims: Sequence[Claim]) -> Claim | None:
        """Counts one more stream of each, to be given back; or none, where one of them has as many as it may: which."""
        past = next((claim for claim in claims if self._own[claim.who] >= claim.most), None)
        if past:
            return past
        self._own.update(claim.who for claim in claims)
        try:
            past = await self._taken_together(claims)
        except BaseException:
            self.give_back(claims)
            raise
        if past:
            self.give_back(claims)
        return past

    def give_back(self, claims: Sequence[Claim]) -> None:
        """One stream less of each. Waits for nothing, since a stream may end by being cancelled; the store hears of it soon."""
        for who, _ in claims:
            self._own[who] -= 1
            if not self._own[who]:
                del self._own[who]
            self._changed(who)

    async def _taken_together(self, claims: Sequence[Claim]) -> Claim | None:
        numbers = [self._own[who] for who, _ in claims]
        try:
            place = await self._written([who for who, _ in claims], numbers, [claim.most for claim in claims])
        except Away:
            place = 0
            self._changed(*(who for who, _ in claims))
        return claims[place - 1] if place else None

    async def _written(self, clients: Sequence[Who], numbers: Sequence[int], most: Sequence[int]) -> int:
        """The place of the first client that is past what it may have; 0, also where this server is the only one. Raises Away."""
        if self._write is None:
            return 0
        write, keys, lease = self._write, [SERVERS, *map(_key, clients)], 0 if self._leaves else LEASE_SECONDS
        said: list[str | int] = [self._server, lease, KEPT_SECONDS, next(self._moments)]
        pairs = [number for pair in zip(numbers, most, strict=True) for number in pair]
        is_new, place = await self._store.asked(lambda: write(keys, [*said, *pairs]))
        if is_new:  # the store has nothing of this server, or nothing that counted until now
            self._changed(*self._own)
        # Whoever has another number by now than it wrote, writes again.
        self._changed(*(who for who, number in zip(clients, numbers, strict=True) if self._own[who] != number))
        return int(place)

    def _changed(self, *clients: Who) -> None:
        if self._write and clients:
            self._unwritten.update(clients)
            self._something.set()

    async def _keep_writing(self) -> None:
        """Renews the lease, and writes what has changed as soon as the store is there."""
        while not self._leaves:
            self._something.clear()
            clients = [self._unwritten.pop() for _ in range(min(AT_ONCE, len(self._unwritten)))]
            try:
                await self._written(clients, [self._own[who] for who in clients], [0] * len(clients))
            except Away:
                self._unwritten.update(clients)
            else:
                if self._unwritten:
                    continue
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEW_SECONDS):
                    await self._something.wait()


def _key(who: Who) -> str:
    return ":".join(("WATCHITLEARN:open", *who))
