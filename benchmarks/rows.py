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


SLICE = 0.02
"""Seconds that each program runs before it is the next one's turn: a shared machine's slow spells, which last from hundredths of
a second to whole ones, then meet all programs alike.
"""


def interleaved(programs: Mapping[str, Program], steps: int, rounds: int = 25) -> dict[str, float]:
    """Median seconds a step of each program, which gets the number of steps to make; rounds go A B C, A B C, ...

    `steps` is how many it makes to get warm; then as many as fit into a slice.
    """
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    slices = {name: _slice(program, steps) for name, program in programs.items()}
    for _ in range(rounds):
        for name, program in programs.items():
            seconds[name].append(_seconds(program, slices[name]))
    return {name: median(each) for name, each in seconds.items()}


def _slice(program: Program, steps: int) -> int:
    """How many steps fill a slice; those of the first calls are not counted, which is where some compile."""
    program(steps)
    fitting = max(1, round(SLICE / _seconds(program, steps)))
    program(fitting)
    return fitting


def _seconds(program: Program, steps: int) -> float:
    begin = time.perf_counter()
    program(steps)
    return (time.perf_counter() - begin) / steps


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
