"""The board: what web servers and worker machines tell each other through the broker, in a few words.

    web server  -- ask ------------->  WORK  work.<build>.<key>  -- next_job -->  worker machine
                <- read, follow -----  RUNS  run.<key>           <-- append ----
                -- answers ----------        watch.<key>         <-- watched ---

RUNS and WORK are all that is kept there (`app.runs.streams`). Whoever follows a log answers on `watch.<key>`; where nobody does,
the broker says so at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass

import orjson
from nats.aio.msg import Msg

from app.runs.broker import Broker, Nobody, Refused, Subscription
from app.runs.entries import Entry
from app.runs.key import build
from app.runs.limits import MIB
from app.runs.log import RunRequest
from app.runs.streams import FORGOTTEN_SECONDS, NANOSECONDS, prepare

JOB_SECONDS = 1.0
"""So long a worker machine waits for a job before it asks again."""
WATCH_SECONDS = 0.5

WRONG_SEQUENCE = 10071
"""JetStream's error codes: another entry was there first, ..."""
STORE_FAILED = 10077
"""... or the stream's limits refuse the message: there is one of this subject, or there are too many."""


class Overtaken(Exception):
    """Somebody else wrote to this log."""


@dataclass
class Job:
    """A run that this machine is to compute. `receipt`: where the broker hears of it; `again`: another machine had it before."""

    request: RunRequest
    receipt: str
    again: bool


@dataclass(frozen=True)
class State:
    """The queue of this build: jobs that wait, jobs that are held, the last job given out, and whether a machine is there."""

    waiting: int = 0
    running: int = 0
    given: int = 0
    machines: bool = False


