"""The site under load, on this machine alone: `python -m benchmarks.load [SHARE]`, with 1 in a quarter of an hour; `make load`.

A crowd before one run, a hundred different runs at once, a class that moves sliders, and a soak; each with a server of its own as
an operator starts it, and its clients in this process, on the same cores. A table in Markdown, which docs/operations.md shows;
ends with status 1 where something was lost, refused or grew. Linux, since it reads memory from /proc.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from statistics import median
from typing import Any

from app.experiment import Experiment
from app.topic import Demo, Topic
from app.topics import topics
from benchmarks.server import UNLIMITED, Served, serving

VIEWERS, RUNS, STUDENTS = 1000, 100, 40
SLIDER_SECONDS, CLASS_SECONDS = 3.0, 60.0
SOAK_SECONDS, VISITORS, LOOK_SECONDS = 600.0, 6, 2.0
SOAK_CACHE_MIB = 16
"""Small, so that it is full soon and memory says whether anything else grows."""
MOST_GROWTH = 1.1
MIB = 1 << 20


@dataclass
class Seen:
    """What a client saw of a stream: status (0: none yet), seconds to the first frame, digest, whether it came to its end."""

    status: int = 0
    first: float | None = None
    digest: str = ""
    whole: bool = False


@dataclass
class Result:
    """A line of the table. `lost`: what ought not to have been; `cpu`: seconds of the server and its workers."""

    work: str
    said: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    cpu: float = 0.0


async def watch(port: int, path: str, tab: int, seconds: float | None = None) -> Seen:
    """Reads a stream, to its end or for some seconds."""
    seen, begin = Seen(), time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.write(f"GET {path} HTTP/1.0\r\nHost: x\r\nTab: {tab:016x}\r\n\r\n".encode())  # 1.0: a body without chunks
    try:
        async with asyncio.timeout(seconds):
            await _read(reader, seen, begin)
    except TimeoutError:
        pass
    finally:
        writer.close()
    return seen


async def _read(reader: asyncio.StreamReader, seen: Seen, begin: float) -> None:
    seen.status = int((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])
    digest, tail = sha256(), b""
    while chunk := await reader.read(1 << 16):
        digest.update(chunk)
        fresh, tail = tail + chunk, chunk[-len(b"event: frame") :]
        if seen.first is None and b"event: frame" in fresh:
            seen.first = time.perf_counter() - begin
        seen.whole |= b"event: done" in fresh
    seen.digest = digest.hexdigest()


def demos() -> list[tuple[Topic, Demo]]:
    """All that do not measure time."""
    return [(topic, demo) for topic in topics().values() for demo in topic.demos if not demo.timed]


def stream(topic: Topic, demo: Demo, values: dict[str, Any]) -> str:
    """The address of a run's stream."""
    return Experiment(topic, demo, demo.params.model_validate(values)).stream_url


def quantiles(seconds: list[float]) -> str:
    """The first frames of most and of nearly all, and the last."""
    ordered = sorted(seconds)
    shares = ((0.5, "p50"), (0.95, "p95"), (1.0, "slowest"))
    return ", ".join(f"{name} {ordered[min(int(share * len(ordered)), len(ordered) - 1)]:.2f} s" for share, name in shares)


async def crowd(server: Served, share: float) -> Result:
    """Viewers of one run, who all come in the same moment."""
    many = max(2, int(VIEWERS * share))
    topic, demo = demos()[0]
    begin = time.perf_counter()
    seen = await asyncio.gather(*(watch(server.port, stream(topic, demo, {"seed": 1}), tab) for tab in range(many)))
    taken, started = time.perf_counter() - begin, server.metric("runs_started_total")
    lost = [f"{sum(not each.whole for each in seen)} streams broke off"] if not all(each.whole for each in seen) else []
    lost += ["not all saw the same"] if len({each.digest for each in seen}) > 1 else []
    lost += [f"{started:.0f} runs were computed"] if started != 1 else []
    said = {"first frame": quantiles(_firsts(seen)), "all had all after": f"{taken:.1f} s", "memory": _memory(server)}
    return Result(f"{many} viewers of one run", said, lost)


async def burst(server: Served, share: float) -> Result:
    """Different runs, asked for in the same moment."""
    many = max(2, int(RUNS * share))
    paths = [stream(*demos()[place % len(demos())], {"seed": place}) for place in range(many)]
    begin = time.perf_counter()
    seen = await asyncio.gather(*(watch(server.port, path, tab) for tab, path in enumerate(paths)))
    taken = time.perf_counter() - begin
    lost = [f"{path}: {each}" for path, each in zip(paths, seen, strict=True) if not each.whole]
    said = {"first frame": quantiles(_firsts(seen)), "all had all after": f"{taken:.1f} s", "memory": _memory(server)}
    return Result(f"{many} different runs", said, lost)


