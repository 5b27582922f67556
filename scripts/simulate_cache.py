"""The sums of docs/scaling.md: how often a visitor's run is there already, and what leaves the server, by simulation.

    python -m scripts.simulate_cache

Visitors open a demo at its defaults (or one of its presets), move a slider a few times, now and then change the seed. Popular
questions draw more of them (Zipf). Each value lands on a stop, or, for comparison, anywhere on the slider. The cache holds bytes
and drops what was used least recently, as app/runs/log.py does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DEMOS = 110
RUNS_A_VISITOR = 4
RUN_BYTES = 300_000
RUN_CPU_SECONDS = 0.6
PAGE_BYTES = 550_000
"""A first visit: page, stylesheet, scripts, fonts and plotly.js, compressed; static files can come from a cache in front."""

Run = tuple[int, ...]


@dataclass(frozen=True)
class Habits:
    """How visitors use the controls. `stops` 0: sliders without stops."""

    stops: int = 5
    controls: int = 4
    seeds: int = 3
    moved: float = 0.8
    """The chance that the next run differs in a slider; else in the seed."""


@dataclass
class Day:
    """What a day came to."""

    runs: int = 0
    hits: int = 0
    different: int = 0

    @property
    def hit_rate(self) -> float:
        """The share of runs that were in the cache."""
        return self.hits / self.runs

    @property
    def cores(self) -> float:
        """Cores that the misses keep busy, on average over the day."""
        return (self.runs - self.hits) * RUN_CPU_SECONDS / 86400


def visits(visitors: int, habits: Habits, rng: np.random.Generator) -> Iterator[Run]:
    """The runs asked for, in order: each visitor's one after the other."""
    popularity = 1 / np.arange(1, DEMOS + 1)
    demos = rng.choice(DEMOS, visitors, p=popularity / popularity.sum())
    for demo in demos.tolist():
        values = [0] * (habits.controls + 1)
        yield (demo, *values)
        for _ in range(RUNS_A_VISITOR - 1):
            if rng.random() < habits.moved:
                values[int(rng.integers(habits.controls))] = int(rng.integers(habits.stops or 1_000))
            else:
                values[-1] = int(rng.integers(habits.seeds))
            yield (demo, *values)


def simulate(visitors: int, habits: Habits, cache_bytes: int, seed: int = 0) -> Day:
    """One day, with an empty cache in the morning."""
    day, seen = Day(), set[Run]()
    kept: OrderedDict[Run, None] = OrderedDict()
    for run in visits(visitors, habits, np.random.default_rng(seed)):
        day.runs += 1
        day.hits += run in kept
        kept[run] = None
        kept.move_to_end(run)
        if len(kept) * RUN_BYTES > cache_bytes:
            kept.popitem(last=False)
        seen.add(run)
    day.different = len(seen)
    return day


def egress(visitors: int) -> tuple[float, float]:
    """Bytes that leave in a day, in TB: runs, and pages with all their files."""
    return visitors * RUNS_A_VISITOR * RUN_BYTES / 1e12, visitors * PAGE_BYTES / 1e12


def table(scales: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)) -> list[str]:
    """The rows of the table in docs/scaling.md."""
    said = []
    for visitors in scales:
        for label, stops in (("5 stops", 5), ("15 stops", 15), ("none", 0)):
            days = [simulate(visitors, Habits(stops=stops), size << 20) for size in (256, 4096)]
            rates = " | ".join(f"{day.hit_rate:.0%}" for day in days)
            said.append(
                f"| {visitors:,} | {label} | {days[0].different:,} | {rates} | {days[0].cores:.2f} | {days[1].cores:.2f} |"
            )
    return said


def main() -> None:
    """Prints the table and the egress of a million visitors."""
    print("\n".join(table()))
    runs, pages = egress(1_000_000)
    rate = (runs + pages) * 8e12 / 86400 / 1e6
    print(f"a million visitors: {runs:.2f} TB of runs, {pages:.2f} TB of pages, {rate:.0f} Mbit/s on average")


if __name__ == "__main__":
    main()
