"""Pace: the moments at which a run shows itself, for the loop and for the plan of frames alike."""

from __future__ import annotations

import itertools

import pytest

from app.pace import MOST_FRAMES, Pace


@pytest.mark.parametrize(("steps", "frames"), [(0, 2), (1, 2), (5, 120), (300, 121), (100_000, 241)])
def test_the_loop_shows_as_many_moments_as_the_pace_is_long(steps: int, frames: int) -> None:
    pace = Pace(steps, frames)
    walked = list(pace)
    assert [done for done, _ in walked] == list(range(steps + 1))
    assert [done for done, shown in walked if shown] == list(pace.moments)
    assert len(pace) == len(pace.moments) <= min(frames, steps + 1)
    assert {0, steps} <= set(pace.moments)


def test_moments_are_denser_early_on_and_leave_no_wide_gap() -> None:
    moments = Pace(1000, 121).moments
    assert sum(moment <= 100 for moment in moments) >= 0.2 * len(moments)
    assert max(after - before for before, after in itertools.pairwise(moments)) <= 13


@pytest.mark.parametrize(("steps", "frames"), [(-1, 10), (10, 1), (10, MOST_FRAMES + 1)])
def test_a_pace_that_cannot_be_kept_is_refused(steps: int, frames: int) -> None:
    with pytest.raises(ValueError, match=f"got {steps} and {frames}"):
        Pace(steps, frames)


def test_moments_may_be_said_one_by_one_or_evenly() -> None:
    assert Pace.at([4, 0, 9, 4]).moments == (0, 4, 9)
    assert Pace.evenly(10, 4).moments == (0, 4, 8, 10)
    assert Pace.at([0, 2]).steps == 2
