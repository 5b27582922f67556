"""A page's address beside its experiment: pins, modes, and what is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from app.experiment import Experiment
from app.page_query import MOST_PINS, PageQuery, pin_value, pinned
from app.query import BadQuery, text_of
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


def test_a_canonical_address_leaves_out_defaults_in_pins_too_and_each_pin_is_there_once() -> None:
    here = experiment()
    opened = here.demo.params()
    every = "&".join(f"{name}={text_of(value)}" for name, value in opened.values().items())
    query = PageQuery.of([("pin", every), ("pin", "seed=0"), ("pin", f"{every.removesuffix('seed=0')}seed=5")])
    assert [pin.value for pin in pinned(here, query)] == ["", "seed=5"]
    assert query.holding(pinned(here, query)).url(here) == "/topics/learning-rate?pin=&pin=seed%3D5"
    assert PageQuery.of([("pin", "")]).url(here) == "/topics/learning-rate?pin="
    assert PageQuery([], (), "embed").url(here) == "/topics/learning-rate?embed=1"


def test_the_first_demo_as_it_opens_is_the_topics_own_address_and_its_stream_says_all() -> None:
    here = experiment(("demo", "race"), ("seed", "0"))
    assert (here.url(), here.url("/run.json")) == ("/topics/learning-rate", "/topics/learning-rate/run.json")
    assert experiment(("demo", "schedules"), ("seed", "2")).url() == "/topics/learning-rate?demo=schedules&seed=2"
    said = parse_qsl(here.stream_url.partition("?")[2])
    assert [name for name, _ in said] == ["demo", *type(here.params).in_order()]


def test_a_pin_has_the_address_of_its_own_stream_and_page() -> None:
    other = experiment(("learning_rate", "0.03"))
    (pin,) = pinned(experiment(*RACE), PageQuery(RACE, (pin_value(other),)))
    assert (pin.stream_url, pin.page_url) == (other.stream_url, other.url())


@pytest.mark.parametrize("value", ["learning_rate=fast", "no_such_control=1", "demo=schedules"])
def test_what_is_no_run_of_this_demo_cannot_be_pinned(value: str) -> None:
    with pytest.raises(BadQuery) as refused:
        pinned(experiment(*RACE), PageQuery(RACE, (value,)))
    assert refused.value.kept == dict(RACE)
