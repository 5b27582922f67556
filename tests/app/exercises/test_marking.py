"""Marking line by line: exact and rounded ways are right, one slip costs one line, and nothing that is typed is an error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exercises import exercises
from app.exercises.answers import MISFIT, Number
from app.exercises.marking import RIGHT, marked
from app.exercises.nouns import Line, Sheet
from app.params import LARGEST_SEED

KINDS = pytest.mark.parametrize("name", list(exercises()))
SEEDS = st.integers(0, LARGEST_SEED)
over_seeds = settings(max_examples=20)


def typed(line: Line, value: Any) -> str:
    """A value as a visitor writes it: to the decimals asked for."""
    if isinstance(line.form, Number):
        return f"{value:.{line.form.decimals}f}"
    return "none" if value == MISFIT else str(value)


def answered(sheet: Sheet, **wrong: str) -> dict[str, str]:
    """A sheet filled in by one who writes each value down rounded and goes on with what is written."""
    own: dict[str, Any] = {}
    texts = {}
    for line in sheet.lines:
        texts[line.name] = wrong.get(line.name) or typed(line, line.value(own))
        own[line.name] = line.form.read(texts[line.name])
    return texts


def states(sheet: Sheet, texts: dict[str, str]) -> dict[str, str]:
    return {name: mark.state for name, mark in marked(sheet, texts).items()}


@KINDS
@over_seeds
@given(seed=SEEDS)
def test_who_goes_on_with_exact_values_and_who_goes_on_with_rounded_ones_has_all_lines_right(name: str, seed: int) -> None:
    sheet = exercises()[name].sheet(seed)
    values = sheet.solved()
    exactly = {line.name: typed(line, values[line.name]) for line in sheet.lines}
    assert set(states(sheet, exactly).values()) == {"right"}
    assert set(states(sheet, answered(sheet)).values()) == {"right"}


@KINDS
@over_seeds
@given(seed=SEEDS, data=st.data())
def test_a_wrong_line_costs_one_line_and_what_follows_from_it_is_right(name: str, seed: int, data: st.DataObject) -> None:
    sheet = exercises()[name].sheet(seed)
    values = sheet.solved()
    line = data.draw(st.sampled_from(sheet.lines))
    off = "(9, 9)" if values[line.name] == MISFIT else typed(line, shifted(values[line.name]))
    found = states(sheet, answered(sheet, **{line.name: off}))
    assert found.pop(line.name) == "wrong"
    assert set(found.values()) <= set(RIGHT)


def shifted(value: Any) -> Any:
    """A wrong value that one can go on with."""
    return (
        (*value[:-1], value[-1] + 1)
        if isinstance(value, tuple)
        else value + (1 if value == int(value) else 0.02 + abs(value) / 10)
    )


def test_a_line_that_follows_names_the_lines_it_follows_from() -> None:
    sheet = exercises()["backward-pass"].sheet(7)
    marks = marked(sheet, answered(sheet, z1="1.2"))
    assert (marks["h1"].state, marks["h1"].follows_from) == ("follows", ("z_1",))
    assert (marks["y"].state, marks["y"].follows_from) == ("follows", ("h_1",))
    assert marks["h2"].state == "right"


def test_of_lines_left_empty_what_one_must_have_had_in_mind_counts() -> None:
    sheet = exercises()["backward-pass"].sheet(7)
    texts = answered(sheet, z1="1.2") | {"h1": ""}
    marks = marked(sheet, texts)
    assert marks["h1"].state == "empty"
    assert (marks["y"].state, marks["y"].follows_from) == ("follows", ("z_1",))


def test_an_exact_value_is_right_whatever_stands_before_it() -> None:
    sheet = exercises()["lstm-step"].sheet(3)
    exact = {line.name: typed(line, sheet.solved()[line.name]) for line in sheet.lines}
    assert states(sheet, exact | {"z_f": "7"})["f"] == "right"


@KINDS
@over_seeds
@given(seed=SEEDS)
def test_each_slip_that_is_no_right_answer_gets_its_sentence(name: str, seed: int) -> None:
    sheet = exercises()[name].sheet(seed)
    values = sheet.solved()
    for line in sheet.lines:
        known = {slip.says for slip in line.slips}
        for slip in line.slips:
            try:
                text = typed(line, slip.value(values))
            except ValueError:  # the logarithm of what is below 0
                continue
            if not line.form.same(line.form.read(text), values[line.name]):
                mark = marked(sheet, {line.name: text})[line.name]
                assert (mark.state, mark.says in known) == ("wrong", True), (line.name, slip.says, mark)


@pytest.mark.parametrize(
    ("name", "seed", "line", "text", "word"),
    [
        ("lstm-step", 7, "z_f", "-0.46", "sign"),
        ("lstm-step", 7, "z_f", "-0.340", "bias"),
        ("lstm-step", 7, "f", "0.430", "tanh"),
        ("softmax-cross-entropy", 7, "loss", "0.745", "base 10"),
        ("cnn-sizes", 8, "size1", "", ""),
        ("precision-recall", 7, "precision", "0.56", "recall"),
        ("precision-recall", 7, "f1", "0.718", "harmonic"),
    ],
)
def test_a_typical_slip_is_told_in_words(name: str, seed: int, line: str, text: str, word: str) -> None:
    mark = marked(exercises()[name].sheet(seed), {line: text})[line]
    assert word in mark.says
    assert mark.state == ("wrong" if text else "empty")


def test_sizes_off_by_the_padding_are_told() -> None:
    exercise = exercises()["cnn-sizes"]
    seed = next(
        seed for seed in range(99) if any("without the padding" in slip.says for slip in exercise.sheet(seed).lines[0].slips)
    )
    sheet = exercise.sheet(seed)
    slip = next(slip for slip in sheet.lines[0].slips if "without the padding" in slip.says)
    assert marked(sheet, {"size1": typed(sheet.lines[0], slip.value({}))})["size1"].says == slip.says


@KINDS
@over_seeds
@given(seed=SEEDS, data=st.data())
def test_whatever_is_typed_gets_a_mark(name: str, seed: int, data: st.DataObject) -> None:
    sheet = exercises()[name].sheet(seed)
    answers = st.text(max_size=12) | st.sampled_from(["0", "-1", "1e308", "-1e308", "1e-308", "none", "9,9,9,9,9,9", "(3,)"])
    texts = {line.name: data.draw(answers) for line in sheet.lines}
    found = marked(sheet, texts)
    assert list(found) == [line.name for line in sheet.lines]
    assert all(mark.says for mark in found.values())
