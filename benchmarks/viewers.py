"""A thousand viewers of one finished run: messages a second out of the executor, and the memory that each viewer costs.

The peers are the plain way to stream from FastAPI: each viewer's generator makes a `ServerSentEvent` of each frame, encoded for
that viewer alone (its time is that of encoding, with nothing sent); and each viewer has a queue with messages of its own.
"""

from __future__ import annotations

import asyncio
import json
import time
import tracemalloc
from statistics import median
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.sse import ServerSentEvent, format_sse_event

from app.frames import read
from app.runs import Executor, Limits, RunRequest
from benchmarks.burst import requests
from benchmarks.rows import Row

VIEWERS = 1000
ENCODED_FOR = 3
"""Viewers for whom the peer encodes the run in a round: the rate does not depend on it."""
ROUNDS = 5


async def rate(executor: Executor, request: RunRequest) -> float:
    """Messages a second to `VIEWERS` viewers."""

    async def watch() -> int:
        return sum([len(batch) async for batch in executor.frames(request)])

    begin = time.perf_counter()
    sent = sum(await asyncio.gather(*(watch() for _ in range(VIEWERS))))
    return sent / (time.perf_counter() - begin)


def peer_rate(payloads: list[tuple[str, Any]]) -> float:
    """Messages a second that FastAPI's own events encode."""
    begin = time.perf_counter()
    for _ in range(ENCODED_FOR):
        for place, (kind, payload) in enumerate(payloads):
            event = ServerSentEvent(event=kind, id=str(place), data=payload)
            format_sse_event(data_str=json.dumps(jsonable_encoder(event.data)), event=event.event, id=event.id)
    return ENCODED_FOR * len(payloads) / (time.perf_counter() - begin)


async def memory(executor: Executor, request: RunRequest) -> float:
    """Bytes that a viewer in the middle of the run costs."""
    tracemalloc.start()
    streams = [executor.frames(request) for _ in range(VIEWERS)]
    for stream in streams:
        await anext(stream)
    taken = tracemalloc.get_traced_memory()[0] / VIEWERS
    tracemalloc.stop()
    for stream in streams:
        await stream.aclose()
    return taken


async def _measured() -> list[Row]:
    executor = Executor(Limits(workers=1))
    await executor.start()
    request = requests(0, 1)[0]
    messages = await executor.finished(request)
    payloads = [read(sent) for sent in messages]
    both = [(await rate(executor, request), peer_rate(payloads)) for _ in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*both, strict=True))
    mine, queued = await memory(executor, request) / 1024, sum(map(len, messages)) / 1024
    await executor.stop()
    return [
        Row("fan-out-1000-viewers", "fastapi-sse", ours / theirs, ours, theirs, "messages/s"),
        Row("viewer-memory", "own-queue", queued / mine, mine, queued, "KiB/viewer"),
    ]


def rows() -> list[Row]:
    """Messages a second, and memory a viewer."""
    return asyncio.run(_measured())


if __name__ == "__main__":
    for row in rows():
        print(f"{row.work:28} {row.peer:14} {row.ratio:7.2f}x {row.ours:12.1f} {row.theirs:12.1f} {row.unit}")