class Board:
    """One server's or one machine's view of it. `mebibytes`: of all logs together."""

    def __init__(self, url: str, mebibytes: int) -> None:
        self._build = build()[:16]
        self._consumer = f"machines-{self._build}"
        self._broker = Broker(url, lambda: prepare(self._broker, mebibytes * MIB, f"work.{self._build}.*", self._consumer))

    async def start(self) -> None:
        """Begins to connect."""
        await self._broker.start()

    async def close(self) -> None:
        """Leaves."""
        await self._broker.close()

    def trouble(self) -> str:
        """Why the board cannot be used now, in words; empty when it can."""
        return self._broker.trouble()

    # Web servers

    async def ask(self, request: RunRequest) -> tuple[bool, int]:
        """Has the run computed. Whether that is news, and the number of the job."""
        subject = f"work.{self._build}.{request.key}"
        try:
            return True, (await self._broker.told(subject, orjson.dumps(asdict(request)), {"Nats-TTL": f"{FORGOTTEN_SECONDS}s"}))[
                "seq"
            ]
        except Refused as refusal:
            if refusal.code != STORE_FAILED:
                raise
        found = await self._broker.request("$JS.API.DIRECT.GET.WORK", orjson.dumps({"last_by_subj": subject}))
        return False, int((found.headers or {}).get("Nats-Sequence", 0))

    @asynccontextmanager
    async def follow(self, key: str) -> AsyncIterator[asyncio.Queue[Entry]]:
        """The entries of a log as they are written, from now on; as long as it is followed, the run is watched."""
        news: asyncio.Queue[Entry] = asyncio.Queue()

        async def heard(said: Msg) -> None:
            news.put_nowait(Entry.of(said.headers, said.data))

        async with AsyncExitStack() as following:
            following.push_async_callback(self._broker.unsubscribe, await self._broker.subscribe(f"news.{key}", heard))
            following.push_async_callback(self._broker.unsubscribe, await self.present(f"watch.{key}"))
            yield news

    async def present(self, subject: str) -> Subscription:
        """Answers whoever asks whether somebody is there."""

        async def answer(asked: Msg) -> None:
            await self._broker.publish(asked.reply)

        return await self._broker.subscribe(subject, answer)

    async def read(self, key: str) -> list[Entry]:
        """All entries of a log that are there, oldest first."""
        asked = {"next_by_subj": f"run.{key}", "seq": 1, "batch": 10_000}
        found = await self._broker.many("$JS.API.DIRECT.GET.RUNS", orjson.dumps(asked))
        return [Entry.of(each.headers, each.data) for each in found]

    async def last(self, key: str) -> Entry | None:
        """The last entry of a log; None when there is none."""
        return await self._one({"last_by_subj": f"run.{key}"})

    async def state(self) -> State:
        """How the queue is; has made again what should be there and is not."""
        try:
            said = await self._broker.told(f"$JS.API.CONSUMER.INFO.WORK.{self._consumer}")
            machines = await self._anybody(f"machines.{self._build}")
        except (Nobody, Refused):
            self._broker.unprepared()
            raise
        return State(said["num_pending"], said["num_ack_pending"], said["delivered"]["stream_seq"], machines)

    # Worker machines

    async def join(self) -> Subscription:
        """Says that a machine of this build is there, from now on."""
        return await self.present(f"machines.{self._build}")

    async def kernels(self, mine: str) -> str:
        """The fingerprint of the first machine of this build: this one's, when there was none."""
        subject = f"kernels.{self._build}"
        try:
            await self._broker.told(subject, mine.encode())
        except Refused as refusal:
            if refusal.code != STORE_FAILED:
                raise
            first = await self._broker.request("$JS.API.DIRECT.GET.WORK", orjson.dumps({"last_by_subj": subject}))
            return first.data.decode()
        return mine

    async def next_job(self) -> Job | None:
        """The job that has waited longest; None when there is none for a while."""
        wanted = orjson.dumps({"batch": 1, "expires": int(JOB_SECONDS * NANOSECONDS)})
        said = await self._broker.pull(f"$JS.API.CONSUMER.MSG.NEXT.WORK.{self._consumer}", wanted, JOB_SECONDS + 1)
        if (said.headers or {}).get("Status"):
            return None
        return Job(RunRequest(**orjson.loads(said.data)), said.reply, said.metadata.num_delivered > 1)

    async def keep(self, job: Job) -> None:
        """Still at it."""
        await self._broker.publish(job.receipt, b"+WPI")

    async def done(self, job: Job) -> None:
        """There is nothing more to do."""
        await self._broker.publish(job.receipt, b"+ACK")

    async def give_back(self, job: Job) -> None:
        """Another machine is to do it."""
        await self._broker.publish(job.receipt, b"-NAK")

    async def watched(self, key: str) -> bool:
        """Whether anybody follows this log."""
        return await self._anybody(f"watch.{key}")

    async def first(self, key: str) -> Entry | None:
        """The first entry of a log that is still there."""
        return await self._one({"next_by_subj": f"run.{key}", "seq": 1})

    async def append(self, key: str, entry: Entry, after: int) -> int:
        """Writes it behind the entry that is kept at `after`; where it now is. Raises Overtaken when another stands there."""
        headers = entry.headers() | {"Nats-Expected-Last-Subject-Sequence": str(after)}
        try:
            return int((await self._broker.told(f"run.{key}", entry.payload(), headers))["seq"])
        except Refused as refusal:
            if refusal.code == WRONG_SEQUENCE:
                raise Overtaken from None
            raise

    async def tell(self, key: str, entry: Entry) -> None:
        """Says how a run ended to those who follow it now, and writes nothing down."""
        await self._broker.publish(f"news.{key}", entry.payload(), entry.headers())

    async def forget(self, key: str) -> None:
        """Takes all of a log away."""
        await self._broker.told("$JS.API.STREAM.PURGE.RUNS", orjson.dumps({"filter": f"run.{key}"}))

    # Within

    async def _anybody(self, subject: str) -> bool:
        try:
            await self._broker.request(subject, seconds=WATCH_SECONDS)
        except Nobody:
            return False
        return True

    async def _one(self, wanted: dict[str, object]) -> Entry | None:
        found = await self._broker.request("$JS.API.DIRECT.GET.RUNS", orjson.dumps(wanted))
        return None if (found.headers or {}).get("Status") else Entry.of(found.headers, found.data)
