"""Layered drawings: edges point down, nothing stands on anything else, and few edges cross."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts.layers import Edge, layered, layers

GAP = 10.0


@st.composite
def graphs(draw: st.DrawFn) -> tuple[tuple[tuple[str, float], ...], tuple[Edge, ...]]:
    """Acyclic graphs of up to fourteen nodes of all widths; an edge may be there twice, as in x * x."""
    count = draw(st.integers(1, 14))
    widths = tuple((f"n{place}", draw(st.floats(20, 120))) for place in range(count))
    pairs = [(f"n{one}", f"n{other}") for one, other in combinations(range(count), 2)]
    return widths, tuple(draw(st.lists(st.sampled_from(pairs), max_size=24)) if pairs else ())


@given(graphs())
def test_edges_point_down_and_nodes_stand_apart(graph: tuple[tuple[tuple[str, float], ...], tuple[Edge, ...]]) -> None:
    widths, edges = graph
    drawn = layered(widths, edges, GAP)
    assert all(drawn.layer[source] < drawn.layer[target] for source, target in edges)
    for (one, wide), (other, broad) in combinations(widths, 2):
        if drawn.layer[one] == drawn.layer[other]:
            assert abs(drawn.across[one] - drawn.across[other]) >= (wide + broad) / 2 + GAP - 1e-6
    assert all(wide / 2 - 1e-6 <= drawn.across[key] <= drawn.width - wide / 2 + 1e-6 for key, wide in widths)


@given(graphs())
def test_an_edge_leads_from_its_source_layer_by_layer_to_its_target(
    graph: tuple[tuple[tuple[str, float], ...], tuple[Edge, ...]],
) -> None:
    widths, edges = graph
    drawn = layered(widths, edges, GAP)
    for (source, target), route in zip(edges, drawn.routes, strict=True):
        assert route[0] == (drawn.across[source], drawn.layer[source])
        assert route[-1] == (drawn.across[target], drawn.layer[target])
        assert all(after == before + 1 for (_, before), (_, after) in pairwise(route))


def test_a_drawing_that_needs_no_crossing_has_none() -> None:
    """A binary tree whose nodes come in an order that crosses."""
    edges = tuple((f"n{child}", f"n{(child - 1) // 2}") for child in (14, 9, 12, 7, 10, 13, 8, 11, 5, 3, 6, 4, 2, 1))
    drawn = layered(tuple((f"n{place}", 30.0) for place in (3, 0, 14, 7, 2, 9, 12, 5, 10, 1, 13, 8, 4, 11, 6)), edges, GAP)
    for one, other in combinations(drawn.routes, 2):
        if one[0][1] == other[0][1]:
            assert (one[0][0] - other[0][0]) * (one[-1][0] - other[-1][0]) >= 0


def test_a_long_edge_is_straight_where_nothing_is_in_its_way() -> None:
    chain = tuple((f"n{place}", f"n{place + 1}") for place in range(6))
    drawn = layered(tuple((f"n{place}", 40.0) for place in range(7)), (*chain, ("n0", "n6")), GAP)
    bends = [across for across, _ in drawn.routes[-1][1:-1]]
    assert max(bends) - min(bends) < 3


def test_a_leaf_stands_right_above_its_first_reader() -> None:
    edges = [("x", "a"), ("a", "b"), ("b", "c"), ("late", "c")]
    assert layers(["x", "late", "a", "b", "c"], edges)["late"] == 2


def test_a_cycle_and_an_edge_to_nowhere_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'a': got an edge back to it, wanted a graph without cycles"):
        layers(["x", "a", "b"], [("x", "a"), ("a", "b"), ("b", "a")])
    with pytest.raises(ValueError, match="a node that the graph does not have"):
        layers(["x"], [("x", "y")])
