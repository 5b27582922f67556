"""Notation: the spaces between functions, signs and numbers, letters that browsers know, and lines that may be broken."""

from __future__ import annotations

import re

import pytest

from app.notation import breakable, mathml

THIN = '<mspace width="0.167em" />'


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        (r"-\ln y", f"<mi>ln</mi>{THIN}<mi>y</mi>"),
        (r"\ln 0.97", f"<mi>ln</mi>{THIN}<mn>0.97</mn>"),
        (r"2 \ln y", f"<mn>2</mn>{THIN}<mi>ln</mi>"),
        (r"\ln \tanh x", f"<mi>ln</mi>{THIN}<mi>tanh</mi>"),
        (r"\ln {-2}", f"<mi>ln</mi>{THIN}<mrow>"),
    ],
)
def test_a_thin_space_parts_a_function_from_its_neighbours(latex: str, wanted: str) -> None:
    assert wanted in mathml(latex)


@pytest.mark.parametrize(
    "latex", [r"\tanh(x)", r"= \ln(x) + 1", r"\ln \left( x \right)", r"\max(0, z)", r"2 \cdot \tanh(x)", r"2 \, \ln(x)"]
)
def test_a_function_stands_close_to_its_brackets_and_needs_no_space_beside_another(latex: str) -> None:
    assert mathml(latex).count("<mspace") == latex.count(r"\,")


@pytest.mark.parametrize(
    ("latex", "forms"),
    [
        ("-2 - 3", ["prefix", "infix"]),
        ("a = -2", ["prefix"]),
        ("(-2) + (-3)", ["prefix", "infix", "prefix"]),
        (r"2 \cdot {-3} - 4", ["prefix", "infix"]),
        (r"\max(0, -2)", ["prefix"]),
        (r"\left( a \right) + b", ["infix"]),
        (r"x^2 - f(x) + \dots - 1", ["infix", "infix", "infix"]),
        (r"a, \quad -b", ["prefix"]),
        (r"|a| - |b|", ["infix"]),
    ],
)
def test_a_sign_is_told_from_a_sum_by_what_stands_before_it(latex: str, forms: list[str]) -> None:
    assert re.findall(r'<mo form="(infix|prefix)">[+−]', mathml(latex)) == forms


def test_letters_of_another_style_are_characters_of_their_own() -> None:
    assert [mathml(letter)[-len("E</mi></mrow></math>") :][0] for letter in (r"\mathbb E", r"\mathbb R", r"\mathcal N")] == list(
        "𝔼ℝ𝒩"
    )


def test_bars_around_a_vector_keep_one_height() -> None:
    assert mathml(r"\lVert x \rVert^2").count('stretchy="false"') == 2


def test_a_line_breaks_before_relations_and_sums_and_nothing_is_lost() -> None:
    line = r"z = 2 \cdot 3 + (-1) \cdot 4 = 2"
    pieces = breakable(line).split("<wbr>")
    assert [re.sub("<[^>]*>", "", piece) for piece in pieces] == ["z", "=2·3", "+(−1)·4", "=2"]
    assert all(piece.startswith("<math>") and 'form="infix"' in piece for piece in pieces[1:])


def test_words_alone_are_plain_text_which_breaks_at_its_spaces() -> None:
    assert breakable(r"\text{the shape stays & all}") == "the shape stays &amp; all"
    assert breakable(r"\text{max pool} = 2").startswith("max pool<wbr><math>")


def test_no_text_becomes_markup() -> None:
    assert "<mtext>&lt;b&gt;</mtext><mo>&lt;</mo>" in mathml(r"\text{<b>} < 3")
    assert breakable(r"\text{<b> & 1}") == "&lt;b&gt; &amp; 1"
