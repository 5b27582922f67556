"""Words of queries: spellings, compounds, beginnings and slips, against a small vocabulary."""

from __future__ import annotations

import pytest

from app.words import Vocabulary, american, visible, words_of

TEXT = "The mini-batch overfits: overfitting. Batch norm. Backpropagation of the gradient: a propagation. Learning rate."
VOCABULARY = Vocabulary([TEXT, "gan lstm form from normalized normalised behavior"], lambda word: word == "overfit")


@pytest.mark.parametrize(
    ("british", "other"),
    [
        ("regularisation", "regularization"),
        ("normalised", "normalized"),
        ("optimisers", "optimizers"),
        ("initialise", "initialize"),
        ("behaviour", "behavior"),
        ("neighbourhoods", "neighborhoods"),
        ("colours", "colors"),
        ("centred", "centered"),
        ("metres", "meters"),
        ("analysing", "analyzing"),
        ("labelled", "labeled"),
        ("modelling", "modeling"),
        ("catalogue", "catalog"),
        ("grey", "gray"),
    ],
)
def test_british_and_american_spellings_are_one(british: str, other: str) -> None:
    assert american(british) == american(other) == other


@pytest.mark.parametrize("word", ["noise", "four", "loss", "fill", "reed", "rise"])
def test_words_that_only_look_british_stay(word: str) -> None:
    assert american(word) == word


def test_words_come_without_case_accents_quotes_and_signs_that_are_not_seen() -> None:
    said = words_of("Naïve TensorFlow’s “soft\u00admax” ﬁeld, ＬＳＴＭ\u200b!")
    assert said == ["naive", "tensorflow", "s", "softmax", "field", "lstm"]
    assert visible("ﬁeld soft\u00admax e\u0301") == "field softmax é"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("overfiting", "overfitting"),
        ("gradeint", "gradient"),
        ("back propogation", "backpropagation"),
        ("back propagation", "backpropagation"),
        ("mini batch", "minibatch"),
        ("minibatch", "minibatch"),
        ("lerning rate", "learning rate"),
        ("ltsm rate", "lstm rate"),
        ("gna rate", "gan rate"),
        ("form", "form"),
        ("xyz rate", "xyz rate"),
        ("overfit rate", "overfit rate"),
        ("2024 rate", "2024 rate"),
        ("gradi", "gradi"),
        ("grdai", "gradi"),
        ("3 3", "3 3"),
    ],
)
def test_a_slip_is_mended_where_a_word_is_unknown_and_nowhere_else(typed: str, meant: str) -> None:
    assert VOCABULARY.corrected(typed.split()) == meant.split()


def test_a_word_stands_for_its_spellings_its_parts_and_the_last_one_for_what_it_begins() -> None:
    assert VOCABULARY.alternatives("normalise", last=False) == ["normalise", "normalize"]
    assert {"normalized", "normalised"} <= set(VOCABULARY.alternatives("normalised", last=False))
    assert VOCABULARY.alternatives("learningrate", last=False) == ["learningrate", "learning rate"]
    assert VOCABULARY.alternatives("minibatch", last=False) == ["minibatch", "mini batch"]
    assert VOCABULARY.alternatives("over", last=False) == ["over"]
    assert set(VOCABULARY.alternatives("over", last=True)) == {"over", "overfits", "overfitting"}


def test_words_that_no_text_writes_as_one_are_said_apart() -> None:
    assert VOCABULARY.said(["backpropagation", "minibatch", "learningrate"]) == "backpropagation mini batch learning rate"
