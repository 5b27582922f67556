"""A burst: many different runs asked for at once, on two workers.

What a visitor feels is the time to the first frame. Fifty runs stand against a ProcessPoolExecutor that makes the same ones: a
pool gives each process a whole run at a time, so that the fiftieth visitor waits for the twenty-four before; our workers show the
first frame of each before the second of any. Both have two warm processes, import the same producer and send every message back
to one event loop. A hundred runs stand against the CPU time that their first frames take one after the other in one process: on
two free cores the slowest can come after half of that (a ratio of 2).
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import queue
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any

from app.produce import ahead, events
from app.runs import Executor, Limits, RunRequest
from app.runs.key import run_key
from app.topics import topics
from benchmarks.rows import Row

RUNS = 50
WORKERS = 2
ROUNDS = 1
WARM_SECONDS = 4.0
"""For the workers to do what they do ahead of the first run, as they have in a server that was not started just now."""

_frames: Any = None


def requests(salt: int, many: int = RUNS) -> list[RunRequest]:
    """Different runs: the first demo of each topic in turn, with seeds of their own."""
    demos = [(slug, topic.demos[0]) for slug, topic in sorted(topics().items())]
    asked = []
    for place in range(many):
        slug, demo = demos[place % len(demos)]
        values = demo.params(seed=salt * many + place).values()
        asked.append(RunRequest(run_key(slug, demo.name, values), slug, demo.name, values))
    return asked


async def ours(asked: list[RunRequest]) -> list[float]:
    """Seconds to the first frame of each run; all go on until the last has its first."""
    executor = Executor(Limits(workers=WORKERS))
    await executor.start()
    while not executor.ready() or not all(worker.ready for worker in executor._crew):
        await asyncio.sleep(0.02)
    await asyncio.sleep(WARM_SECONDS)
    begin, firsts = time.perf_counter(), dict[str, float]()
    over = asyncio.Event()

    async def watch(request: RunRequest) -> None:
        async for batch in executor.frames(request):
            if request.key not in firsts and any(sent.startswith(b"event: frame") for sent in batch):
                firsts[request.key] = time.perf_counter() - begin
                if len(firsts) == len(asked):
                    over.set()

    watching = [asyncio.create_task(watch(request)) for request in asked]
    await over.wait()
    await executor.stop()
    await asyncio.gather(*watching)
    return list(firsts.values())


def _start(frames: Any) -> None:
    global _frames
    _frames = frames
    os.nice(10)


def _warm(seconds: float) -> None:
    for _ in ahead():
        pass
    time.sleep(seconds)


def _make(place: int, topic: str, demo: str, params: Mapping[str, Any]) -> None:
    for kind, sent in events(topic, demo, params):
        _frames.put((place, kind, sent))


def theirs(asked: list[RunRequest]) -> list[float]:
    """The same with a pool: a task a run, messages through a queue."""
    context = multiprocessing.get_context("spawn")
    frames = context.Queue()
    with ProcessPoolExecutor(WORKERS, context, _start, (frames,)) as pool:
        for _ in pool.map(_warm, [0.5] * WORKERS):
            pass  # both processes are up
        begin, firsts = time.perf_counter(), dict[int, float]()
        tasks = [pool.submit(_make, place, each.topic, each.demo, dict(each.params)) for place, each in enumerate(asked)]
        while len(firsts) < len(asked):
            try:
                place, kind, _ = frames.get(timeout=0.2)
            except queue.Empty:
                continue
            if kind == "frame":
                firsts.setdefault(place, time.perf_counter() - begin)
        while not all(task.done() for task in tasks) or not frames.empty():
            try:
                frames.get(timeout=0.2)
            except queue.Empty:
                continue
        for task in tasks:
            task.result()
    return list(firsts.values())


def alone(asked: list[RunRequest]) -> float:
    """CPU seconds of all first frames, made one after the other in a process that is warm."""
    for _ in ahead():
        pass
    begin = time.process_time()
    for each in asked:
        for _ in islice(events(each.topic, each.demo, each.params), 2):
            pass
    return time.process_time() - begin


def quantiles(seconds: list[float]) -> dict[str, float]:
    """p50, p95 and the slowest, in milliseconds."""
    ordered = sorted(seconds)
    return {
        name: ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3
        for name, share in (("p50", 0.5), ("p95", 0.95), ("slowest", 1.0))
    }


def rows(rounds: int = ROUNDS) -> list[Row]:
    """First-frame quantiles of all rounds together, ours and theirs interleaved; then the slowest of a hundred."""
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
    hundred = requests(rounds, 100)
    slowest, sum_ms = max(asyncio.run(ours(hundred))) * 1e3, alone(hundred) * 1e3
    return [*table, Row("burst-100-slowest", "sum-of-firsts", sum_ms / slowest, slowest, sum_ms, "ms")]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.work:28} {row.peer:14} {row.ratio:7.2f}x {row.ours:12.1f} {row.theirs:12.1f} {row.unit}")
