"""What work costs: CPU seconds of this process, counted as they would be in a process that does nothing else."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Cost:
    """CPU seconds, once they are known."""

    seconds: float = float("nan")


@contextmanager
def with_its_own_garbage_alone() -> Iterator[None]:
    """Keeps Python's collector from what the tests hold, as a worker keeps it from what it has imported.

    A full collection that walks all objects of a test session takes some 70 ms, more than most of what has a bound here, and
    comes wherever its count has got to.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def counted() -> Iterator[Cost]:
    """Counts what is done within, also if it raises."""
    cost = Cost()
    with with_its_own_garbage_alone():
        before = time.process_time()
        try:
            yield cost
        finally:
            cost.seconds = time.process_time() - before


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the CPU seconds that it took."""
    with counted() as cost:
        given = work()
    return given, cost.seconds
