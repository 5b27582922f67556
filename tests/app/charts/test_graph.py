"""The data-flow graph as a chart: what a frame changes and what it leaves, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app.charts import GraphDiagram, GraphNode

NODES = (
    GraphNode("x", "x", "placeholder", "shape ()"),
    GraphNode("w", "w", "variable"),
    GraphNode("m", "multiply", "operation"),
    GraphNode("g", "multiply", "gradient"),
)
EDGES = (("x", "m"), ("w", "m"), ("m", "g"), ("x", "g"))


def chart(**others: Any) -> GraphDiagram:
    return GraphDiagram(title="t", nodes=NODES, edges=EDGES, **others)


def test_a_frame_says_only_what_is_new() -> None:
    news = chart().update({"values": {"m": "6"}, "focus": "m"}, 1)["set"]
    assert news.keys() == {"value-m", "focus"}
    assert news["value-m"]["text"] == ["6"]
    assert news["focus"]["customdata"] == ["m"]


def test_what_is_lit_or_gone_is_said_whole_and_no_focus_is_one_too() -> None:
    news = chart().update({"lit": ["x", "m"], "gone": [], "focus": None}, 1)["set"]
    assert [news[word]["customdata"] for word in ("lit", "gone", "focus")] == [["x", "m"], [], []]


def test_the_page_is_told_each_node_and_each_edge_with_its_way() -> None:
    meta = chart().layout()["meta"]
    assert [(node["key"], node["label"], node["kind"], node["detail"]) for node in meta["nodes"]] == list(NODES)
    assert [(edge["source"], edge["target"]) for edge in meta["edges"]] == list(EDGES)
    assert [len(edge["points"]) for edge in meta["edges"]] == [2, 2, 2, 3]
    assert all(edge["points"][0][1] < edge["points"][-1][1] for edge in meta["edges"])


def test_its_legend_names_the_kinds_that_there_are() -> None:
    assert chart().legend == (("dot", "variable"), ("dot", "placeholder"), ("dot", "operation"), ("dot", "gradient"))
    assert GraphDiagram(title="t", nodes=NODES[:1], edges=()).legend == ()


def test_it_is_as_high_as_its_layers() -> None:
    assert chart(value_letters=0).height < chart().height
    assert chart().layout()["height"] == chart().height


@pytest.mark.parametrize(
    ("nodes", "edges", "words"),
    [
        ((), (), "got 0 nodes, wanted 1 to 200"),
        (NODES[:1] * 201, (), "got 201 nodes"),
        (NODES[:1] * 2, (), "two nodes of one key"),
        ((GraphNode("x", "x", "tensor"),), (), "got kind 'tensor', wanted one of constant"),  # type: ignore[arg-type]
        (NODES, (("x", "y"),), "a node that the graph does not have"),
        (NODES, (("x", "m"), ("m", "x")), "without cycles"),
    ],
)
def test_a_graph_that_cannot_be_drawn_is_refused(nodes: Any, edges: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        GraphDiagram(title="t", nodes=nodes, edges=edges)


@pytest.mark.parametrize("value", [{"values": {"y": "1"}}, {"lit": ["y"]}, {"gone": ["y"]}, {"focus": "y"}])
def test_a_frame_of_a_node_that_is_not_there_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got node 'y'"):
        chart().update(value, 0)


def test_a_word_that_is_none_of_the_four_is_named() -> None:
    with pytest.raises(ValueError, match="stranger"):
        chart().update({"stranger": []}, 0)
