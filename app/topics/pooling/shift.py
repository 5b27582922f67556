"""A digit moves to the right, pixel by pixel: how far is what pooling makes of it from what stood first, moved along?"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, PURPLE, VERMILION
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, at_most, between, choice, slider, streams
from app.topics.pooling import guesses
from engine import Graph, Node, Session, convolution
from engine.datasets import digits
from engine.graph import Array

HEIGHT, WIDTH, SIDE = 16, 40, 8
TOP, LEFT, FARTHEST = 4, 8, 16
"""Where a digit stands first on the sheet, and how far it moves; it stays clear of the border."""
IMAGES = 64
STRIDES = {"none": 1, "stride": 2, "maximum": 2, "average": 2, "blurred": 2, "maximum 4": 4}
NAMES = {
    "none": "no pooling",
    "stride": "stride alone",
    "maximum": "max 2 × 2",
    "average": "average 2 × 2",
    "blurred": "max, blurred",
    "maximum 4": "max 4 × 4",
}
COLOURS = {"none": GREY, "stride": VERMILION, "maximum": BLUE, "average": GREEN, "blurred": PURPLE, "maximum 4": CYAN}
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4
"""A filter for upright edges, dark on the left (Sobel and Feldman, 1968)."""


class ShiftParams(Params):
    """What is pooled, with which blur, and which of the images is shown."""

    image: int = slider(
        1, (1, 2, 3, 4, 5, 6, 7, 8), label="image", help="Which of the digits is shown. All 64 are measured.", maximum=IMAGES
    )
    blur: int = slider(
        3, (1, 2, 3, 5), label="blur", unit="pixels", help="Length of the blur between maximum and stride. 1: none."
    )
    pooled: Literal["pixels", "edges"] = choice(
        "pixels", {"pixels": "the pixels", "edges": "edges, after ReLU"}, label="map", help="What is pooled."
    )


def charts(params: ShiftParams) -> dict[str, Chart]:
    """The maps now beside the first ones moved along, the gap between them as the digit moves, and that gap now."""
    series = {name: Series(NAMES[name], COLOURS[name]) for name in STRIDES if name != "none"}
    return {
        "maps": ImageGrid(
            title="Each map now, and the first one moved along by the nearest whole number of cells",
            rows=len(STRIDES),
            columns=2,
            image=(HEIGHT, WIDTH),
            row_names=list(NAMES.values()),
            column_names=("now", "the first, moved along"),
            x=Axis("map"),
            y=Axis("pooling"),
            wide=True,
            height=520,
        ),
        "gap": Lines(
            title="Whole strides only move a map; shifts in between change it",
            series=series,
            further=["average", "maximum 4"],
            mode="lines+markers",
            x=Axis("shift in pixels", (0, FARTHEST)),
            y=Axis("difference over the map’s norm", (0, 1.5)),
            wide=True,
            height=300,
        ),
        "changes": Bars(
            title=f"How much a shift by one more pixel changes a map: mean over {IMAGES} digits and all shifts so far",
            categories=list(NAMES.values()),
            series={"change": Series("change")},
            colours=list(COLOURS.values()),
            x=Axis("pooling"),
            y=Axis("change over the map’s norm", (0, 1.5)),
            wide=True,
            height=260,
        ),
    }


def run(params: ShiftParams) -> Run:
    """No training: 64 digits on a wide sheet, pooled in six ways at each of 17 places."""
    rng, data = streams(params.seed), digits()
    chosen = rng.data.choice(data.size, IMAGES, replace=False)
    sheet = np.zeros((1, HEIGHT, WIDTH, IMAGES))
    sheet[0, TOP : TOP + SIDE, LEFT : LEFT + SIDE] = data.inputs[:, chosen].reshape(SIDE, SIDE, -1)
    if params.pooled == "edges":
        sheet = _edges(sheet)

    graph = Graph(np.float64)
    plan = yield from Session(graph).planning(_poolings(graph.placeholder("maps", sheet.shape), params.blur))
    first = dict(zip(STRIDES, (each.copy() for each in plan(maps=sheet)), strict=True))
    before, changes, gaps = first, [], []
    for shift in range(FARTHEST + 1):
        now = dict(zip(STRIDES, (each.copy() for each in plan(maps=_moved(sheet, shift))), strict=True))
        along = {name: _moved(first[name], _cells(shift, stride)) for name, stride in STRIDES.items()}
        gaps.append({name: _apart(now[name], along[name]) for name in STRIDES})
        if shift:
            changes.append({name: float(_apart(now[name], before[name]).mean()) for name in STRIDES})
        drawn = _drawn(params.image - 1, [(now[name], along[name]) for name in STRIDES], gaps[-1], changes)
        yield Snapshot(shift, drawn, measured=_measured(changes, gaps) if shift == FARTHEST else {})
        before = now
    return None


def _edges(images: Array) -> Array:
    """Upright edges of images (1, height, width, n), what is negative set to 0."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    sums = sum(
        weight * padded[:, down : down + HEIGHT, across : across + WIDTH] for (down, across), weight in np.ndenumerate(SOBEL)
    )
    edges: Array = np.maximum(sums, 0)
    return edges


