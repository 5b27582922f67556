"""A row of the benchmark table, and how programs are timed so that a noisy machine treats them alike.

Every module of `benchmarks` that has a function `rows()` is a part of the table (`benchmarks/__main__.py` finds them).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

Program = Callable[[int], None]
"""Makes as many training steps as it is told."""


class Row(NamedTuple):
    """`ratio` above 1: ours is better by that factor. `ours` and `theirs` in `unit`."""

    work: str
    peer: str
    ratio: float
    ours: float
    theirs: float
    unit: str


def interleaved(programs: Mapping[str, Program], steps: int, rounds: int = 9) -> dict[str, float]:
    """Median seconds a step of each program, which gets the number of steps to make; rounds go A B C, A B C, ..."""
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for program in programs.values():
        program(max(steps // 4, 1))
    for _ in range(rounds):
        for name, program in programs.items():
            begin = time.perf_counter()
            program(steps)
            seconds[name].append((time.perf_counter() - begin) / steps)
    return {name: median(each) for name, each in seconds.items()}


def programs(ours: Callable[[], Program], peers: Mapping[str, Callable[[], Program]], work: str) -> dict[str, Program]:
    """Ours and every peer that is installed, each made ready; says which are missing."""
    made = {"ours": ours()}
    for name, peer in peers.items():
        try:
            made[name] = peer()
        except ImportError as missing:
            print(f"{work}: no {name} ({missing})")
    return made


def compared(work: str, seconds: Mapping[str, float], unit: str = "us/step") -> list[Row]:
    """A row for each peer of "ours" in `seconds`."""
    ours = seconds["ours"]
    return [Row(work, peer, theirs / ours, ours * 1e6, theirs * 1e6, unit) for peer, theirs in seconds.items() if peer != "ours"]
