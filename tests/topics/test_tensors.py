"""Topic 25: arrays and chains of steps as visitors type them, views told from copies, and what is said of shapes that clash."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.topic import LineError
from app.topics.tensors.anatomy import AnatomyParams, stored
from app.topics.tensors.memory import Memory, offsets
from app.topics.tensors.pipeline import MOST_AXES, MOST_NUMBERS, history, parse_steps, read_steps
from app.topics.tensors.steps import StepsParams, run, states_of
from app.topics.tensors.typed import parse_array, read

WORDS = [
    *["[1:]", "[:, ::2]", "[::-1]", "[0]", "[-1, 2]", "[..., new]", "[5:]", "[::0]", ".T", "transpose 1 0", "transpose 0 0"],
    *["reshape -1", "reshape 3 -1", "reshape 4 6", "ravel", "flatten", "copy", "broadcast 2 4 6", "broadcast 6", "take 1 0 1"],
    *["sum", "sum 0", "sum -3", "+ row", "+ column", "+ 10", "+ (4, 1)", "+ (7,)", "@ (6, 2)", "@ 3", "+ ()"],
]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("5", ()),
        ("1 2 3", (3,)),
        ("1 2 3;", (1, 3)),
        ("1; 2; 3", (3, 1)),
        ("1 2; 3 4", (2, 2)),
        ("1 2 | 3 4", (2, 1, 2)),
        ("1 |", (1, 1, 1)),
    ],
)
def test_separators_say_how_many_axes_an_array_has(text: str, shape: tuple[int, ...]) -> None:
    assert read(text).shape == shape
    assert read(parse_array(text)).shape == shape


def test_an_array_has_one_spelling() -> None:
    assert parse_array(" 1,2 ,−.5e".replace(".5e", "0.50") + ";4 5  6") == "1 2 -0.5; 4 5 6"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 2; 3", "as many numbers in each row: row 1 has 2, row 2 has 1"),
        ("1; 2 | 3", "as many rows in each sheet: sheet 1 has 2, sheet 2 has 1"),
        ("1 2;; 3 4", "row 2 has 0"),
        (" ".join(["1"] * 37), "1 to 36 numbers"),
        ("; ".join(["1"] * 60), "1 to 36 numbers"),
        ("", "1 to 36 numbers"),
        ("1e9", "1 to 36 numbers"),
        ("x.__class__", "1 to 36 numbers"),
        ("1 ２", "1 to 36 numbers"),
    ],
)
def test_an_array_that_is_none_is_refused_with_what_is_wrong(text: str, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        AnatomyParams(array=text)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("text", ["5", "1 2 3", "1 2; 3 4; 5 6", "0 1 2; 3 4 5 | 6 7 8; 9 10 11"])
def test_index_times_stride_is_where_a_number_lies(text: str, order: Any) -> None:
    array = stored(AnatomyParams(array=text, order=order), order)
    raw = array.ravel(order="K").tobytes()
    for index, offset in np.ndenumerate(offsets(array)):
        assert np.frombuffer(raw, array.dtype, 1, int(offset))[0] == array[index]
    assert sorted(Memory.of(array).places(array).ravel()) == list(range(array.size))


def test_a_chain_has_one_spelling() -> None:
    assert parse_steps(" [1: ,::2].T   reshape 3  −1+row @(6,2) + ( 4 )") == (
        "[1:, ::2]\n.T\nreshape 3 -1\n+ row\n@ (6, 2)\n+ (4,)"
    )


def test_a_step_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(LineError, match="line 3: 'turn' is not allowed") as refused:
        read_steps("[1:]\n.T ravel\nturn\ncopy")
    assert refused.value.line == 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("explode 3", "“explode” is none of them"),
        ("[1:] __import__('os')", "from “__import__\\('” on it cannot be read"),
        ("[a.b]", "up to 4 of these in brackets"),
        ("[0, 0, 0, 0, 0]", "up to 4 of these in brackets"),
        ("broadcast 99 99 99 99", "at most 4 axes and 48 numbers"),
        ("reshape 1 1 1 1 1", "1 to 4 whole numbers after reshape"),
        ("@ (99, 99)", "at most 4 axes and 48 numbers"),
        ("broadcast -2 3", "at most 4 axes and 48 numbers"),
        ("copy 3", "no number after copy"),
        ("reshape", "1 to 4 whole numbers after reshape"),
        (".T" * 15, "at most 14 steps"),
        ("@ row", "a shape in brackets after @"),
        (".Τ", "cannot be read"),
    ],
)
def test_a_chain_that_cannot_be_read_is_refused_with_what_is_wrong(text: str, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        StepsParams(steps=text)


@pytest.mark.parametrize(
    ("start", "steps", "wanted"),
    [
        ("4 3", "+ (4)", ("on axis -1, 3 meets 4", "As a column, shape (4, 1), it would fit.")),
        ("4 3", "+ (2, 3)", ("on axis -2, 4 meets 2",)),
        ("4 6", ".T @ (6, 2)", ("last axis of the left, 4", "Turned by .T the left one would fit")),
        ("3", "@ 4", ("needs an axis on either side",)),
        ("4 6", "reshape 5 5", ("There are 24 numbers, and that shape holds 25",)),
        ("4 6", "reshape 5 -1", ("24 / 5, which is no whole number",)),
        ("4 6", "reshape -1 -1", ("One size may be left open",)),
        ("4 6", "broadcast 5 6", ("On axis -2 the size is 4, wanted 5",)),
        ("4 6", "broadcast 6", ("takes none away",)),
        ("4 6", "transpose 0 0", ("name each of them once, 0 1",)),
        ("4 6", "take 1 4", ("Axis 0 has size 4: index 4 is outside of 0 to 3",)),
        ("4 6", "[:, new, 6]", ("Axis 1 has size 6: index 6 is outside",)),
        ("2 3 4", "[..., -5]", ("Axis 2 has size 4: index -5 is outside",)),
        ("4 6", "[1, 2, 3]", ("The array has 2 axes, and the index names 3.",)),
        ("4 6", "[..., ...]", ("there can be only one",)),
        ("4 6", "[::0]", ("its step, which cannot be 0",)),
        ("4 6", "sum 2", ("The array has 2 axes",)),
        ("4 6", "[new] [new] [new]", ("This page draws at most 48 numbers on 4 axes",)),
    ],
)
def test_a_shape_that_does_not_fit_is_a_result_in_plain_words(start: str, steps: str, wanted: tuple[str, ...]) -> None:
    states = states_of(StepsParams(start=start, steps=steps))
    said = " ".join(states[-1].mistake)
    assert [words for words in wanted if words not in said] == []
    assert states[-1].array is states[-2].array


@pytest.mark.parametrize(
    ("steps", "views"),
    [
        ("[1:] [:, ::2] .T [::-1]", [True] * 4),
        ("reshape 6 4 .T ravel", [True, True, False]),
        ("broadcast 2 4 6 + row", [True, False]),
        ("take 0 1 copy flatten sum 0", [False] * 4),
        ("[1] [2]", [True, False]),
    ],
)
def test_numpy_says_which_steps_are_views(steps: str, views: list[bool]) -> None:
    states = history((4, 6), read_steps(steps))
    assert [state.shares for state in states[1:]] == views == [state.foreseen for state in states[1:]]
    assert [state.written == 0 for state in states[1:]] == views


@settings(deadline=None, derandomize=True, max_examples=200)
@given(words=st.lists(st.sampled_from(WORDS), max_size=10), start=st.sampled_from(["4 6", "24", "2 3 4", "1", "6 1", "1 1 48"]))
def test_any_chain_of_known_steps_ends_in_arrays_or_in_a_sentence(words: list[str], start: str) -> None:
    params = StepsParams(start=start, steps=" ".join(words))
    states = states_of(params)
    assert all(state.array.size <= MOST_NUMBERS and state.array.ndim <= MOST_AXES for state in states)
    assert all(not state.mistake for state in states[:-1])
    if states[-1].mistake:
        assert any(states[-1].mistake)
    charts = [snapshot for snapshot in run(params) if snapshot is not None]
    assert len(charts) == len(states)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(text=st.text("0123456789 [](),:-+@.Trowclumnheipbdc", max_size=40))
def test_any_text_of_the_letters_of_steps_is_read_or_refused(text: str) -> None:
    try:
        params = StepsParams(steps=text)
    except ValidationError:
        return
    assert parse_steps(params.steps) == params.steps
    assert states_of(params)
