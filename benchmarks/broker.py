"""The first frame of a run over a broker, against the same server's own workers: what a visitor pays for many machines.

One broker, two web servers' sides and one worker machine, all on this machine and with two workers, as has the embedded executor
beside them. Runs are asked for one after the other, in turns here and there, each by one viewer who leaves with the first frame,
so that both meet a busy moment alike. Then 500 viewers of one run, on two web servers, against 500 of the embedded executor.
"""

from __future__ import annotations

import asyncio
import time

from app.runs import Executor, Limits, RunRequest, Viewing
from benchmarks.burst import quantiles, requests
from benchmarks.rows import Row
from tests.app.runs.brokers import broker, machine, site, until_ready

RUNS = 60
VIEWERS = 500
WORKERS = 2
WARM_SECONDS = 4.0
PRODUCER = "app.produce:pieces"


async def first_frame(runs: Viewing, request: RunRequest) -> float:
    """Seconds from the request to the first frame; the viewer then leaves, and the run is gone before this comes back."""
    begin = time.perf_counter()
    stream = runs.frames(request)
    async for batch in stream:
        if any(sent.startswith(b"event: frame") for sent in batch):
            break
    taken = time.perf_counter() - begin
    await stream.aclose()
    while (log := runs.cache.get(request.key)) is not None and not log.over:
        await asyncio.sleep(0.02)
    return taken


async def viewers(places: list[Viewing], request: RunRequest) -> float:
    """Seconds until all viewers have the whole run."""
    begin = time.perf_counter()
    await asyncio.gather(*(places[viewer % len(places)].finished(request) for viewer in range(VIEWERS)))
    return time.perf_counter() - begin


async def measured() -> list[Row]:
    """Both, in turns."""
    embedded = Executor(Limits(workers=WORKERS))
    await embedded.start()
    with broker() as here:
        async with machine(here.url, produce=PRODUCER), site(here.url) as one, site(here.url) as other:
            await until_ready(one, other)
            await asyncio.sleep(WARM_SECONDS)
            pairs = [(await first_frame(one, each), await first_frame(embedded, each)) for each in requests(0, RUNS)]
            crowd = requests(1, RUNS)[0]
            both = await viewers([one, other], crowd), await viewers([embedded], crowd)
    await embedded.stop()
    ours, theirs = (quantiles(list(seconds)) for seconds in zip(*pairs, strict=True))
    table = [
        Row(f"broker-first-frame-{name}", "embedded", theirs[name] / ours[name], ours[name], theirs[name], "ms")
        for name in ("p50", "p95")
    ]
    return [*table, Row("broker-500-viewers", "embedded", both[1] / both[0], both[0], both[1], "s")]


def rows() -> list[Row]:
    """First frame at p50 and p95, and a crowd."""
    return asyncio.run(measured())


if __name__ == "__main__":
    for row in rows():
        print(f"{row.work:28} {row.peer:14} {row.ratio:7.2f}x {row.ours:12.1f} {row.theirs:12.1f} {row.unit}")
