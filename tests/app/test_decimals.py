"""Decimal commas, held with the browser's reading to one table of cases."""

from __future__ import annotations

import json

import pytest

from app.decimals import with_point
from app.query import BadQuery, parse
from app.topics import topics
from app.typed import numbers
from tests.conftest import ROOT

CASES: dict[str, str] = json.loads((ROOT / "tests" / "decimals.json").read_text(encoding="utf-8"))
RACE = topics()["learning-rate"].demo("race").params


@pytest.mark.parametrize(("text", "read"), CASES.items())
def test_a_comma_is_a_decimal_point_where_it_can_be_nothing_else(text: str, read: str) -> None:
    assert with_point(text) == read


def test_a_number_of_an_address_may_have_a_decimal_comma() -> None:
    assert parse(RACE, [("learning_rate", "0,3")]) == parse(RACE, [("learning_rate", "0.3")])


def test_a_comma_that_may_stand_between_thousands_is_asked_about() -> None:
    with pytest.raises(BadQuery) as refused:
        parse(RACE, [("learning_rate", "1,000")])
    assert "is 1 to some and 1000 to others: give a number from" in str(refused.value)


@pytest.mark.parametrize("text", ["0.5, 1.5", "0,5; 1,5", "0,5 1,5", "0.5;1.5", "0.5 1.5"])
def test_a_typed_list_has_commas_between_its_numbers_or_within_them(text: str) -> None:
    assert numbers(text, 2, 0, 2) == [0.5, 1.5]
