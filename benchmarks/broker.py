"""Runs over a broker, against the same made by the server's own workers: what a visitor pays for many machines.

One broker, two web servers' sides and one worker machine, all on this machine and with two workers, as has the embedded executor
beside them. One of the two computes at a time, and they take turns, so that both meet a busy moment alike. Three questions: the
first frame of a run that is asked for alone; those of fifty different runs asked for at once, of which the slowest says whether
anybody waits for others to finish; and a crowd before one run, on both web servers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from statistics import median

from app.runs import Executor, Limits, RunRequest, Viewing
from app.runs.agent import LET_GO_SECONDS
from benchmarks.burst import quantiles, requests
from benchmarks.rows import Row
from tests.app.runs.brokers import broker, machine, site, until_ready

PAIRS, BURSTS, RUNS, VIEWERS = 30, 3, 50, 500
WORKERS = 2
WARM_SECONDS = 4.0
PRODUCER = "app.produce:pieces"


@dataclass(frozen=True)
class Side:
    """Web servers, and the executor that computes what they are asked for."""

    sites: tuple[Viewing, ...]
    executor: Executor

    async def first_frames(self, asked: list[RunRequest]) -> list[float]:
        """Seconds to the first frame of each run, all asked for at once; comes back when none of them is computed any more."""
        begin, all_there = time.perf_counter(), asyncio.Barrier(len(asked))

        async def first(place: int, request: RunRequest) -> float:
            async with aclosing(self.sites[place % len(self.sites)].frames(request)) as batches:
                async for batch in batches:
                    if any(sent.startswith(b"event: frame") for sent in batch):
                        break
                taken = time.perf_counter() - begin
                await all_there.wait()  # so that each run goes on until the last one has its first frame
            return taken

        seconds = await asyncio.gather(*(first(*each) for each in enumerate(asked)))
        while self.executor.free() < self.executor.limits.live_runs:
            await asyncio.sleep(0.01)
        return seconds

    async def crowd(self, request: RunRequest) -> float:
        """Seconds until all viewers have the whole run."""
        begin = time.perf_counter()
        await asyncio.gather(*(self.sites[place % len(self.sites)].finished(request) for place in range(VIEWERS)))
        return time.perf_counter() - begin


@asynccontextmanager
async def both_sides() -> AsyncIterator[tuple[Side, Side]]:
    """Over a broker, and embedded; both have made a run of every demo."""
    embedded = Executor(Limits(workers=WORKERS), PRODUCER, LET_GO_SECONDS)
    await embedded.start()
    with broker() as here:
        computing = machine(here.url, produce=PRODUCER, workers=WORKERS)
        async with computing as executor, site(here.url) as one, site(here.url) as other:
            await until_ready(one, other)
            await asyncio.sleep(WARM_SECONDS)
            sides = Side((one, other), executor), Side((embedded,), embedded)
            for side in sides:
                await side.first_frames(requests(BURSTS + 2))
            yield sides
    await embedded.stop()


async def in_turns(sides: tuple[Side, Side], ask: Callable[[Side], Awaitable[list[float]]], first: int) -> list[list[float]]:
    """What each says; the one at `first` goes first."""
    said = [list[float](), list[float]()]
    for place in (first, 1 - first):
        said[place] = await ask(sides[place])
    return said


async def measured() -> list[Row]:
    """All three."""
    async with both_sides() as sides:
        alone = [
            await in_turns(sides, lambda side, run=each: side.first_frames([run]), place % 2)  # type: ignore[misc]
            for place, each in enumerate(requests(BURSTS, RUNS)[:PAIRS])
        ]
        bursts = [
            await in_turns(sides, lambda side, salt=salt: side.first_frames(requests(salt)), salt % 2)  # type: ignore[misc]
            for salt in range(BURSTS)
        ]
        crowds = [await side.crowd(requests(BURSTS + 1)[0]) for side in sides]
    return [
        *_compared("broker-first-frame", [quantiles([pair[side][0] for pair in alone]) for side in (0, 1)], ("p50", "p95")),
        *_compared("broker-burst", [_typical([quantiles(pair[side]) for pair in bursts]) for side in (0, 1)]),
        Row(f"broker-{VIEWERS}-viewers", "embedded", crowds[1] / crowds[0], crowds[0], crowds[1], "s"),
    ]


def _typical(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


def _compared(work: str, sides: list[dict[str, float]], names: tuple[str, ...] = ("p50", "p95", "slowest")) -> list[Row]:
    ours, theirs = sides
    return [Row(f"{work}-{name}", "embedded", theirs[name] / ours[name], ours[name], theirs[name], "ms") for name in names]


def rows() -> list[Row]:
    """First frames alone and in a burst, and a crowd."""
    return asyncio.run(measured())


if __name__ == "__main__":
    for row in rows():
        print(f"{row.work:28} {row.peer:14} {row.ratio:7.2f}x {row.ours:12.1f} {row.theirs:12.1f} {row.unit}")
