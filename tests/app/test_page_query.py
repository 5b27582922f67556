"""A page's address beside its experiment: pins, modes, and what is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from app.experiment import Experiment
from app.page_query import MOST_PINS, PageQuery, pin_value, pinned
from app.query import BadQuery
from app.topics import topics

RACE = [("demo", "race"), ("learning_rate", "0.1")]


def experiment(*items: tuple[str, str]) -> Experiment:
    return Experiment.of(topics()["learning-rate"], list(items))


def test_pins_and_mode_are_taken_out_of_the_experiments_own_items() -> None:
    query = PageQuery.of([*RACE[:1], ("pin", "seed=1"), *RACE[1:], ("embed", "1"), ("pin", "seed=2")])
    assert query == PageQuery(RACE, ("seed=1", "seed=2"), "embed")


def test_a_run_pinned_twice_is_one_pin() -> None:
    assert PageQuery.of([("pin", "seed=1"), ("pin", "seed=2"), ("pin", "seed=1")]).pins == ("seed=1", "seed=2")


def test_more_pins_than_there_is_room_for_are_refused_and_the_rest_is_kept() -> None:
    pins = [("pin", f"seed={seed}") for seed in range(MOST_PINS + 1)]
    assert len(PageQuery.of(pins[:-1]).pins) == MOST_PINS
    with pytest.raises(BadQuery) as refused:
        PageQuery.of(RACE + pins)
    assert [error.field for error in refused.value.errors] == ["pin"]
    assert refused.value.kept == dict(RACE)


@pytest.mark.parametrize("mode", ["embed", "present"])
@pytest.mark.parametrize("value", ["0", "", "true"])
def test_a_mode_is_switched_on_by_1_alone(mode: str, value: str) -> None:
    assert PageQuery.of([(mode, "1")]).mode == mode
    with pytest.raises(BadQuery):
        PageQuery.of([(mode, value)])


def test_the_address_of_a_page_is_read_back_as_it_was_written() -> None:
    here = experiment(*RACE)
    query = PageQuery(RACE, (pin_value(experiment(("learning_rate", "0.03"))), pin_value(experiment(("seed", "5")))), "present")
    address = query.url(here)
    again = PageQuery.of(parse_qsl(address.partition("?")[2]))
    assert (again.pins, again.mode) == (query.pins, query.mode)
    assert again.url(Experiment.of(here.topic, again.items)) == address
    assert PageQuery(RACE).url(here) == here.url()


def test_a_pin_is_named_by_what_differs() -> None:
    here = experiment(*RACE)
    values = tuple(pin_value(experiment(*items)) for items in ([("learning_rate", "0.03"), ("seed", "5")], RACE))
    slower, same = pinned(here, PageQuery(RACE, values))
    assert "0.03" in slower.label
    assert "5" in slower.label
    assert "momentum" not in slower.label.lower()
    assert same.label == "the same run"


def test_a_pin_has_the_address_of_its_own_stream_and_page() -> None:
    other = experiment(("learning_rate", "0.03"))
    (pin,) = pinned(experiment(*RACE), PageQuery(RACE, (pin_value(other),)))
    assert (pin.stream_url, pin.page_url) == (other.url("/stream"), other.url())


@pytest.mark.parametrize("value", ["learning_rate=fast", "no_such_control=1", "demo=schedules"])
def test_what_is_no_run_of_this_demo_cannot_be_pinned(value: str) -> None:
    with pytest.raises(BadQuery) as refused:
        pinned(experiment(*RACE), PageQuery(RACE, (value,)))
    assert refused.value.kept == dict(RACE)