def _poolings(maps: Node, blur: int) -> list[Node]:
    """In the order of `STRIDES`. The blurred one is Zhang's: the maximum at every place, a blur, and only then the stride."""
    return [
        maps * 1.0,
        convolution.maximum_pool(maps, 1, 2),
        convolution.maximum_pool(maps, 2),
        convolution.average_pool(maps, 2),
        convolution.blur_pool(convolution.maximum_pool(maps, 2, 1), blur, 2),
        convolution.maximum_pool(maps, 4),
    ]


def _moved(maps: Array, cells: int) -> Array:
    """Maps (1, height, width, n) moved to the right; what comes in is empty, and what leaves is empty too."""
    moved = np.zeros_like(maps)
    moved[:, :, cells:] = maps[:, :, : maps.shape[2] - cells]
    return moved


def _cells(shift: int, stride: int) -> int:
    """The whole number of cells that is nearest to a shift in pixels, of two the smaller."""
    return (2 * shift + stride - 1) // (2 * stride)


def _apart(now: Array, then: Array) -> Array:
    """The length of the difference of each image's maps as a share of the second's length (n,)."""
    return np.asarray(np.sqrt(((now - then) ** 2).sum(axis=(0, 1, 2)) / (then**2).sum(axis=(0, 1, 2))))


def _mean(changes: list[dict[str, float]]) -> dict[str, float]:
    """The mean change from one place to the next, of each pooling."""
    return {name: float(np.mean([each[name] for each in changes])) for name in STRIDES}


def _drawn(
    place: int, maps: list[tuple[Array, Array]], gaps: dict[str, Array], changes: list[dict[str, float]]
) -> dict[str, Any]:
    """The image that is shown, by its place, with its gaps, and the changes of all images so far."""
    drawn: dict[str, Any] = {
        "maps": np.stack([_picture(each[0, ..., place]) for pair in maps for each in pair]),
        "gap": {name: float(gap[place]) for name, gap in gaps.items() if name != "none"},
    }
    return drawn | ({"changes": np.array(list(_mean(changes).values()))} if changes else {})


def _picture(cells: Array) -> Array:
    """A map with its cells as large as fits the sheet."""
    times = HEIGHT // cells.shape[0]
    drawn = np.repeat(np.repeat(cells, times, axis=0), times, axis=1)
    return np.pad(drawn, ((0, HEIGHT - drawn.shape[0]), (0, WIDTH - drawn.shape[1])))


def _measured(changes: list[dict[str, float]], gaps: list[dict[str, Array]]) -> dict[str, float]:
    """Changes from one pixel to the next over each other, and what is left at shifts by whole strides."""
    one = _mean(changes)
    whole = [float(gap[name].max()) for shift, gap in enumerate(gaps) for name in STRIDES if shift % STRIDES[name] == 0]
    return {
        "stride": one["stride"],
        "maximum": one["maximum"] / one["stride"],
        "average": one["maximum"] / one["average"],
        "blurred": one["blurred"] / one["maximum"],
        "larger": one["maximum 4"] / one["maximum"],
        "unpooled": one["none"],
        "whole": max(whole),
    }


BLURRED = Ground(blur=between(3, 5))

demo = Demo(
    name="shift",
    title="A digit moves",
    params=ShiftParams,
    charts=charts,
    run=run,
    frames=FARTHEST + 1,
    frame_seconds=0.5,
    claims=(
        Claim("With stride alone, a shift by one pixel changes a map by this share of its norm.", "stride", at_least(0.7)),
        Claim(
            "With 2 × 2 max pooling, a shift by one pixel changes a map by this fraction of the change with stride alone.",
            "maximum",
            at_most(0.8),
        ),
        Claim(
            "A shift changes a max-pooled map about as much as an average-pooled one: the first change over the second.",
            "average",
            between(0.85, 1.05),
        ),
        Claim(
            "With a blur before the stride, a shift changes a max-pooled map by this fraction of the change without it.",
            "blurred",
            at_most(0.85),
            BLURRED,
        ),
        Claim(
            "With 4 × 4 max pooling, a shift changes a map by this fraction of the change with 2 × 2 max pooling.",
            "larger",
            at_most(0.75),
        ),
        Claim(
            "Shifts by whole strides move every map by whole cells: the largest difference from the moved map.",
            "whole",
            at_most(1e-6),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("pixels of a digit", {}),
        Preset("a map of edges", {"pooled": "edges"}),
        Preset("a longer blur", {"blur": 5}),
        Preset("no blur: just max pooling", {"blur": 1}),
    ),
    guesses=guesses.SHIFT,
    hint="Step from a shift of 0 to 1, then to 2: with a stride of 2 the differences jump up, then back to zero.",
)
