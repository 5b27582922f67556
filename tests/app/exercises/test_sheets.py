"""What every sheet promises: the same numbers for the same seed, four to ten lines, formulas that can be set, a topic."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import entries
from app.exercises import exercises, of_topic, topic_of
from app.exercises.address import OWN, Address
from app.notation import breakable, mathml
from app.params import LARGEST_SEED

KINDS = pytest.mark.parametrize("name", list(exercises()))
SEEDS = st.integers(0, LARGEST_SEED)


@KINDS
def test_a_seed_says_all_numbers(name: str) -> None:
    exercise = exercises()[name]
    assert exercise.sheet(7).solution() == exercise.sheet(7).solution()
    assert len({tuple(exercise.sheet(seed).solution()) for seed in range(20)}) >= 18


@KINDS
@settings(max_examples=10)
@given(seed=SEEDS)
def test_a_sheet_has_four_to_ten_lines_whose_names_do_not_depend_on_the_seed(name: str, seed: int) -> None:
    sheet = exercises()[name].sheet(seed)
    names = [line.name for line in sheet.lines]
    assert 4 <= len(names) == len(set(names)) <= 10
    assert not set(names) & set(OWN)
    kept = [other.name for other in exercises()[name].sheet(0).lines]
    assert sorted(names) == sorted(kept) or name == "softmax-cross-entropy", (
        "whose gradient is asked for depends on the right class"
    )


@KINDS
@settings(max_examples=5)
@given(seed=SEEDS)
def test_what_is_given_and_worked_can_be_set(name: str, seed: int) -> None:
    sheet = exercises()[name].sheet(seed)
    cells = [cell for row in sheet.table.rows for cell in row[1:]] if sheet.table else []
    hints = [text for line in sheet.lines for text in (line.symbol, line.formula)]
    for formula in (*cells, *hints):
        assert mathml(formula)
    for line in (*sheet.given, *sheet.solution()):
        assert "<math>" in breakable(line)
        assert not any(word in line for word in ("nan", "inf", "e-0", "None"))


@KINDS
@settings(max_examples=20)
@given(seed=SEEDS)
def test_the_numbers_are_for_a_simple_calculator(name: str, seed: int) -> None:
    for value in exercises()[name].sheet(seed).solved().values():
        sizes = value if isinstance(value, tuple) else (value,)
        assert all(math.isfinite(size) and abs(size) < 1e6 for size in sizes)


@KINDS
def test_an_exercise_belongs_to_a_question_of_the_catalogue(name: str) -> None:
    exercise = exercises()[name]
    assert exercise in of_topic(topic_of(exercise))
    assert sum(exercise in of_topic(entry) for entry in entries().values()) == 1


def test_an_address_is_canonical_and_holds_seed_answers_and_solution() -> None:
    exercise = exercises()["lstm-step"]
    address = Address.of(exercise, [("f", " 0,613 "), ("seed", "07"), ("z_f", ""), ("solution", "1")])
    assert address.url == "/exercises/lstm-step?seed=7&f=0%2C613&solution=1"
    assert Address.of(exercise, []).url == "/exercises/lstm-step?seed=0"
    assert Address.of(exercise, [("seed", str(LARGEST_SEED))]).next_url == "/exercises/lstm-step?seed=0"
