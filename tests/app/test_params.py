"""A parameter is declared once; what derives from it must agree with it."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import ValidationError

from app.params import LARGEST_SEED, Params, choice, slider, switch
from app.typed import numbers


class Example(Params):
    learning_rate: float = slider(0.1, (0.01, 0.1, 1.0), label="learning rate", help="Step length.", log=True, maximum=10)
    hidden_units: int = slider(8, (2, 8, 32), label="hidden units", help="Width.")
    activation: Literal["relu", "tanh"] = choice("relu", {"relu": "ReLU", "tanh": "tanh"}, label="activation", help="Bend.")
    momentum: bool = switch(False, label="momentum", help="Keeps going.")


def test_the_seed_is_the_last_control_of_every_form() -> None:
    assert Example.in_order() == ["learning_rate", "hidden_units", "activation", "momentum", "seed"]


def test_seed_zero_is_a_seed() -> None:
    assert Example(seed=0).values()["seed"] == 0


def test_a_slider_takes_any_value_within_its_widened_range() -> None:
    assert Example(learning_rate=7.7).learning_rate == 7.7
    with pytest.raises(ValidationError):
        Example(learning_rate=10.1)


@pytest.mark.parametrize("wrong", [{"learning_rate": float("nan")}, {"stranger": 1}, {"seed": LARGEST_SEED + 1}, {"seed": -1}])
def test_values_that_are_no_experiment_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Example.model_validate(wrong)


def test_params_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Example().learning_rate = 1.0  # type: ignore[misc]  # the point of the test


def test_the_schema_of_a_choice_lists_its_values() -> None:
    assert Example.schema_of("activation")["enum"] == ["relu", "tanh"]


def test_stops_out_of_order_are_refused_when_declared() -> None:
    with pytest.raises(ValueError, match="ascend"):
        slider(1, (1, 3, 2), label="x", help="y")


def test_a_default_beside_the_stops_is_refused_when_declared() -> None:
    with pytest.raises(ValueError, match="default"):
        slider(2, (1, 3), label="x", help="y")


@pytest.mark.parametrize("text", ["1,-0.5", " 1 , −0.5 ", "1; -.5", "1 -0.5", "1e0,-5e-1"])
def test_typed_numbers_are_read_with_commas_or_spaces_between_them(text: str) -> None:
    assert numbers(text, 2, -5, 5) == [1.0, -0.5]


@pytest.mark.parametrize("text", ["", "1", "1, 2, 3", "1, 6", "1, nan", "1, inf", "1, x", "1,, 2", "1, 2,"])
def test_typed_numbers_that_do_not_fit_get_told_what_does(text: str) -> None:
    with pytest.raises(ValueError, match="2 numbers from -5 to 5, with commas between them"):
        numbers(text, 2, -5, 5)
