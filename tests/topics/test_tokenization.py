"""Topic 35: pairs counted and merged by hand, texts that a visitor types, and the example of the page."""

from __future__ import annotations

import pytest

from app.topics.tokenization import greedy
from app.topics.tokenization.merges import sentence
from app.topics.tokenization.pairs import FIRST, Tokens, Vocabulary


def spelled_after(text: str, merges: int, whole: bool = False) -> list[str]:
    tokens, vocabulary = Tokens(text, whole), Vocabulary()
    for _ in range(merges):
        if found := tokens.commonest():
            tokens.merge(found[0], vocabulary.add(found[0]))
    return vocabulary.spelled(tokens.numbers)


def test_the_commonest_pair_is_merged_and_the_next_may_build_on_it() -> None:
    assert spelled_after("abcabcabc", 1) == ["ab", "c", "ab", "c", "ab", "c"]
    assert spelled_after("abcabcabc", 2) == ["abc", "abc", "abc"]


@pytest.mark.parametrize(("text", "count", "left"), [("aaa", 1, 2), ("aaaa", 2, 2), ("aaaaa", 2, 3), ("baaab", 1, 4)])
def test_like_pairs_that_overlap_are_counted_as_they_are_merged(text: str, count: int, left: int) -> None:
    tokens = Tokens(text, whole=True)
    pair = (ord("a"), ord("a"))
    _, keys = tokens.pairs()
    assert (keys == (pair[0] << 32 | pair[1])).sum() == count == tokens.merge(pair, FIRST)
    assert len(tokens) == left


def test_no_token_reaches_across_pieces_unless_the_text_is_one() -> None:
    assert spelled_after("a b a b a b", 9) == ["a", " b", " a", " b", " a", " b"]
    assert len(spelled_after("a b a b a b", 9, whole=True)) == 1
    assert spelled_after("1865 1865 1865", 9).count("8") == 3


def test_nothing_is_left_to_merge_in_a_text_of_one_character() -> None:
    assert Tokens("a", whole=True).commonest() is None
    assert Tokens("", whole=False).commonest() is None


def test_two_greedy_merges_leave_fifteen_tokens_of_nine_words_and_the_best_two_fourteen() -> None:
    letters, breaks = greedy.EXAMPLE.replace("\n", ""), greedy.EXAMPLE.count("\n")
    assert (len(letters), breaks) == (22, 8)
    assert len(spelled_after(greedy.EXAMPLE, 2)) - breaks == 15
    assert greedy.behind(greedy.EXAMPLE, 2) == 1
    assert greedy.behind(greedy.EXAMPLE, 1) == 0


@pytest.mark.parametrize("text", ["", "   ", "a<b>", "\x07", "a\u200bb"])
def test_a_text_that_cannot_be_drawn_is_refused_with_what_may_be_given(text: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        sentence(text)


def test_a_text_is_read_with_single_spaces() -> None:
    assert sentence("  naïve \t café\n") == "naïve café"
