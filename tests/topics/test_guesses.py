"""Guesses: the run makes one answer true, the same for every seed, and a sketch has a curve to be compared with.

No answer is stored anywhere: what these tests know is only that the measured number falls to one option.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from app.charts import Curves, Lines
from app.experiment import guess_url, preset_experiment
from app.facts import over_defaults
from app.topic import Demo, Guess, Question, Sketch, Topic
from app.topics import topics
from tests.topics.measuring import EXHAUSTIVE, told

EVERY = [
    pytest.param(topic, demo, guess, id=f"{slug}/{demo.name}/{guess.name}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for guess in demo.guesses
]
every_guess = pytest.mark.parametrize(("topic", "demo", "guess"), EVERY)
SEEDS = [0, *(pytest.param(seed, marks=EXHAUSTIVE) for seed in range(1, 10))]


def told_of(topic: Topic, demo: Demo, guess: Question, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a run at the guess's values says at its end, of the guess and in all."""
    seeded = {"seed": seed} if demo.params.seeded else {}
    done = told(topic.slug, demo.name, {**guess.values, **seeded}).done
    return next(one for one in done["guesses"] if one["name"] == guess.name), done


@pytest.mark.parametrize("seed", SEEDS)
@every_guess
def test_a_run_answers_its_guess_as_every_other_seed_does(topic: Topic, demo: Demo, guess: Question, seed: int) -> None:
    said, done = told_of(topic, demo, guess, seed)
    assert 0 <= said["frame"] < done["frames"]
    if isinstance(guess, Guess):
        assert said["right"] is not None, f"{guess.said}: {said['measured']}"
        assert said["right"] == told_of(topic, demo, guess, 0)[0]["right"]


@every_guess
def test_the_moment_that_shows_why_is_found_in_the_run(topic: Topic, demo: Demo, guess: Question) -> None:
    said, done = told_of(topic, demo, guess, 0)
    if guess.look.measure:
        assert said["frame"] < done["frames"] - 1, "never: leave the measure out, and the end is shown"


@every_guess
def test_a_guess_leads_to_a_run_that_there_is_and_is_found_by_its_name(topic: Topic, demo: Demo, guess: Question) -> None:
    assert demo.guess(guess.name) is guess
    there = preset_experiment(topic, demo, guess)
    assert guess_url(topic, demo, guess) == f"{there.url()}#guess={guess.name}"
    assert over_defaults(demo, guess.values) == over_defaults(demo, there.params.values())
    assert "seed" not in guess.values, "it is asked with any seed"


@every_guess
def test_a_guess_asks_in_a_line_and_explains_in_sentences(topic: Topic, demo: Demo, guess: Question) -> None:
    assert len(guess.question) <= 110
    assert guess.why.endswith(".")
    assert guess.look.text.endswith(".")
    if isinstance(guess, Guess):
        assert guess.question.endswith("?")
        texts = [option.text for option in guess.options]
        assert all(text[0].isupper() or not text[0].isalpha() for text in texts)
        assert not any(text.endswith(".") for text in texts)
        assert len(set(texts)) == len(texts)


@every_guess
def test_a_sketch_is_drawn_into_a_chart_whose_axes_stand_still(topic: Topic, demo: Demo, guess: Question) -> None:
    if not isinstance(guess, Sketch):
        return
    chart = demo.charts(preset_experiment(topic, demo, guess).params)[guess.chart]
    assert isinstance(chart, Lines | Curves)
    assert guess.series in chart.series
    assert chart.x.range is not None
    assert chart.y.range is not None


@pytest.mark.parametrize("slug", list(topics()))
def test_every_topic_asks_at_least_twice_and_once_off_its_defaults(slug: str) -> None:
    asked = [(demo, guess) for demo in topics()[slug].demos for guess in demo.guesses]
    names = [guess.name for _, guess in asked]
    assert len(set(names)) == len(names) >= 2
    assert any(over_defaults(demo, guess.values) != over_defaults(demo, {}) for demo, guess in asked)


def test_curves_worth_drawing_are_drawn() -> None:
    assert sum(isinstance(param.values[2], Sketch) for param in EVERY) >= 6


def test_numbers_that_no_run_measured_answer_nothing() -> None:
    def right(guess: Guess, measured: Mapping[str, float]) -> Any:
        return guess.judge(measured)["right"]

    for param in EVERY:
        guess = param.values[2]
        if isinstance(guess, Guess):
            assert right(guess, {}) is None
            assert right(guess, dict.fromkeys(guess.measures, math.nan)) is None
