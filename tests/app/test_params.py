"""A parameter is declared once; what derives from it must agree with it."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import ValidationError

from app.params import LARGEST_SEED, Params, choice, slider, switch


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
