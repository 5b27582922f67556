"""What stands on the board beside the network: each sum is right at every moment, and all is set as mathematics."""

from __future__ import annotations

import re
from math import prod

import pytest

from app.notation import mathml
from app.topics.backpropagation.edges import FRAMES, EdgesParams, demo, run

SUM = re.compile(r"(?:=|\\leftarrow) ([-+\d.{}() ]|\\cdot)+? = (\{?-?[\d.]+\}?)$")
USUAL = [EdgesParams(), EdgesParams(activation="sigmoid", target="y2"), EdgesParams(activation="relu", weight_scale=4)]


def boards(params: EdgesParams) -> list[list[str]]:
    return [snapshot.charts["working"] for snapshot in run(params) if snapshot]


def value_of(numbers: str) -> float:
    """Of products that are added or taken off, in LaTeX."""
    terms = numbers.replace(" - ", r" + -1 \cdot ").split(" + ")
    return sum(prod(float(factor.strip(" {}()")) for factor in term.split(r"\cdot")) for term in terms)


@pytest.mark.parametrize("params", USUAL, ids=lambda params: params.activation)
def test_every_sum_is_right_to_what_it_rounds(params: EdgesParams) -> None:
    lines = [line for board in boards(params)[1:] for line in board if SUM.search(line) and not line.startswith(r"\delta")]
    assert len(lines) >= 23 * 3, "of each edge its product, its gradient and its new weight; and sums"
    sides = [re.split(r" = |\\leftarrow ", line)[-2:] for line in lines]
    values = [(value_of(left), value_of(right)) for left, right in sides]
    assert [pair for pair in values if abs(pair[0] - pair[1]) > 0.001 * max(5.0, abs(pair[1]))] == []


def test_each_edge_has_a_frame_forward_and_one_backward_and_a_line_of_the_update() -> None:
    said = boards(EdgesParams())
    assert len(said) == FRAMES == demo.planned_frames(EdgesParams())
    assert sum(line.startswith(r"w_{x_1 \to h_1} \cdot") for board in said for line in board) == 1
    assert sum(line.startswith(r"\partial L / \partial w_{x_1 \to h_1}") for board in said for line in board) == 1
    assert sum(line.startswith(r"w_{x_1 \to h_1} \leftarrow") for board in said for line in board) == 1
    assert all(1 <= len(board) <= 4 for board in said)


def test_the_board_is_set_as_mathematics() -> None:
    assert all(mathml(line).startswith("<math") for board in boards(EdgesParams()) for line in board)
