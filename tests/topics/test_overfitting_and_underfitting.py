"""Points that visitors type: what is taken, and that all else is refused in words."""

from __future__ import annotations

import pytest

from app.topics.overfitting_and_underfitting.wave import MOST_ADDED, parse_points, points_of


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        (" ; ", ""),
        ("0.50 +1.2;-.3 -0.8 ;", "0.5 1.2; -0.3 -0.8"),
        ("-0 2.", "0 2"),
        ("0.123456 0", "0.1235 0"),
        ("1.02 -2.08", "1 -2"),
    ],
)
def test_points_come_out_canonical_and_stay_so(typed: str, canonical: str) -> None:
    assert parse_points(typed) == canonical
    assert parse_points(canonical) == canonical


@pytest.mark.parametrize(
    "typed", ["1", "0 1 2", "0,5 1", "a b", "1e-3 0", "nan 0", "inf 0", "0 0x1", "٣ 0", "1.1 0", "0 -2.2", "--1 0"]
)
def test_anything_else_is_refused_saying_what_is_wanted(typed: str) -> None:
    with pytest.raises(ValueError, match="wanted"):
        parse_points(typed)


def test_no_more_points_than_the_chart_can_bear() -> None:
    assert points_of(parse_points("0 0;" * MOST_ADDED)).shape == (2, MOST_ADDED)
    with pytest.raises(ValueError, match=f"at most {MOST_ADDED}"):
        parse_points("0 0;" * (MOST_ADDED + 1))


def test_points_are_columns_of_x_and_y() -> None:
    assert points_of("").shape == (2, 0)
    assert points_of("0.5 1; -1 2").tolist() == [[0.5, -1.0], [1.0, 2.0]]
