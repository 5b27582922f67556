"""Charts of sequences, trees and working: where things stand, what is left out, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from app.charts import Listing, SequenceMap, Tokens, Tree, TreeNode, Working, latex, lines_of

GROWN = [
    TreeNode(-1, "alcohol ≤ 13"),
    TreeNode(0, "hue ≤ 1", weight=0.6),
    TreeNode(0, "b", 1, 0.4),
    TreeNode(1, "a", 0, 0.5),
    TreeNode(1, "b", 1, 0.1),
]


def test_a_line_is_broken_before_the_token_that_would_not_fit() -> None:
    drawn = Tokens(title="t", tokens=["the", "tiger", "burns"], letters=13).update([0.1, 0.2, 0.3], 0)["set"]["tokens"]
    assert (drawn["y"], drawn["base"]) == ([0, 0, 1], [0.0, 5.0, 0.0])


def test_a_text_takes_as_many_lines_as_it_is_broken_into() -> None:
    assert [lines_of(tokens, 13) for tokens in ([], ["the", "tiger"], ["the", "tiger", "burns"])] == [1, 1, 2]


def test_tokens_past_the_last_line_are_left_out() -> None:
    drawn = Tokens(title="t", tokens=["word"] * 9, letters=13, lines=2).update(np.zeros(9), 0)["set"]["tokens"]
    assert len(drawn["text"]) == len(drawn["marker"]["color"]) == 4


def test_a_token_without_a_value_has_no_colour_and_the_others_the_scale_s() -> None:
    drawn = Tokens(title="t", tokens=["bad", "good", "?"]).update([0.0, 1.0, np.nan], 0)["set"]["tokens"]
    assert drawn["marker"]["color"] == ["#3b7dd8", "#d9622b", "rgba(0,0,0,0)"]


def test_values_for_other_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="one for each of 2 tokens"):
        Tokens(title="t", tokens=["a", "b"]).update([0.1], 0)


def test_a_parent_stands_halfway_between_its_children_and_leaves_side_by_side() -> None:
    news = Tree(title="t", depth=3, class_names=("a", "b")).update(GROWN, 0)["set"]
    np.testing.assert_allclose(news["leaves-0"]["x"], [1 / 6])
    np.testing.assert_allclose(news["leaves-1"]["x"], [5 / 6, 1 / 2])
    np.testing.assert_allclose(news["questions"]["x"], [7 / 12, 1 / 3])
    np.testing.assert_allclose(news["questions"]["y"], [0, 1])
    assert len(news["branches"]["x"]) == 3 * (len(GROWN) - 1)


def test_no_branch_crosses_a_question() -> None:
    drawn = Tree(title="t", depth=3, class_names=("a", "b")).update(GROWN, 0)["set"]
    ends = list(zip(drawn["branches"]["x"], drawn["branches"]["y"], strict=True))
    for across, down in zip(drawn["questions"]["x"], drawn["questions"]["y"], strict=True):
        assert min(abs(y - down) for x, y in ends if x == across) == pytest.approx(0.2)
    assert (drawn["leaves-0"]["x"][0], 2) in ends, "a leaf is marked by a square, which its branch reaches"


def test_a_tree_deeper_than_the_chart_is_refused_and_none_is_an_empty_one() -> None:
    chart = Tree(title="t", depth=1, class_names=("a", "b"))
    with pytest.raises(ValueError, match="at most 1"):
        chart.update(GROWN, 0)
    assert chart.update([], 0)["set"]["questions"]["text"] == []


def test_a_map_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"wanted \(2, 3\)"):
        SequenceMap(title="t", rows=2, columns=3).update(np.zeros((3, 2)), 0)


def test_working_is_mathematics_for_eyes_and_ears_and_text_for_the_rest() -> None:
    news = Working(title="t").update([r"y = 2 \cdot 3 = 6"], 0)["set"]["working"]
    assert news["text"] == [r"y = 2 \cdot 3 = 6"]
    assert news["customdata"][0].startswith("<math")
    assert "<mn>6</mn>" in news["customdata"][0]


def test_a_listing_says_at_each_line_what_it_printed_and_where_it_failed_and_escapes_what_was_typed() -> None:
    listing = Listing(title="t", lines=["x = '<b>'", "print(x)"])
    value = {"at": 1, "printed": {2: ["<b>", "<i>"]}, "wrong": (2, ["a & b"]), "note": "the end"}
    news = listing.update(value, 0)["set"]["listing"]
    assert news["text"] == ["▸  1 x = '<b>'", "✗  2 print(x)", "      <b>", "      <i>", "      a & b", "the end"]
    html = "".join(news["customdata"])
    assert 'class="at" aria-current="step"' in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert '<samp class="wrong">a &amp; b</samp>' in html
    wrongs: list[dict[str, object]] = [{"at": 3}, {"printed": {0: []}}, {"wrong": (3, ["x"])}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="wanted 1 to 2"):
            listing.update(wrong, 0)
    with pytest.raises(ValueError, match="stranger"):
        listing.update({"stranger": 1}, 0)


def test_the_sign_of_a_number_in_a_line_is_its_own_and_no_subtraction() -> None:
    assert (latex(0.254), latex(-0.25), latex(-1, 0)) == ("0.25", "{-0.25}", "{-1}")


@pytest.mark.parametrize("lines", [0, 9])
def test_working_has_a_few_lines_and_no_more(lines: int) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 8"):
        Working(title="t", lines=lines)
    with pytest.raises(ValueError, match="at most 1"):
        Working(title="t", lines=1).update(["a", "b"], 0)
