"""What a visitor may type into the demos of topics 2 and 9: flowers, weights and edges, and nothing else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.topics.backpropagation.tiny import EDGES, Tiny, TinyParams
from app.topics.neural_network.forward import ForwardParams


def test_edges_are_named_in_the_order_of_the_engines_weights() -> None:
    usual, edited = Tiny(TinyParams()), Tiny(TinyParams(weights="bias-h1=2, g2-y1=-3"))
    changed = {EDGES[place]: value for place, value in enumerate(edited.values) if value != usual.values[place]}
    assert changed == {"bias-h1": 2.0, "g2-y1": -3.0}
    assert [EDGES[place] for place in (0, 2, 3, 9, 22)] == ["x1-h1", "bias-h1", "x1-h2", "h1-g1", "bias-y2"]


def test_an_edit_has_one_spelling() -> None:
    assert TinyParams(weights=" x1 - h1 = 2.0 ,bias-g1=−.5").weights == "x1-h1=2, bias-g1=-0.5"


@pytest.mark.parametrize(
    "text", ["x1-h1", "x1-g1=1", "h1-x1=1", "x1-h1=11", "x1-h1=1e9", "x1-h1=nan", "x1-h1=1,", "__import__('os')"]
)
def test_an_edit_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="edges of the diagram, each with a value from −10 to 10"):
        TinyParams(weights=text)


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [("measurements", "1, 2, 3", "4 numbers from 0 to 20"), ("first_node", "0, 0, 0, 0, 11", "5 numbers from -10 to 10")],
)
def test_a_flower_and_a_node_are_so_many_numbers(field: str, text: str, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        ForwardParams.model_validate({field: text})
