"""What a visitor may type into the LSTM's one step in numbers, and that the arithmetic on the board is the network's."""

from __future__ import annotations

import re

import numpy as np
import pytest
from pydantic import ValidationError

from app.topics.lstm.by_hand import ALPHABET, LINES, Weights, lines
from app.topics.lstm.step import StepParams, one_hot, samples


def test_a_sequence_has_one_spelling() -> None:
    assert StepParams(sequence=" a..X b").sequence == "A..xB"


@pytest.mark.parametrize("text", ["", "  ", "C", "A,B", "A…", "A" * 17, "\\sigma"])
def test_any_other_letter_and_any_other_length_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="1 to 16 of the letters A, B, x"):
        StepParams(sequence=text)


def test_the_answer_is_the_last_letter_that_was_not_cleared() -> None:
    inputs, answers = samples(np.random.default_rng(0), 50, 12)
    for typed, expected in zip(inputs.argmax(axis=0).T, answers.T, strict=True):
        for place, answer in enumerate(expected):
            seen = [letter for letter in typed[: place + 1] if letter != ALPHABET.index(".")]
            assert answer == (seen[-1] if seen else ALPHABET.index("x"))


def test_what_stands_on_the_board_adds_up() -> None:
    rng, typed = np.random.default_rng(1), "A.Bx"
    weights = Weights(rng.normal(size=(8, 7)), rng.normal(size=(3, 3)))
    seen = weights.unrolled(one_hot(np.array([[ALPHABET.index(letter)] for letter in typed])))
    for place, letter in enumerate(typed):
        said = lines(weights, seen, place, 1, letter)
        assert len(said) == LINES
        for line in said[1:]:
            *_, sums, value = re.sub(r"[{}]", "", line).split(" = ")
            names = {"sigma": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}
            plain = sums.replace("\\cdot", "*").replace("\\sigma ", "sigma").replace("\\tanh ", "tanh")
            assert eval(plain, names) == pytest.approx(float(value), abs=0.02)  # noqa: S307
