"""A query string is an experiment, or says exactly what is wrong with it."""

from __future__ import annotations

from typing import Annotated

import pytest

from app.controls import controls
from app.params import Params, checked, checked_lines, editor, entry
from app.query import BadQuery, allowed, chosen_of, items_of, parse
from app.typed import LineError
from tests.app.test_params import Example


def refused(*items: tuple[str, str]) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse(Example, items)
    return caught.value


def test_a_missing_parameter_takes_its_default() -> None:
    assert parse(Example, []) == Example()


def test_two_spellings_of_one_value_are_one_experiment() -> None:
    assert items_of(parse(Example, [("learning_rate", "0.30")])) == items_of(parse(Example, [("learning_rate", "3e-1")]))


def test_a_canonical_query_reads_back_to_the_same_values() -> None:
    params = Example(learning_rate=0.012345678, hidden_units=2, activation="tanh", momentum=True, seed=7)
    assert parse(Example, items_of(params)) == parse(Example, chosen_of(params)) == params


def test_a_canonical_query_leaves_out_the_defaults_however_they_were_spelled() -> None:
    defaults = items_of(Example())
    assert chosen_of(Example()) == chosen_of(parse(Example, defaults)) == []
    assert chosen_of(parse(Example, [*defaults[:-1], ("seed", "07")])) == [("seed", "7")]


def test_a_value_out_of_range_is_named_with_what_is_allowed() -> None:
    (error,) = refused(("learning_rate", "11")).errors
    assert (error.field, error.value, error.allowed) == ("learning_rate", "11", "a number from 0.01 to 10")
    assert "learning_rate = '11'" in error.message


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("learning_rate", "fast", "a number from"),
        ("learning_rate", "inf", "a number from"),
        ("learning_rate", "nan", "a number from"),
        ("hidden_units", "2.5", "a whole number from 2 to 32"),
        ("activation", "step", "one of relu, tanh"),
        ("momentum", "perhaps", "true or false"),
        ("seed", "", "a whole number from 0"),
    ],
)
def test_each_wrong_value_gets_its_own_words(name: str, value: str, words: str) -> None:
    (error,) = refused((name, value)).errors
    assert error.field == name
    assert words in error.allowed


def test_every_field_at_fault_is_named_and_the_rest_is_kept() -> None:
    bad = refused(("learning_rate", "x"), ("hidden_units", "y"), ("seed", "3"))
    assert {error.field for error in bad.errors} == {"learning_rate", "hidden_units"}
    assert bad.kept["seed"] == "3"


def test_a_parameter_given_twice_is_refused() -> None:
    assert "more than once" in refused(("seed", "1"), ("seed", "1")).errors[0].message


def test_an_unknown_parameter_is_told_the_known_ones() -> None:
    assert "learning_rate" in refused(("lr", "1")).errors[0].allowed


def test_allowed_says_the_range_as_a_person_writes_it() -> None:
    assert allowed(Example, "seed") == "a whole number from 0 to 999999"


def no_shouting(text: str) -> str:
    if text.isupper():
        raise ValueError("words that are not shouted")
    return text.strip()


class WithEntry(Params):
    words: Annotated[str, checked(no_shouting)] = entry("calm", label="words", help="Any words.", longest=10)


def test_an_entry_is_checked_by_its_own_function_and_made_canonical() -> None:
    assert parse(WithEntry, [("words", " soft ")]).values()["words"] == "soft"
    with pytest.raises(BadQuery, match="give words that are not shouted"):
        parse(WithEntry, [("words", "LOUD")])
    with pytest.raises(BadQuery, match="give at most 10 characters"):
        parse(WithEntry, [("words", "x" * 11)])


def no_tabs(text: str) -> str:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            raise LineError(number, line, "blanks instead of the tab", "indented by a tab")
    return text


class WithEditor(Params):
    song: Annotated[str, checked_lines(no_tabs)] = editor("la\nla", label="song", help="Any lines.", longest=120)


def test_lines_are_one_text_however_the_browser_ends_them() -> None:
    sent = [parse(WithEditor, [("song", text)]).values()["song"] for text in ("a\r\n b\r\n", "a\n b", "a \r b\t\n\n\n")]
    assert sent == ["a\n b"] * 3
    assert parse(WithEditor, [("song", "\n\na")]).values()["song"] == "\n\na", "else lines would have other numbers than as typed"


def test_an_error_in_a_line_is_told_with_its_line_and_marked_there() -> None:
    with pytest.raises(BadQuery) as caught:
        parse(WithEditor, [("song", "la\r\n\tlo\r\nla")])
    (error,) = caught.value.errors
    assert error.as_json() == {
        "field": "song",
        "value": "\tlo",
        "allowed": "blanks instead of the tab",
        "line": 2,
        "message": "song, line 2: '\\tlo' is indented by a tab: give blanks instead of the tab.",
    }
    song = controls(WithEditor, caught.value.kept, caught.value.errors)[0]
    assert (song.kind, song.wrong_line) == ("editor", 2)
    assert song.error == "Song, line 2: “\tlo” is indented by a tab. Give blanks instead of the tab."
    assert song.value == "la\r\n\tlo\r\nla", "what was typed is kept"


@pytest.mark.parametrize(("text", "words"), [("x" * 121, "at most 120 characters"), ("\n".join("x" * 101), "at most 100 lines")])
def test_a_text_too_long_is_told_how_long_it_may_be(text: str, words: str) -> None:
    class Long(WithEditor):
        song: Annotated[str, checked_lines(no_tabs)] = editor(
            "", label="song", help="Any lines.", longest=120 if "xx" in text else 999
        )

    with pytest.raises(BadQuery, match=words):
        parse(Long, [("song", text)])


def test_a_text_of_many_lines_survives_in_the_address() -> None:
    params = WithEditor(song="for i in range(3):\n    run(a + b, {x: [1, 2]})  # 100 % & more\n")
    assert parse(WithEditor, items_of(params)) == params
