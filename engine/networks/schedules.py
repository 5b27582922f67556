"""Learning rates over time: functions of the step, from 0, to the rate at that step. The rate is fed, so nothing is rebuilt."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi

Schedule = Callable[[int], float]


def constant(rate: float) -> Schedule:
    """The same rate for ever."""
    return lambda step: rate


def stepped(rate: float, every: int, factor: float = 0.5) -> Schedule:
    """Times `factor` after every `every` steps."""
    return lambda step: rate * factor ** (step // every)


def exponential(rate: float, steps: int, final: float = 0.01) -> Schedule:
    """Down by an equal factor each step, to `final` of the rate after `steps`."""
    return lambda step: float(rate * final ** (min(step, steps) / steps))


def inverse(rate: float, half_after: float) -> Schedule:
    """The rate over 1 + step / half_after: satisfies the conditions of Robbins and Monro (1951)."""
    return lambda step: rate / (1 + step / half_after)


def cosine(rate: float, steps: int, final: float = 0.0) -> Schedule:
    """Half a cosine from the rate to `final` of it over `steps` (Loshchilov and Hutter, 2017)."""
    return lambda step: rate * (final + (1 - final) * 0.5 * (1 + cos(pi * min(step, steps) / steps)))


def warmed_up(schedule: Schedule, steps: int) -> Schedule:
    """A straight climb over the first `steps` (Goyal et al., 2017), then the schedule as it would stand there."""
    return lambda step: schedule(step) * min(1.0, (step + 1) / steps)
