"""Numbers as people read them, and as they can be typed back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import plain, written


@pytest.mark.parametrize(
    ("number", "text"), [(1e-5, "0.00001"), (100.0, "100"), (1_000_000, "1000000"), (-0.5, "-0.5"), (0.0, "0")]
)
def test_a_plain_number_has_no_exponent(number: float, text: str) -> None:
    assert plain(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_reads_back(number: float) -> None:
    assert float(plain(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e6, "1,000,000"),
        (1e8, "100,000,000"),
        (-2.5, "−2.5"),
        (1e-12, "1e−12"),
        (2.5e11, "2.5e11"),
        (0.0, "0"),
        (9999.5, "9999.5"),
        (float("nan"), "no finite number"),
    ],
)
def test_a_number_to_be_read_has_an_exponent_only_where_it_is_shorter(number: float, text: str) -> None:
    assert written(number) == text


def test_a_measured_number_has_as_many_digits_as_asked_for() -> None:
    assert [written(number, 4) for number in (32_044_321.0, 0.123456)] == ["32,040,000", "0.1235"]
