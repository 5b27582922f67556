"""The connection to the broker, NATS JetStream 2.11 or later: kept up whatever happens, and one error for all that goes wrong.

Nothing but `app.runs.board` uses it. A broker that is away, that comes back with an empty store, or that does not answer in time
is a ConnectionError to whoever asks; the connection is made again by itself, and what must be there (`prepare`) as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

REPLY_SECONDS = 1.0
RECONNECT_SECONDS = 0.1
CONNECT_SECONDS = 2
PING_SECONDS = 2
"""Two of these without an answer, and the connection is given up and made again."""
READ_MESSAGES = 10_000
NOBODY = "503"

__all__ = ["Broker", "Nobody", "Refused", "Subscription"]

logger = logging.getLogger("watchitlearn.broker")


class Nobody(ConnectionError):
    """Nobody listens to what was asked: no machine that watches, or no such stream."""


class Refused(ConnectionError):
    """The broker understood and would not; `code` is JetStream's error code, 0 for none."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"the broker refused: {description}")
        self.code, self.description = code, description


@contextlib.asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """One error for all that goes wrong, and an end to waiting: where a connection breaks, the client may wait for ever."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except nats.errors.NoRespondersError:
        raise Nobody from None
    except (nats.errors.Error, TimeoutError) as problem:
        raise ConnectionError(str(problem) or "no answer in time") from problem


class Broker:
    """One connection. `prepare` is awaited on each new one, before it counts as up."""

    def __init__(self, url: str, prepare: Callable[[], Awaitable[None]]) -> None:
        self._servers = url.split(",")
        self._place = ", ".join(urlsplit(server).netloc.rpartition("@")[2] for server in self._servers)
        self._prepare = prepare
        self._client = Client()
        self._tending: asyncio.Task[None] | None = None
        self._prepared = False
        self._why = "not yet connected"

    async def start(self) -> None:
        """Begins to connect, and returns at once: a server without its broker is up, and says what it lacks."""
        self._tending = asyncio.create_task(self._tend())

    async def close(self) -> None:
        """Ends the connection."""
        if self._tending:
            self._tending.cancel()
        with contextlib.suppress(nats.errors.Error, OSError, TimeoutError):
            await asyncio.wait_for(self._client.close(), 1)

    def trouble(self) -> str:
        """Why nothing can be asked now, in words; empty when it can."""
        if self._client.is_connected and self._prepared:
            return ""
        return f"the broker at {self._place} is away: {self._why}"

    def unprepared(self) -> None:
        """What should be there is not: has it made again."""
        self._prepared = False

    async def request(
        self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None, seconds: float = REPLY_SECONDS
    ) -> Msg:
        """The one answer. Raises ConnectionError, Nobody when there is nobody who could answer."""
        if not self._client.is_connected:
            raise ConnectionError(self._why)
        async with _within(seconds):
            return await self._client.request(subject, payload, seconds, headers=headers)

    async def pull(self, subject: str, payload: bytes, seconds: float) -> Msg:
        """The next message of a queue, or that there is none. It comes under a subject by which `request` would not know it."""
        async with _within(seconds):
            return await self._client.request(subject, payload, seconds, old_style=True)

    async def told(self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        """As `request`, of JetStream itself, whose answers are JSON. Raises Refused too."""
        said = orjson.loads((await self.request(subject, payload, headers)).data)
        if problem := said.get("error"):
            raise Refused(problem.get("err_code", 0), problem.get("description", ""))
        return said

    async def many(self, subject: str, payload: bytes) -> list[Msg]:
        """All answers to one question, up to the one that says that they are all."""
        inbox = self._client.new_inbox()
        answers = await self.subscribe(inbox)
        try:
            await self.publish(subject, payload, reply=inbox)
            found: list[Msg] = []
            while len(found) < READ_MESSAGES:
                async with _within(REPLY_SECONDS):
                    answer = await answers.next_msg(REPLY_SECONDS)
                if status := (answer.headers or {}).get("Status"):
                    if status == NOBODY:
                        raise Nobody(subject)
                    break
                found.append(answer)
            return found
        finally:
            await self.unsubscribe(answers)

    async def publish(self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None, reply: str = "") -> None:
        """Says something to whoever listens, and waits for no answer."""
        async with _within(REPLY_SECONDS):
            await self._client.publish(subject, payload, reply, headers)

    async def subscribe(self, subject: str, heard: Callable[[Msg], Awaitable[None]] | None = None) -> Subscription:
        """Listens; what comes goes to `heard`, or waits in the subscription. It outlives the connection."""
        async with _within(REPLY_SECONDS):
            return await self._client.subscribe(subject, cb=heard)

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Listens no more."""
        with contextlib.suppress(ConnectionError):
            async with _within(REPLY_SECONDS):
                await subscription.unsubscribe()

    async def _tend(self) -> None:
        """Connects, and prepares after every time that the connection was lost."""
        await self._client.connect(
            self._servers,
            error_cb=self._wrong,
            disconnected_cb=self._lost,
            connect_timeout=CONNECT_SECONDS,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # any number of seconds will do
            max_reconnect_attempts=-1,
            ping_interval=PING_SECONDS,
        )
        while True:
            if self._client.is_connected and not self._prepared:
                await self._try_to_prepare()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _try_to_prepare(self) -> None:
        try:
            await self._prepare()
            self._prepared = True
            logger.info("connected", extra={"fields": {"broker": self._place}})
        except ConnectionError as problem:
            self._why = str(problem)

    async def _wrong(self, problem: Exception) -> None:
        self._why = str(problem) or type(problem).__name__

    async def _lost(self) -> None:
        self._prepared, self._why = False, "the connection was lost"
