"""Facts: how the ten numbers that runs measured are said in a sentence."""

from __future__ import annotations

import math

import pytest

from app.facts import Fact, _facts_in

TEN = [0.91, 0.955, 0.97, 0.98, 0.98, 0.982, 0.99, 0.99, 1.0, 1.0]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "0.98"),
        ({"show": "range"}, "0.91 to 1"),
        ({"show": "range", "scale": 100, "decimals": 0}, "91 to 100"),
        ({"show": "least", "digits": 1}, "0.9"),
        ({"show": "most"}, "1"),
        ({"show": "mean", "scale": 100, "decimals": 1}, "97.6"),
        ({"show": "count", "above": 0.98}, "7"),
    ],
)
def test_ten_numbers_are_said_as_asked(how: dict[str, object], said: str) -> None:
    assert Fact("demo", "measure", **how).said(TEN) == said  # type: ignore[arg-type]  # each as its field has it


def test_a_range_whose_ends_read_alike_is_one_number() -> None:
    assert Fact("demo", "measure", "range", digits=1).said([0.31, 0.33]) == "0.3"


@pytest.mark.parametrize("broken", [math.nan, math.inf, None])
def test_a_run_that_measured_no_finite_number_is_no_fact(broken: float | None) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        Fact("demo", "measure").said([1.0, broken])


def test_facts_are_found_in_a_template_by_their_arguments() -> None:
    source = """Ten {{ fact("race", "rate 1", "range", at={"momentum": 0.9}) }} and {{ other("race") }}"""
    assert list(_facts_in(source)) == [Fact("race", "rate 1", "range", at={"momentum": 0.9})]
    with pytest.raises(ValueError, match="written out"):
        list(_facts_in("{{ fact(name) }}"))
