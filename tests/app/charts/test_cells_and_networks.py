"""Matrices, image grids, sample grids and network diagrams: what a frame says, to the byte where it matters."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from app.charts import Axis, Chart, ImageGrid, Matrix, NetworkDiagram, SampleGrid
from app.charts.colours import AS_FAR_FROM_BLACK_AS_FROM_WHITE, HEIGHT_SCALE, PROBABILITY_SCALE, luminance
from app.charts.figures import wire_figure
from app.frames import encode

X, Y = Axis("column"), Axis("row")
MATRIX = Matrix(title="t", x=X, y=Y, rows=("a", "b"), columns=("c", "d", "e"))
FRAMED = Matrix(title="t", x=X, y=Y, rows=("a", "b"), columns=("c", "d", "e"), framed=True)
IMAGES = ImageGrid(title="t", rows=2, columns=2, image=(2, 3), row_names=("first", "second"))
SAMPLES = SampleGrid(title="t", rows=2, columns=3, states={"waiting": "#888888", "in the batch": "#ff0000"})
NETWORK = NetworkDiagram(title="t", layers=(("x", "y"), ("h",), ("p", "q")), bias=True, numbers=True)
WEIGHTS = [np.array([[2.0, -1.0, 0.1]]), np.array([[0.5, np.nan], [-2.0, 0.0]])]

KINDS: dict[str, tuple[Chart, Any]] = {
    "matrix": (MATRIX, np.arange(6.0).reshape(2, 3)),
    "framed matrix": (FRAMED, {"cells": np.ones((2, 3)), "frame": (0, 1, 2, 2)}),
    "images": (IMAGES, np.ones((3, 2, 3))),
    "samples": (SAMPLES, [0, 1, 0, 1]),
    "network": (
        NETWORK,
        {"edges": WEIGHTS, "nodes": [[1, 2], [0.5], [np.nan, 0]], "notes": {(1, 0): "δ"}, "highlight": [(0, 0, 1)]},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_plotly_accepts_the_figure_and_knows_what_an_update_speaks_of(kind: str) -> None:
    chart, value = KINDS[kind]
    uids = {trace.get("uid") for trace in wire_figure(chart)["data"]}
    said = encode(chart.update(value, 0))
    assert said["set"]
    assert set(said["set"]) <= uids


@pytest.mark.parametrize("kind", KINDS)
def test_plotly_accepts_a_figure_with_an_update_in_it(kind: str) -> None:
    chart, value = KINDS[kind]

    class Drawn(type(chart)):  # type: ignore[misc]
        def traces(self) -> list[dict[str, Any]]:
            news = self.update(value, 0)["set"]
            return [trace | news.get(trace.get("uid"), {}) for trace in super().traces()]

    assert wire_figure(Drawn(**{each.name: getattr(chart, each.name) for each in fields(chart)}))["data"]


def test_images_are_bytes_row_by_row_with_a_gap_after_each() -> None:
    z = IMAGES.update(np.stack([np.zeros((2, 3)), np.ones((2, 3)), np.full((2, 3), 9.0)]), 0)["set"]["images"]["z"]
    assert z.dtype == np.uint8
    assert z.tolist() == [
        *[[0, 0, 0, 255, 254, 254, 254, 255]] * 2,
        [255] * 8,
        *[[254, 254, 254, 255, 255, 255, 255, 255]] * 2,
        [255] * 8,
    ]


def test_images_say_their_shape_and_the_room_of_the_names_at_their_sides_and_below() -> None:
    named = replace(IMAGES, column_names=("left", "right"))
    assert IMAGES.squares.ratio == named.squares.ratio == (2 * 3) / (2 * 4)
    assert IMAGES.squares.beside == 76 + 7 * len("second")
    assert named.squares.below > IMAGES.squares.below
    assert IMAGES.least_width == 2 * 24 + IMAGES.squares.beside
    assert MATRIX.squares is None


def test_a_matrix_writes_each_number_in_what_is_easier_to_read_on_its_colour() -> None:
    scale = ((0.0, "#000000"), (1.0, "#ffffff"))
    matrix = Matrix(title="t", x=X, y=Y, rows=("a",), columns=("b", "c", "d", "e"), low=0.0, limit=1.0, colours=scale)
    numbers = matrix.update([[0.4, 0.5, 7.0, np.nan]], 0)["set"]["numbers"]
    assert numbers["text"] == ["0.40", "0.50", "7.00", " "]
    assert numbers["textfont"]["color"][:3] == ["#ffffff", "#000000", "#000000"]


def test_a_frame_lies_around_its_cells_and_only_where_the_matrix_has_one() -> None:
    frame = FRAMED.update({"cells": np.ones((2, 3)), "frame": (0, 1, 2, 2)}, 0)["set"]["frame"]
    assert (min(frame["x"]), max(frame["x"])) == (0.5, 2.5)
    assert (min(frame["y"]), max(frame["y"])) == (-0.5, 1.5)
    with pytest.raises(ValueError, match="and a frame"):
        FRAMED.update(np.ones((2, 3)), 0)
    with pytest.raises(ValueError, match="wanted"):
        MATRIX.update({"cells": np.ones((2, 3)), "frame": (0, 1, 2, 2)}, 0)


def test_the_letters_of_a_matrix_stand_out_on_every_colour_of_its_scales() -> None:
    for scale in (PROBABILITY_SCALE, HEIGHT_SCALE):
        light = luminance(scale, np.linspace(0, 1, 101))
        letters = np.where(light > AS_FAR_FROM_BLACK_AS_FROM_WHITE, 0.0, 1.0)
        brighter, darker = np.maximum(light, letters), np.minimum(light, letters)
        assert ((brighter + 0.05) / (darker + 0.05)).min() >= 4.5


def test_samples_beyond_the_last_stay_empty_and_every_state_has_a_colour_of_its_own() -> None:
    assert SAMPLES.update([0, 1, 1, 0], 0)["set"]["cells"]["z"].tolist() == [[0, 1, 1], [0, 2, 2]]
    cells = SAMPLES.traces()[0]
    stops = cells["colorscale"]
    for state, colour in enumerate(SAMPLES.states.values()):
        share = (state - cells["zmin"]) / (cells["zmax"] - cells["zmin"])
        assert [shade for place, shade in stops if place < share][-1] == colour
        assert next(shade for place, shade in stops if place > share) == colour


def test_edges_are_drawn_by_sign_and_width_and_unknown_ones_apart() -> None:
    drawn = NETWORK.update({"edges": WEIGHTS}, 0)["set"]
    counts = {uid: len(line["x"]) // 3 for uid, line in drawn.items() if uid != "numbers" and line["x"]}
    assert counts == {"positive-3": 1, "negative-2": 1, "positive-0": 2, "positive-1": 1, "negative-3": 1, "unknown": 1}
    assert drawn["numbers"]["text"] == ["2.00", "−1.00", "0.10", "0.50", " ", "−2.00", "0.00"]
    assert drawn["negative-3"] == {"x": [1, 2, None], "y": [0.6667, 0.3333, None]}


def test_a_number_too_small_for_its_decimals_is_written_as_a_power_of_ten_and_zero_without_a_sign() -> None:
    text = NETWORK.update({"nodes": [[-2e-7, -0.0], [0.006], [0.0049, -123.456]]}, 0)["set"]["nodes"]["text"]
    assert text == ["−2e−7", "0.00", "0.01", "0.005", "−123.46"]


def test_an_edge_is_marked_from_its_source_to_its_unit_and_the_mark_taken_away() -> None:
    bias = NETWORK.update({"highlight": [(0, 0, 2)]}, 0)["set"]["highlight"]
    assert bias == {"x": [0, 1, None], "y": [0.1667, 0.6667, None]}
    assert NETWORK.update({"highlight": []}, 0)["set"]["highlight"] == {"x": [], "y": []}


@pytest.mark.parametrize(
    ("chart", "value"),
    [
        (MATRIX, np.zeros((3, 2))),
        (IMAGES, np.zeros((5, 2, 3))),
        (IMAGES, np.zeros((1, 3, 2))),
        (SAMPLES, [0] * 7),
        (SAMPLES, [2]),
        (NETWORK, {"nodes": [[1, 2], [0.5]]}),
        (NETWORK, {"edges": [np.zeros((1, 2)), np.zeros((2, 2))]}),
        (NETWORK, {"colour": 1}),
    ],
)
def test_a_value_that_does_not_fit_is_refused(chart: Chart, value: Any) -> None:
    with pytest.raises(ValueError, match="chart 't'"):
        chart.update(value, 0)
