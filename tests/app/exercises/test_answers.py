"""Answers as people write them: decimal commas, fractions, powers of ten, all signs of a minus; and what cannot be read."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exercises.answers import LONGEST, MISFIT, Number, Shape, Unreadable


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        (",25", 0.25),
        ("-.5", -0.5),
        ("−0.25", -0.25),
        ("–0,25", -0.25),
        ("‐1", -1),
        ("+3", 3),
        ("- 3", -3),
        ("3/4", 0.75),
        ("−3 / 4", -0.75),
        ("3⁄4", 0.75),
        ("¾", 0.75),
        ("1½", 1.5),
        ("1 1/2", 1.5),
        ("-1 1/2", -1.5),
        ("0,5/2", 0.25),
        ("2.5e-3", 0.0025),
        ("2,5E−3", 0.0025),
        ("2.5·10^-3", 0.0025),
        ("2.5 × 10⁻³", 0.0025),
        ("−2*10**(2)", -200),
        ("10^-3", 0.001),
        ("-10⁻³", -0.001),
        ("25%", 0.25),
        ("25 %", 0.25),
        ("≈ 0.3", 0.3),
        ("= 0.3", 0.3),
        ("０．５", 0.5),
        ("٣", 3),
        ("12.", 12),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert Number(3).read(text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["1,792", "1.792", "1 792", "1’792", "1'792", "1792", "1792,0"])
def test_a_count_may_have_signs_between_thousands(text: str) -> None:
    assert Number(0).read(text) == 1792


def test_a_comma_is_one_of_decimals_where_decimals_are_asked_for() -> None:
    assert Number(3).read("1,792") == 1.792


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "1,234.5", "--1", "1/0", "0/0", "nan", "inf", "1e", "e5", "1 2", "2^3", "1/2/3", "0x10", "%", "="]
)
def test_what_is_no_number_is_told_with_examples(text: str) -> None:
    with pytest.raises(Unreadable, match="cannot be read as a number"):
        Number(3).read(text)


@pytest.mark.parametrize("text", ["1e999", "-10^400", "1e308/1e-308"])
def test_a_number_without_end_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        Number(3).read(text)


@given(st.text(max_size=LONGEST + 20) | st.from_regex(r"[-+0-9.,/eE^*·⁻³½% ]{1,30}", fullmatch=True))
def test_any_text_is_a_finite_number_a_shape_or_unreadable(text: str) -> None:
    for form in (Number(3), Number(0), Shape()):
        answer: Any = ()
        with suppress(Unreadable):
            answer = form.read(text)
        assert all(math.isfinite(each) for each in (answer if isinstance(answer, tuple) else (answer,)))


def test_a_long_answer_is_refused_before_it_is_read() -> None:
    for form in (Number(3), Shape()):
        with pytest.raises(Unreadable, match="at most 40 characters"):
            form.read("9" * 60_000)


@pytest.mark.parametrize("text", ["(3, 4)", "3, 4", "3x4", "3 × 4", "[3 4]", "3*4", "(3,4,)", "3;4"])
def test_a_shape_is_read_as_people_write_it(text: str) -> None:
    assert Shape().read(text) == (3, 4)


def test_one_axis_and_no_shape_have_their_ways() -> None:
    assert Shape().read("(3,)") == Shape().read("3") == (3,)
    assert Shape().read("None") == Shape().read("none") == MISFIT


@pytest.mark.parametrize("text", ["()", "(3, -4)", "3.5", "n, d", "1 2 3 4 5 6 7 8 9", "9999999"])
def test_what_is_no_shape_is_told(text: str) -> None:
    with pytest.raises(Unreadable, match="cannot be read as a shape"):
        Shape().read(text)


def test_the_last_decimal_may_be_off_by_one_and_a_count_may_not() -> None:
    assert Number(3).same(0.351, 0.35)
    assert not Number(3).same(0.3521, 0.35)
    assert Number(5).same(0.00126, 0.00125)
    assert not Number(5).same(0.00127, 0.00125)
    assert not Number(0).same(447, 448)
    assert not Number(0).same(448.001, 448)


def test_usual_slips_are_told_whatever_the_line_is_about() -> None:
    assert "sign" in Number(3).slip(-0.35, 0.35)
    assert "%" in Number(3).slip(35, 0.35)
    assert "three decimals" in Number(3).slip(0.4, 0.35)
    assert "three decimals" in Number(3).slip(0.35, 0.3467)
    assert Number(3).slip(0.36, 0.3467) == ""
    assert "order" in Shape().slip((4, 3), (3, 4))
    assert Shape().slip((4, 4), (3, 4)) == ""
