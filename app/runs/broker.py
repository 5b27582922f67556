"""The connection to the broker, NATS JetStream 2.11 or later: kept up whatever happens, and one error for all that goes wrong.

Nothing but `app.runs.board` uses it. A broker that is away, that comes back with an empty store, or that does not answer in time
is a ConnectionError to whoever asks; the connection is made again by itself, and what must be there (`prepare`) as well.

Each connection is a client of its own. The client could reconnect by itself, but gives up for good on some of the broker's
complaints (an authentication that took too long on a busy machine, say), and takes messages that it had not sent over to the next
connection, where they would reach a broker that may have lost its store.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as Heard

from app.masking import masked_within

REPLY_SECONDS = 1.0
RECONNECT_SECONDS = 0.1
CONNECT_SECONDS = 2
ATTEMPT_SECONDS = 10
"""So long an attempt to connect may take in all, over every address that is given."""
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


@dataclass(eq=False)
class Subscription:
    """What is listened to, on every connection."""

    subject: str
    heard: Callable[[Msg], Awaitable[None]]
    now: Heard | None = None
    """The subscription on the connection that there is."""


@contextlib.asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """One error for all that goes wrong in the client, and an end to waiting: where a connection breaks, it may wait for ever.

    Who is cancelled ends, even where the client lost it: its `asyncio.wait_for` does, in Python 3.11, when the answer comes in
    the same moment, and a server that was to stop would go on asking.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        async with asyncio.timeout(seconds):
            yield
    except nats.errors.NoRespondersError:
        raise Nobody from None
    except Exception as problem:
        raise ConnectionError(masked_within(str(problem)) or "no answer in time") from problem
    if task and task.cancelling() > before:
        raise asyncio.CancelledError


class Broker:
    """One connection at a time. `prepare` is awaited on each new one, before it counts as up."""

    def __init__(self, url: str, prepare: Callable[[], Awaitable[None]]) -> None:
        self._servers = url.split(",")
        self._place = ", ".join(urlsplit(server).netloc.rpartition("@")[2] for server in self._servers)
        self._prepare = prepare
        self._client = Client()
        self._subscriptions: set[Subscription] = set()
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
            await asyncio.gather(self._tending, return_exceptions=True)
        await _closed(self._client)

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
        client, found = self._client, list[Msg]()
        inbox = client.new_inbox()
        async with _within(REPLY_SECONDS):
            answers = await client.subscribe(inbox)
        try:
            await self.publish(subject, payload, reply=inbox)
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
            await _unsubscribed(answers)

    async def publish(self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None, reply: str = "") -> None:
        """Says something to whoever listens, and waits for no answer."""
        async with _within(REPLY_SECONDS):
            await self._client.publish(subject, payload, reply, headers)

    async def subscribe(self, subject: str, heard: Callable[[Msg], Awaitable[None]]) -> Subscription:
        """Listens; what comes goes to `heard`. It outlives the connection."""
        subscription = Subscription(subject, heard)
        self._subscriptions.add(subscription)
        try:
            await self._listen(self._client, subscription)
        except BaseException:
            self._subscriptions.discard(subscription)
            raise
        return subscription

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Listens no more."""
        self._subscriptions.discard(subscription)
        if subscription.now:
            await _unsubscribed(subscription.now)

    async def _listen(self, client: Client, subscription: Subscription) -> None:
        async with _within(REPLY_SECONDS):
            subscription.now = await client.subscribe(subscription.subject, cb=subscription.heard)
        if subscription not in self._subscriptions:  # it was ended meanwhile
            await _unsubscribed(subscription.now)

    async def _tend(self) -> None:
        """Sees to it that there is a connection, and on it what must be there."""
        while True:
            try:
                if not self._client.is_connected:
                    await self._connect()
                if not self._prepared:
                    await self._prepare()
                    self._prepared = True
                    logger.info("connected", extra={"fields": {"broker": self._place}})
            except ConnectionError as problem:
                self._why = str(problem)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> None:
        """A new client in place of the last, which listens to all that the last one did. Raises ConnectionError."""
        if self._prepared:
            self._prepared, self._why = False, "the connection was lost"
        await _closed(self._client)
        client = Client()
        try:
            async with _within(ATTEMPT_SECONDS):
                await client.connect(
                    self._servers,
                    error_cb=self._wrong,
                    connect_timeout=CONNECT_SECONDS,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # any number of seconds will do
                    ping_interval=PING_SECONDS,
                )
            for subscription in list(self._subscriptions):
                await self._listen(client, subscription)
        except BaseException:
            await _closed(client)
            raise
        self._client = client

    async def _wrong(self, problem: Exception) -> None:
        self._why = masked_within(str(problem)) or type(problem).__name__


async def _closed(client: Client) -> None:
    with contextlib.suppress(ConnectionError):
        async with _within(REPLY_SECONDS):
            await client.close()


async def _unsubscribed(heard: Heard) -> None:
    with contextlib.suppress(ConnectionError):
        async with _within(REPLY_SECONDS):
            await heard.unsubscribe()
