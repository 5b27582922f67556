"""Every chart kind: plotly.py accepts its figure, and an update speaks only of traces the figure has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plotly.graph_objects import Figure

from app.charts import (
    Axis,
    Bars,
    Cells,
    Chart,
    Curves,
    Field,
    GraphDiagram,
    GraphNode,
    Histogram,
    Lines,
    Listing,
    Path,
    Plane,
    Scatter,
    SequenceMap,
    Series,
    Tokens,
    Tree,
    TreeNode,
    Working,
    grid_of,
)
from app.charts.colours import CLASSES, DIGITS, PALETTE
from app.charts.figures import wire_figure
from app.frames import encode
from app.topics import topics

X, Y = Axis("x", (-1.0, 1.0)), Axis("y", (-2.0, 2.0))
TWO = {"train": Series("training"), "test": Series("test")}
POINTS = np.array([[0.0, 0.5, 1.0], [0.0, 0.5, 1.0]])

KINDS: dict[str, tuple[Chart, Any]] = {
    "lines": (Lines(title="t", x=Axis("step", (0, 9)), y=Y, series=TWO, levels={"edge": 1.0}), {"train": 0.5, "test": None}),
    "curves": (Curves(title="t", x=X, y=Y, at=[0, 1, 2], series=TWO, fixed={"old": [1, 2, 3]}), {"train": np.arange(3.0)}),
    "curves with dots": (
        Curves(title="t", x=X, y=Y, at=[0, 1, 2], series=TWO, dots={"data": Series("points")}),
        {"train": np.arange(3.0), "data": POINTS},
    ),
    "bars": (
        Bars(title="t", x=X, y=Axis("y", (1e-3, 1), log=True), categories=["a", "b"], series=TWO),
        {"test": np.array([1.0, 2.0])},
    ),
    "bars with colours of their own": (
        Bars(title="t", x=X, y=Y, categories=["a", "b"], series={"one": Series("one")}, colours=["#112233", "#445566"]),
        [1.0, 2.0],
    ),
    "cells": (
        Cells(title="t", rows=2, columns=3),
        {"text": [["1", "2"], ["3", "4"]], "shades": [[0, 0.4], [np.nan, 1]], "lit": (1, 0)},
    ),
    "histogram": (Histogram(title="t", x=X, series=TWO, bins=4), {"train": np.array([-5.0, 0.1, 0.2, 5.0])}),
    "field": (
        Field(title="t", x=X, y=Y, points=POINTS, labels=[0, 1, 1], class_names=("a", "b"), size=3),
        np.full((3, 3), 0.25),
    ),
    "scatter": (Scatter(title="t", x=X, y=Y, groups=TWO, fixed={"real": (POINTS, "#123456")}), {"train": POINTS}),
    "scatter on a landscape": (Scatter(title="t", x=X, y=Y, groups=TWO, heights=np.ones((4, 5)), of="height"), {"test": POINTS}),
    "sequence map": (SequenceMap(title="t", rows=2, columns=3, column_names="abc"), [[0.1, -0.5, np.nan], [1.0, 0.0, np.nan]]),
    "tokens": (Tokens(title="t", tokens=["not", "bad"]), [0.2, np.nan]),
    "tokens that are new": (Tokens(title="t"), {"tokens": ["a", "tiger"], "values": [0.5, 0.9]}),
    "tree": (
        Tree(title="t", depth=2, class_names=("a", "b")),
        [TreeNode(-1, "x < 1"), TreeNode(0, "a", 0, 0.5), TreeNode(0, "b", 1, 0.5)],
    ),
    "graph": (
        GraphDiagram(title="t", nodes=[GraphNode("x", "x", "variable"), GraphNode("y", "sine", "operation")], edges=[("x", "y")]),
        {"values": {"x": "2"}, "lit": ["x"], "gone": [], "focus": "y"},
    ),
    "listing": (
        Listing(title="t", lines=["x = 1", "print(y)"]),
        {"at": 1, "printed": {1: ["1"]}, "wrong": (2, ["NameError"]), "note": "the end"},
    ),
    "working": (Working(title="t"), [r"f = \sigma(0.42 \cdot 1) = 0.60"]),
    "path": (Path(title="t", x=X, y=Y, heights=np.ones((4, 5)), series=TWO), {"train": (0.5, 0.5)}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_plotly_accepts_the_figure_of_every_kind(kind: str) -> None:
    figure = wire_figure(KINDS[kind][0])
    assert figure["data"]
    assert "template" not in figure["layout"]


def test_a_legend_says_what_has_a_name_and_nothing_where_there_is_only_one_thing() -> None:
    assert KINDS["lines"][0].legend == (("line", "edge"), ("line", "training"), ("line", "test"))
    assert KINDS["bars"][0].legend == (("square", "training"), ("square", "test"))
    assert KINDS["field"][0].legend == (("dot", "a"), ("dot", "b"))
    assert KINDS["bars with colours of their own"][0].legend == ()


def test_further_lines_lie_beneath_the_others_and_wait_for_the_visitor_to_ask_for_more() -> None:
    lines = Lines(title="t", y=Y, series=TWO, further=["train"])
    assert [(trace["uid"], trace.get("visible", True)) for trace in lines.traces()] == [("train", "legendonly"), ("test", True)]
    assert (lines.legend, lines.more) == ((("line", "test"),), 1)
    with pytest.raises(ValueError, match="no series 'tset'"):
        Lines(title="t", y=Y, series=TWO, further=["tset"]).traces()


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_speaks_only_of_traces_the_figure_has(kind: str) -> None:
    chart, value = KINDS[kind]
    uids = {trace.get("uid") for trace in wire_figure(chart)["data"]}
    update = chart.update(value, 3)
    assert update
    assert {uid for word in update.values() for uid in word} <= uids


@pytest.mark.parametrize("kind", ["lines", "curves", "curves with dots", "bars", "histogram", "scatter", "path"])
def test_a_series_the_chart_does_not_have_is_named(kind: str) -> None:
    with pytest.raises(ValueError, match="stranger"):
        KINDS[kind][0].update({"stranger": np.zeros(3)}, 0)


def test_a_figure_that_plotly_does_not_know_is_refused() -> None:
    class Wrong(Lines):
        def layout(self) -> dict[str, Any]:
            return {"no_such_property": 1}

    with pytest.raises(ValueError, match="no_such_property"):
        wire_figure(Wrong(title="t", y=Y, series=TWO))


@pytest.mark.parametrize("slug", topics())
def test_a_figure_is_what_plotly_would_build_of_it(slug: str) -> None:
    for demo in topics()[slug].demos:
        for chart in demo.charts(demo.params()).values():
            figure = wire_figure(chart)
            assert encode(Figure(figure).to_plotly_json()) == figure


def test_a_line_grows_by_the_step_and_the_value() -> None:
    assert KINDS["lines"][0].update({"train": 0.5}, 12) == {"append": {"train": (12, 0.5)}}


def test_dots_among_curves_go_where_they_are_told() -> None:
    dots = KINDS["curves with dots"][0].update({"data": POINTS}, 0)["set"]["data"]
    assert dots["x"].tolist() == [0.0, 0.5, 1.0]


def test_a_field_is_whole_percent() -> None:
    z = KINDS["field"][0].update(np.array([[0, 0.254, 1]] * 3), 0)["set"]["field"]["z"]
    assert z.dtype == np.uint8
    assert z[0].tolist() == [0, 25, 100]


def test_a_field_that_is_not_finite_leaves_the_last_one_standing() -> None:
    assert KINDS["field"][0].update(np.full((3, 3), np.nan), 0) == {}


def test_a_histogram_hides_no_sample() -> None:
    shares = KINDS["histogram"][0].update({"train": np.array([-5.0, 5.0, 0.1, 0.1])}, 0)["set"]["train"]["y"]
    assert shares.tolist() == [0.25, 0, 0.5, 0.25]


def test_a_grid_runs_along_x_first_with_the_bottom_row_first() -> None:
    assert grid_of((0, 1), (0, 2), size=2).tolist() == [[0, 1, 0, 1], [0, 0, 2, 2]]


def test_a_plane_is_asked_where_its_field_is_drawn() -> None:
    plane = Plane(Axis("x", (0, 1)), Axis("y", (0, 2)), size=3)
    field = Field(title="who", points=np.zeros((2, 0)), labels=np.zeros(0), class_names=(), **plane.axes, size=plane.size)
    x, y = plane.points
    drawn = field.traces()[0]
    assert plane.points.dtype == np.float32
    np.testing.assert_array_equal(plane.picture(x), np.tile(drawn["x"], (3, 1)))
    np.testing.assert_array_equal(plane.picture(y[None]), np.tile(drawn["y"], (3, 1)).T)


@pytest.mark.parametrize("size", [1, 0, -3])
def test_a_plane_of_less_than_two_points_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"plane: got {size} points along each axis, wanted at least 2"):
        Plane(Axis("x", (0, 1)), Axis("y", (0, 1)), size)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", sorted({*PALETTE, *CLASSES, *DIGITS}))
@pytest.mark.parametrize("paper", ["#ffffff", "#14171c"])
def test_every_colour_stands_out_on_both_papers(colour: str, paper: str) -> None:
    high, low = sorted((luminance(colour), luminance(paper)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3.0
