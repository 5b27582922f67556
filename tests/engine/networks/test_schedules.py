"""Schedules: where they begin, where they end, and what happens between."""

from __future__ import annotations

import numpy as np
import pytest

from engine import schedules
from engine.networks.schedules import Schedule

FALLING = {
    "stepped": schedules.stepped(0.8, every=10),
    "exponential": schedules.exponential(0.8, steps=100),
    "inverse": schedules.inverse(0.8, half_after=20),
    "cosine": schedules.cosine(0.8, steps=100),
}


@pytest.mark.parametrize("schedule", FALLING.values(), ids=FALLING)
def test_every_schedule_begins_at_its_rate_and_never_climbs(schedule: Schedule) -> None:
    rates = [schedule(step) for step in range(150)]
    assert rates[0] == 0.8
    assert (np.diff(rates) <= 0).all()
    assert min(rates) >= 0


def test_a_constant_rate_stays() -> None:
    assert {schedules.constant(0.3)(step) for step in (0, 1, 10_000)} == {0.3}


def test_a_stepped_rate_halves_at_each_boundary_and_not_before() -> None:
    assert [FALLING["stepped"](step) for step in (9, 10, 19, 20)] == pytest.approx([0.8, 0.4, 0.4, 0.2])


def test_an_exponential_rate_falls_by_equal_factors_and_then_rests() -> None:
    rates = np.array([FALLING["exponential"](step) for step in range(101)])
    np.testing.assert_allclose(rates[1:] / rates[:-1], 0.01**0.01)
    assert FALLING["exponential"](500) == pytest.approx(0.008)


def test_an_inverse_rate_is_half_after_as_many_steps_as_said() -> None:
    assert FALLING["inverse"](20) == pytest.approx(0.4)


def test_the_sum_of_an_inverse_rate_has_no_bound_and_that_of_its_squares_has_one() -> None:
    rates = np.array([FALLING["inverse"](step) for step in range(1_000_000)])
    assert rates[100_000:].sum() > 30  # still growing by as much each time the steps grow tenfold
    assert (rates[100_000:] ** 2).sum() < 0.01


def test_a_cosine_is_half_way_in_the_middle_and_rests_at_its_end() -> None:
    schedule = schedules.cosine(1.0, steps=100, final=0.2)
    assert [schedule(step) for step in (50, 100, 1000)] == pytest.approx([0.6, 0.2, 0.2])


def test_a_warm_up_climbs_in_equal_strides_and_then_leaves_the_schedule_alone() -> None:
    schedule = schedules.warmed_up(schedules.constant(0.5), steps=5)
    assert [schedule(step) for step in range(7)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5])
