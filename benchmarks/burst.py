"""A burst: fifty different runs asked for at once, on two workers, against a ProcessPoolExecutor that makes the same runs.

What a visitor feels is the time to the first frame. A pool gives each process a whole run at a time, so that the fiftieth visitor
waits for the twenty-four before; our workers step all runs, the newcomer first. Both have two warm processes, import the same
producer and send every message back to one event loop. Beside that: messages a second to many viewers of one finished run, and
what a viewer costs in memory.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import queue
import time
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from app.produce import events
from app.runs import Executor, Limits, RunRequest
from app.runs.key import run_key
from app.topics import topics
from benchmarks.rows import Row

RUNS = 50
WORKERS = 2
VIEWERS = 1000
ROUNDS = 1

_frames: Any = None


def requests(salt: int) -> list[RunRequest]:
    """`RUNS` different runs: the first demo of each topic in turn, with seeds of their own."""
    demos = [(slug, topic.demos[0]) for slug, topic in sorted(topics().items())]
    asked = []
    for place in range(RUNS):
        slug, demo = demos[place % len(demos)]
        values = demo.params(seed=salt * RUNS + place).values()
        asked.append(RunRequest(run_key(slug, demo.name, values), slug, demo.name, values))
    return asked


async def ours(asked: list[RunRequest]) -> list[float]:
    """Seconds to the first frame of each run."""
    executor = Executor(Limits(workers=WORKERS))
    await executor.start()
    while not executor.ready() or not all(worker.ready for worker in executor._crew):
        await asyncio.sleep(0.02)
    begin, firsts = time.perf_counter(), []

    async def watch(request: RunRequest) -> None:
        waiting = True
        async for batch in executor.frames(request):
            if waiting and any(sent.startswith(b"event: frame") for sent in batch):
                firsts.append(time.perf_counter() - begin)
                waiting = False

    await asyncio.gather(*(watch(request) for request in asked))
    await executor.stop()
    return firsts


def _start(frames: Any) -> None:
    global _frames
    _frames = frames
    os.nice(10)


def _make(place: int, topic: str, demo: str, params: Mapping[str, Any]) -> None:
    for kind, sent in events(topic, demo, params):
        _frames.put((place, kind, sent))


def theirs(asked: list[RunRequest]) -> list[float]:
    """The same with a pool: a task a run, messages through a queue."""
    context = multiprocessing.get_context("spawn")
    frames = context.Queue()
    with ProcessPoolExecutor(WORKERS, context, _start, (frames,)) as pool:
        for _ in pool.map(time.sleep, [0.5] * WORKERS):
            pass  # both processes are up
        begin, firsts = time.perf_counter(), dict[int, float]()
        tasks = [pool.submit(_make, place, each.topic, each.demo, dict(each.params)) for place, each in enumerate(asked)]
        while not all(task.done() for task in tasks) or not frames.empty():
            try:
                place, kind, _ = frames.get(timeout=0.2)
            except queue.Empty:
                continue
            if kind == "frame":
                firsts.setdefault(place, time.perf_counter() - begin)
        for task in tasks:
            task.result()
    return list(firsts.values())


async def crowd() -> tuple[float, float]:
    """Messages a second to `VIEWERS` viewers of one finished run, and bytes of memory that each costs in the executor."""
    executor = Executor(Limits(workers=1))
    await executor.start()
    request = requests(0)[0]
    messages = await executor.finished(request)
    tracemalloc.start()
    streams = [executor.frames(request) for _ in range(VIEWERS)]
    for stream in streams:
        await anext(stream)
    memory = tracemalloc.get_traced_memory()[0] / VIEWERS
    tracemalloc.stop()
    for stream in streams:
        await stream.aclose()

    async def watch() -> int:
        return sum([len(batch) async for batch in executor.frames(request)])

    begin = time.perf_counter()
    sent = sum(await asyncio.gather(*(watch() for _ in range(VIEWERS))))
    seconds = time.perf_counter() - begin
    assert sent == VIEWERS * len(messages)
    await executor.stop()
    return sent / seconds, memory


def quantiles(seconds: list[float]) -> dict[str, float]:
    """p50, p95 and the slowest, in milliseconds."""
    ordered = sorted(seconds)
    return {
        name: ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3
        for name, share in (("p50", 0.5), ("p95", 0.95), ("slowest", 1.0))
    }


def rows(rounds: int = ROUNDS) -> list[Row]:
    """First-frame quantiles of all rounds together, ours and theirs interleaved; then messages a second and memory a viewer."""
    mine: list[float] = []
    pools: list[float] = []
    for salt in range(rounds):
        mine += asyncio.run(ours(requests(salt)))
        pools += theirs(requests(salt))
    ours_ms, theirs_ms = quantiles(mine), quantiles(pools)
    table = [
        Row(f"burst-first-frame-{name}", "process-pool", theirs_ms[name] / ours_ms[name], ours_ms[name], theirs_ms[name], "ms")
        for name in ours_ms
    ]
    rate, memory = asyncio.run(crowd())
    # These two have no peer: they are what there is, and stand here to be watched.
    return [
        *table,
        Row("fan-out-1000-viewers", "none", 1.0, rate, rate, "messages/s"),
        Row("viewer-memory", "none", 1.0, memory / 1024, memory / 1024, "KiB/viewer"),
    ]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.work:28} {row.peer:14} {row.ratio:7.2f}x {row.ours:12.1f} {row.theirs:12.1f} {row.unit}")
