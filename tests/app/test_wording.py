"""Numbers as people read them, and as they can be typed back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import chosen, plain, written
from tests.conftest import ROOT

CASES = json.loads((ROOT / "tests" / "numbers.json").read_text(encoding="utf-8"))
"""Number, significant digits, and what both Python and the browser write."""


@pytest.mark.parametrize(
    ("number", "text"), [(1e-5, "0.00001"), (100.0, "100"), (1_000_000, "1000000"), (-0.5, "-0.5"), (0.0, "0")]
)
def test_a_plain_number_has_no_exponent(number: float, text: str) -> None:
    assert plain(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_reads_back(number: float) -> None:
    assert float(plain(number)) == number


@pytest.mark.parametrize(("number", "digits", "text"), CASES)
def test_a_number_is_written_by_the_rule(number: float | None, digits: int, text: str) -> None:
    assert written(number, digits) == text


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_said_in_words(number: float) -> None:
    assert written(number) == "no finite number"


@given(st.floats(-1e307, 1e307), st.integers(1, 12))
def test_what_is_written_is_the_number_as_near_as_its_digits_allow(number: float, digits: int) -> None:
    said = float(written(number, digits).replace("−", "-").replace(",", ""))
    assert said == pytest.approx(number, rel=0.51 * 10.0 ** (1 - digits), abs=0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "on"),
        (False, "off"),
        (0.3, "0.3"),
        (-0.5, "−0.5"),
        (1e-6, "1e−6"),
        (12_345, "12,345"),
        ("adam", "adam"),
        ("a = 1\nb", "a = 1…"),
        ("x" * 201, "x" * 199 + "…"),
    ],
)
def test_a_chosen_value_is_said_whole(value: object, text: str) -> None:
    assert chosen(value) == text
