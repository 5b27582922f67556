"""Learning rates over time: functions of the step, from 0, to the rate at that step. The rate is fed, so nothing is rebuilt.

All raise GraphError when they are made: for a rate or factor that is negative or not finite, and for a length below 1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, inf, isfinite, pi

from engine.graph import GraphError

Schedule = Callable[[int], float]


def constant(rate: float) -> Schedule:
    """The same rate for ever."""
    _checked("constant", rate=rate)
    return lambda step: rate


def stepped(rate: float, every: int, factor: float = 0.5) -> Schedule:
    """Times `factor` after every `every` steps."""
    _checked("stepped", every, rate=rate, factor=factor)
    return lambda step: rate * factor ** (step // every)


def exponential(rate: float, steps: int, final: float = 0.01) -> Schedule:
    """Down by an equal factor each step, to `final` of the rate after `steps`."""
    _checked("exponential", steps, rate=rate, final=final)
    return lambda step: float(rate * final ** (min(step, steps) / steps))


def inverse(rate: float, half_after: float) -> Schedule:
    """The rate over 1 + step / half_after: satisfies the conditions of Robbins and Monro (1951)."""
    _checked("inverse", rate=rate)
    if not 0 < half_after < inf:
        raise GraphError(f"inverse: got half_after {half_after}, wanted a finite number above 0")
    return lambda step: rate / (1 + step / half_after)


def cosine(rate: float, steps: int, final: float = 0.0) -> Schedule:
    """Half a cosine from the rate to `final` of it over `steps` (Loshchilov and Hutter, 2017)."""
    _checked("cosine", steps, rate=rate, final=final)
    return lambda step: rate * (final + (1 - final) * 0.5 * (1 + cos(pi * min(step, steps) / steps)))


def warmed_up(schedule: Schedule, steps: int) -> Schedule:
    """A straight climb over the first `steps` (Goyal et al., 2017), then the schedule as it would stand there."""
    _checked("warmed_up", steps)
    return lambda step: schedule(step) * min(1.0, (step + 1) / steps)


def _checked(name: str, steps: int = 1, **numbers: float) -> None:
    if not 1 <= steps < inf:
        raise GraphError(f"{name}: got {steps} steps, wanted at least 1")
    for key, number in numbers.items():
        if not (isfinite(number) and number >= 0):
            raise GraphError(f"{name}: got {key} {number}, wanted a finite number of at least 0")
