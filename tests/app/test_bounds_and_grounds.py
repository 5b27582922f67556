"""Bounds and grounds: what they hold, how they say themselves, and the corners at which they are tried."""

from __future__ import annotations

import math
from typing import Literal

import pytest

from app.bounds import Bounds, at_least, at_most, between, exactly, one_of
from app.claims import Claim
from app.ground import ANYWHERE, Ground
from app.params import Params, choice, slider, switch


class Example(Params):
    """A field of every kind that a ground can speak of."""

    depth: int = slider(20, (2, 5, 10, 20), label="depth", unit="layers", help="", minimum=1, maximum=50)
    learning_rate: float = slider(0.1, (0.01, 0.1, 1.0), label="learning rate", help="")
    activation: Literal["relu", "elu"] = choice("relu", {"relu": "ReLU", "elu": "ELU"}, label="activation", help="")
    decay: bool = switch(True, label="decay", help="")


def test_bounds_say_themselves_in_words() -> None:
    assert [bounds.said() for bounds in (at_least(0.97), at_most(-2), between(1, 3), exactly(0))] == [
        "at least 0.97",
        "at most −2",
        "1 to 3",
        "0",
    ]


@pytest.mark.parametrize("bounds", [at_least(1), at_most(1), between(0, 2), exactly(1)])
def test_the_ends_are_inside_and_nan_never_is(bounds: Bounds) -> None:
    assert bounds.hold(1)
    assert not bounds.hold(math.nan)
    assert not (bounds.hold(-1e9) and bounds.hold(1e9))


@pytest.mark.parametrize(("low", "high"), [(2, 1), (-math.inf, math.inf), (math.nan, 1)])
def test_bounds_that_nothing_or_everything_meets_are_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="wanted a low end"):
        Bounds(low, high)


def test_a_ground_says_its_conditions_in_the_words_of_the_form() -> None:
    ground = Ground(depth=at_least(5), activation=one_of("relu", "elu"), decay=True, learning_rate=0.1)
    assert ground.said(Example) == "depth at least 5\u00a0layers, activation ReLU or ELU, decay on, learning rate 0.1"
    assert Ground("on the ridge", depth=2).said(Example) == "on the ridge, depth 2\u00a0layers"
    assert ANYWHERE.said(Example) == "any setting"


def test_a_ground_says_only_what_keeps_a_run_off_it() -> None:
    ground = Ground("an even depth", lambda params: params.depth % 2 == 0, activation="elu", decay=True)
    assert ground.unmet(Example(depth=3, activation="relu")) == "an even depth, activation ELU"
    assert ground.unmet(Example(depth=3, activation="elu")) == "an even depth"
    assert ground.unmet(Example(depth=4, activation="elu")) == ""


def test_an_empty_entry_is_called_empty() -> None:
    assert one_of("").said() == "empty"


def test_a_ground_holds_where_all_its_conditions_do() -> None:
    ground = Ground("an even depth", lambda params: params.depth % 2 == 0, depth=between(2, 10), activation="elu")
    assert ground.holds(Example(depth=4, activation="elu"))
    assert not ground.holds(Example(depth=5, activation="elu"))
    assert not ground.holds(Example(depth=12, activation="elu"))
    assert not ground.holds(Example(depth=4))


def test_the_corners_are_the_ends_of_each_condition_and_lie_on_the_ground() -> None:
    ground = Ground(depth=between(2.5, 10), activation=one_of("relu", "elu"))
    assert ground.corners(Example) == [
        {"depth": 10, "activation": "relu"},
        {"depth": 3, "activation": "relu"},
        {"depth": 10, "activation": "elu"},
    ]
    assert all(ground.holds(Example(**values)) for values in ground.corners(Example))


def test_a_condition_without_an_end_goes_to_the_end_of_the_range() -> None:
    assert Ground(depth=at_least(20)).corners(Example) == [{"depth": 20}, {"depth": 50}]
    assert Ground("none", lambda _: False, depth=2).corners(Example) == []


@pytest.mark.parametrize(
    ("params", "measured", "wanted"),
    [
        (Example(), {"share": 0.5}, True),
        (Example(), {}, False),
        (Example(), {"share": math.nan}, True),
        (Example(depth=2), {"share": math.nan}, False),
        (Example(depth=2), {"share": math.inf}, True),
    ],
)
def test_a_claim_tells_what_was_never_measured_from_what_is_no_finite_number(
    params: Example, measured: dict[str, float], wanted: bool
) -> None:
    told = Claim("A share.", "share", at_least(0.1), Ground(depth=at_least(5))).judge(params, measured)
    assert told["was_measured"] is wanted
