"""What a guess is made of: options that exclude each other, numbers that decide, and the moment at which an answer is seen."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.bounds import at_least, at_most, between
from app.guesses import Guess, Highest, Lowest, Moment, Option, Ratio, Sketch, Watch, either

TWO = (Option("It falls", at_most(1)), Option("It rises", at_least(2)))


def guess(**said: Any) -> Guess:
    usual = {"name": "loss", "question": "What will it do?", "of": "loss", "said": "the loss", "options": TWO, "why": "So."}
    return Guess(**{**usual, "look": Moment("There."), **said})


def judged(of: Any, measured: dict[str, float], options: tuple[Option, ...] = TWO) -> Any:
    return guess(of=of, options=options).judge(measured)["right"]


def test_the_option_is_right_within_whose_bounds_the_measured_number_is() -> None:
    assert [judged("loss", {"loss": value}) for value in (0.5, 2.0, math.inf, 1.5, math.nan)] == [0, 1, 1, None, None]
    assert judged("loss", {}) is None


def test_options_that_could_both_be_true_are_refused() -> None:
    with pytest.raises(ValueError, match="can both be true"):
        guess(options=(Option("Low", at_most(1)), Option("Middling", between(1, 2))))
    with pytest.raises(ValueError, match="1 options, wanted 2 to 4"):
        guess(options=TWO[:1])
    with pytest.raises(ValueError, match="wanted a name of small letters"):
        guess(name="Rate 10")


def test_a_ratio_is_judged_and_shown() -> None:
    ratio = guess(of=Ratio("test", "train"))
    assert ratio.judge({"test": 6.0, "train": 2.0}) == {"right": 1, "measured": [3.0], "said": "the loss"}
    assert ratio.measures == ("test", "train")
    assert judged(Ratio("test", "train"), {"test": 1.0, "train": 0.0}) == 1
    assert judged(Ratio("test", "train"), {"test": 1.0}) is None


def test_of_several_numbers_the_lowest_or_the_highest_decides_unless_two_are_equal() -> None:
    options = either("a", "b", "c")
    numbers = {"a": 2.0, "b": 1.0, "c": math.inf}
    assert judged(Lowest(("a", "b", "c")), numbers, options) == 1
    assert judged(Highest(("a", "b", "c")), numbers, options) == 2
    assert guess(of=Highest(("a", "b", "c")), options=options).judge(numbers)["measured"] == [2.0, 1.0, math.inf]
    assert judged(Lowest(("a", "b", "c")), {"a": 1.0, "b": 1.0, "c": 2.0}, options) is None
    assert judged(Lowest(("a", "b", "c")), {"a": 1.0, "b": 2.0}, options) is None


def frame_of(look: Moment) -> int:
    """Where a run of four frames, whose loss falls by one a frame and whose steps are tens, shows it."""
    watch = Watch(guess(look=look))
    for frame in range(4):
        watch.saw(frame, 10 * frame, {"loss": 4.0 - frame})
    frame_seen: int = watch.told(4, {"loss": 1.0})["frame"]
    return frame_seen


def test_the_moment_is_the_first_frame_at_which_a_number_is_within_bounds_and_else_the_last() -> None:
    assert frame_of(Moment("Low.", "loss", at_most(3))) == 1
    assert frame_of(Moment("Late.", "step", at_least(15))) == 2
    assert frame_of(Moment("Never.", "loss", at_most(0))) == 3
    assert frame_of(Moment("At the end.")) == 3


def test_a_run_without_frames_has_its_moment_all_the_same() -> None:
    assert Watch(guess()).told(0, {})["frame"] == 0


def test_of_a_sketch_the_run_tells_why_and_where_and_leaves_the_area_to_the_page() -> None:
    sketch = Sketch(name="line", question="Draw it", why="So.", look=Moment("There."), chart="loss", series="train")
    assert Watch(sketch).told(3, {"loss": 1.0}) == {"name": "line", "frame": 2, "seen": "There.", "why": "So."}