async def lesson(server: Served, share: float) -> Result:
    """A class behind one address, with the budgets as they are by default, each moving a slider every three seconds."""
    topic, demo = demos()[0]
    seen: list[Seen] = []

    async def student(tab: int) -> None:
        dice, end = _dice(tab), time.monotonic() + max(2 * SLIDER_SECONDS, CLASS_SECONDS * share)
        await asyncio.sleep(dice.random() * SLIDER_SECONDS)
        while time.monotonic() < end:
            begin = time.monotonic()
            seen.append(await watch(server.port, stream(topic, demo, moved(demo, dice)), tab, SLIDER_SECONDS))
            await asyncio.sleep(max(0.0, begin + SLIDER_SECONDS - time.monotonic()))

    await asyncio.gather(*(student(tab) for tab in range(STUDENTS)))
    refused = _refused(seen)
    late = sum(each.first is None for each in seen) - refused
    lost = [f"{refused} were refused"] if refused else []
    lost += [f"{late} had no frame within {SLIDER_SECONDS:.0f} s"] if late else []
    said = {"first frame": quantiles(_firsts(seen)), "runs watched": str(len(seen)), "memory": _memory(server)}
    return Result(f"a class of {STUDENTS}, a slider every {SLIDER_SECONDS:.0f} s", said, lost)


def moved(demo: Demo, dice: random.Random) -> dict[str, Any]:
    """The values of a demo with all sliders at one of their stops."""
    controls = {name: demo.params.schema_of(name)["control"] for name in demo.params.in_order()}
    return {name: dice.choice(control["stops"]) for name, control in controls.items() if control["kind"] == "slider"}


async def soak(server: Served, share: float) -> Result:
    """Visitors who go from run to run, and what memory does meanwhile."""
    end = time.monotonic() + max(4 * LOOK_SECONDS, SOAK_SECONDS * share)
    seen: list[Seen] = []
    looks: list[float] = []

    async def visitor(tab: int) -> None:
        dice = _dice(tab)
        while time.monotonic() < end:
            topic, demo = dice.choice(demos())
            patience = dice.choice((0.5, None))
            seen.append(await watch(server.port, stream(topic, demo, {"seed": dice.randrange(10_000)}), tab, patience))

    async def look() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
            looks.append(server.memory() / MIB)

    await asyncio.gather(look(), *(visitor(tab) for tab in range(VISITORS)))
    third = len(looks) // 3
    middle, last = median(looks[third : 2 * third] or looks), median(looks[-third:] or looks)
    grown = last / middle > MOST_GROWTH and share >= 1
    lost = [f"memory grew from {middle:.0f} to {last:.0f} MiB"] if grown else []
    lost += [f"{_refused(seen)} were refused"] if _refused(seen) else []
    said = {"first frame": quantiles(_firsts(seen)), "runs watched": str(len(seen))}
    said |= {"memory": f"{middle:.0f} MiB in the second third, {last:.0f} MiB in the last"}
    return Result(f"{VISITORS} visitors for {SOAK_SECONDS * share:.0f} s, cache of {SOAK_CACHE_MIB} MiB", said, lost)


def _firsts(seen: list[Seen]) -> list[float]:
    return [each.first for each in seen if each.first is not None] or [float("nan")]


def _refused(seen: list[Seen]) -> int:
    return sum(each.status >= 400 for each in seen)


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # nobody is to be kept from guessing which slider moves


def _memory(server: Served) -> str:
    return f"{server.memory() / MIB:.0f} MiB"


Part = Callable[[Served, float], Coroutine[Any, Any, Result]]
PARTS: tuple[tuple[Part, dict[str, str]], ...] = (
    (crowd, UNLIMITED),
    (burst, UNLIMITED),
    (lesson, {}),
    (soak, UNLIMITED | {"CACHE_MIB": str(SOAK_CACHE_MIB)}),
)


def results(share: float) -> Iterator[Result]:
    """A result a part."""
    for part, environment in PARTS:
        with serving(environment=environment) as server:
            before = server.cpu()
            result = asyncio.run(part(server, share))
            result.cpu = server.cpu() - before
            yield result


def main(share: float) -> int:
    """Prints the table as it grows; the number of parts that lost something."""
    print("| load | first frame | and | CPU of server and workers | memory |\n|---|---|---|---|---|", flush=True)
    bad = 0
    for result in results(share):
        said = dict(result.said)
        first, memory = said.pop("first frame"), said.pop("memory")
        rest = ", ".join(": ".join(item) for item in said.items())
        print(f"| {result.work} | {first} | {rest} | {result.cpu:.1f} s | {memory} |", flush=True)
        bad += bool(result.lost)
        for line in result.lost[:10]:
            print(f"  {line}", file=sys.stderr, flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)))
