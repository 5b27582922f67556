"""A worker machine's side: takes runs from the board, has its own executor compute them, and writes what comes to the board.

To the executor the board is one viewer more, so that crashes, limits and fairness are its business as ever. When nobody watches a
run on any web server, that viewer leaves, and the executor cancels. `app.agent` is the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from contextlib import aclosing

from app.runs.board import Board, Job
from app.runs.executor import Executor
from app.runs.limits import Busy
from app.runs.quarantine import Quarantine
from app.runs.writer import Outdone, Writer

HEARTBEAT_SECONDS = 0.4
PAUSE_SECONDS = 0.2
STOP_SECONDS = 1.0
FULL_SECONDS = 0.02
"""How often a machine without a free slot looks whether it has one."""
LET_GO_SECONDS = 0.1
"""How long the executor keeps a run that the board does not follow: whether anybody watches was found out before."""

logger = logging.getLogger("watchitlearn.machine")


class OtherKernels(Exception):
    """The numbers of this machine differ from those of the machines that work already."""


class Agent:
    """One worker machine. `fingerprint`: what its numbers are like (`app.runs.kernels`)."""

    def __init__(self, board: Board, executor: Executor, fingerprint: str) -> None:
        self._board, self._executor, self._fingerprint = board, executor, fingerprint
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._quarantine = Quarantine()
        self._stopping = False

    async def start(self) -> None:
        """Begins to connect and to start workers."""
        await self._board.start()
        await self._executor.start()

    async def work(self) -> None:
        """Takes jobs until cancelled or stopped. Raises OtherKernels."""
        joined = None
        while not self._stopping:
            try:
                await self._compare()
                joined = joined or await self._board.join()
                await self._take_jobs()
            except ConnectionError:
                await asyncio.sleep(PAUSE_SECONDS)

    async def stop(self) -> None:
        """Gives back what is not done, for another machine to go on with, and ends the workers."""
        self._stopping = True
        self._executor.end_streams()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        await self._executor.stop()
        await self._board.close()

    async def _compare(self) -> None:
        """Whether this machine may write to these logs, said on each connection, since a store may have been lost."""
        first = await self._board.kernels(self._fingerprint)
        if first != self._fingerprint:
            raise OtherKernels(
                "this machine's linear algebra gives other last digits than that of the machines that work already "
                f"(fingerprint {self._fingerprint}, theirs {first}): set OPENBLAS_CORETYPE to the same value on all of them"
            )

    async def _take_jobs(self) -> None:
        """As many as there are slots; raises ConnectionError when the broker goes."""
        while not self._stopping:
            if trouble := self._board.trouble():
                raise ConnectionError(trouble)
            if not self._executor.ready() or self._executor.free() <= 0:
                await asyncio.sleep(FULL_SECONDS)
            elif job := await self._board.next_job():
                self._begin(job)

    def _begin(self, job: Job) -> None:
        """A job that is here already, since a broker lost its store, say, is gone on with under its new receipt."""
        known = job.request.key in self._jobs
        self._jobs[job.request.key] = job
        if not known:
            task = asyncio.create_task(self._do(job.request.key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _do(self, key: str) -> None:
        """Computes one run while it is watched, and says every so often that it is being computed."""
        making = asyncio.create_task(self._make(self._jobs[key]))
        try:
            while not (await asyncio.wait([making], timeout=HEARTBEAT_SECONDS))[0]:
                with contextlib.suppress(ConnectionError):
                    await self._board.keep(self._jobs[key])
                    if not await self._board.watched(key):
                        making.cancel()
            await self._settle(key, making)
        finally:
            del self._jobs[key]

    async def _settle(self, key: str, making: asyncio.Task[bool]) -> None:
        job, is_done = self._jobs[key], True
        if making.cancelled():
            if not job.request.repeatable:
                with contextlib.suppress(ConnectionError):
                    await self._board.forget(key)
        elif problem := making.exception():
            logger.error("a run could not be written", exc_info=problem)
            is_done = False
        else:
            is_done = making.result()
        with contextlib.suppress(ConnectionError):
            await (self._board.done(job) if is_done else self._board.give_back(job))

    async def _make(self, job: Job) -> bool:
        """Writes the run to the board. Whether it came to an end; else another machine is to go on with it."""
        writer = Writer(self._board, job, self._quarantine)
        try:
            if not job.again:
                await writer.begin()
                self._executor.warm(job.request)  # it begins while the board is asked what is there
            await writer.take_over()
            async with aclosing(self._executor.frames(job.request)) as batches:
                async for batch in batches:
                    await writer.write([sent for sent in batch if not sent.startswith((b"event: waiting", b":"))])
        except Outdone:
            return True
        except (Busy, ConnectionError):
            return False
        finally:
            writer.heard()
        return writer.over
