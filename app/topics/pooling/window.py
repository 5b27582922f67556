"""The window slides: over the 64 numbers of a digit, step by step, and each pooling makes one number of what lies under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.charts import Axis, Chart, Matrix, Working
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, at_most, slider, streams
from app.topics.pooling import guesses
from engine import Graph, Session, convolution
from engine.datasets import digits
from engine.graph import Array

SIDE, INK = 8, 16
"""Pixels of a side, and the largest number that a pixel of the data has."""
DRAWN = 300
"""So many digits are measured beside the one that is shown."""
POOLS: dict[str, Callable[[Array], Array]] = {
    "maximum": lambda under: under.max(axis=(-2, -1)),
    "average": lambda under: under.mean(axis=(-2, -1)),
    "stride": lambda under: under[..., 0, 0],
}
"""What each makes of the numbers under its windows (..., size, size)."""


class WindowParams(Params):
    """The window, its steps, and the digit below it."""

    size: int = slider(2, (2, 3, 4), label="window size", unit="pixels", help="Side of the window.")
    stride: int = slider(2, (1, 2, 3, 4), label="stride", unit="pixels", help="How far the window moves at each step.")
    digit: int = slider(3, tuple(range(10)), label="digit", help="Which handwritten digit; the seed chooses whose handwriting.")


def charts(params: WindowParams) -> dict[str, Chart]:
    """The map with the window, the arithmetic, and the three maps that come out."""
    side = _steps(params)
    return {
        "map": Matrix(
            title="The window slides over the map",
            rows=_names(SIDE),
            columns=_names(SIDE),
            limit=INK,
            digits=0,
            framed=True,
            x=Axis("column"),
            y=Axis("row"),
            height=340,
        ),
        "maximum": _pooled("Max pooling: the largest number under the window", side, 0),
        "average": _pooled("Average pooling: the mean of these numbers", side, 1),
        "stride": _pooled("Stride alone: the first number, the others skipped", side, 0),
        "working": Working(title="What is computed at this place", lines=3, wide=True),
    }


def _pooled(title: str, side: int, digits: int) -> Matrix:
    return Matrix(
        title=title,
        rows=_names(side),
        columns=_names(side),
        limit=INK,
        digits=digits,
        x=Axis("column of the pooled map"),
        y=Axis("row"),
        height=340,
    )


def run(params: WindowParams) -> Run:
    """One window after another in plain numbers; then the same of many digits at once, and by the engine's own pooling."""
    rng, data = streams(params.seed), digits()
    images = np.round(INK * data.inputs.astype(float)).reshape(SIDE, SIDE, -1)
    shown = images[..., rng.data.choice(np.flatnonzero(data.labels == params.digit))]
    many = images[..., rng.data.choice(data.size, DRAWN, replace=False)]

    side = _steps(params)
    pooled = {name: np.full((side, side), np.nan) for name in POOLS}
    yield Snapshot(0, _drawn(params, shown, pooled, (0, 0)))
    for step in range(side * side):
        row, column = divmod(step, side)
        under = _windows(shown, params)[row, column]
        for name, pool in POOLS.items():
            pooled[name][row, column] = pool(under)
        measured = _measured(params, shown, pooled, many) if step == side * side - 1 else {}
        yield Snapshot(step + 1, _drawn(params, shown, pooled, (row, column)), measured=measured)
    return None


def _names(side: int) -> list[str]:
    return [f"{place + 1}" for place in range(side)]


def _steps(params: WindowParams) -> int:
    """How many windows fit side by side."""
    return (SIDE - params.size) // params.stride + 1


def _windows(images: Array, params: WindowParams) -> Array:
    """Every window of images (8, 8, ...): (steps, steps, ..., size, size)."""
    every = np.lib.stride_tricks.sliding_window_view(images, (params.size, params.size), axis=(0, 1))
    return every[:: params.stride, :: params.stride]


def _drawn(params: WindowParams, shown: Array, pooled: dict[str, Array], at: tuple[int, int]) -> dict[str, Any]:
    """The window at a place, and all that has been pooled so far, which may be nothing."""
    row, column = (place * params.stride for place in at)
    begun = np.isfinite(pooled["maximum"][0, 0])
    return {
        **{name: values.copy() for name, values in pooled.items()},
        "map": {"cells": shown, "frame": (row, column, params.size, params.size)},
        "working": _lines(_windows(shown, params)[at]) if begun else [],
    }


def _lines(under: Array) -> list[str]:
    numbers = [f"{value:.0f}" for value in under.ravel()]
    return [
        rf"\text{{maximum}} = \max({', '.join(numbers)}) = {under.max():.0f}",
        rf"\text{{average}} = ({' + '.join(numbers)}) / {under.size} = {under.mean():.2f}",
        rf"\text{{stride alone}} = {numbers[0]}",
    ]


def _measured(params: WindowParams, shown: Array, pooled: dict[str, Array], many: Array) -> dict[str, float]:
    """Of `many` (8, 8, n): how much brighter max pooling makes them, how far off stride alone is; and the engine's own maps."""
    means = {name: pool(_windows(many, params)).mean(axis=(0, 1)) for name, pool in POOLS.items()}
    true = many.mean(axis=(0, 1))
    off = {name: float(np.abs(mean / true - 1).mean()) for name, mean in means.items()}
    graph = Graph(np.float64)
    image = graph.constant(shown[None, ..., None])
    poolings = {"maximum": convolution.maximum_pool, "average": convolution.average_pool}
    theirs = Session(graph).run([pool(image, params.size, params.stride) for pool in poolings.values()])
    apart = max(float(np.abs(each[0, ..., 0] - pooled[name]).max()) for name, each in zip(poolings, theirs, strict=True))
    return {"brighter": float((means["maximum"] / true).mean()), "off": off["stride"], "even": off["average"], "apart": apart}


TILES = Ground(size=2, stride=2)

demo = Demo(
    name="window",
    title="The sliding window",
    params=WindowParams,
    charts=charts,
    run=run,
    frames=lambda params: _steps(params) ** 2 + 1,
    frame_seconds=0.7,
    claims=(
        Claim(
            "Max pooling makes a map brighter: its mean grows by this factor, averaged over 300 digits.",
            "brighter",
            at_least(1.3),
            TILES,
        ),
        Claim("Stride alone gets a map’s mean wrong by this share, on average.", "off", at_least(0.03), TILES),
        Claim("Average pooling keeps the mean: it is off by this share.", "even", at_most(1e-9), TILES, by_construction=True),
        Claim(
            "Maps computed window by window in plain numbers and the engine’s own differ by at most this much.",
            "apart",
            at_most(1e-9),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("2 × 2, side by side", {}),
        Preset("overlapping windows", {"size": 3, "stride": 2}),
        Preset("a stride of one shrinks little", {"stride": 1}),
        Preset("4 × 4: little is left", {"size": 4, "stride": 4}),
    ),
    guesses=guesses.WINDOW,
    hint="Pause and step: the blue frame moves, and one number is added to each of the three maps.",
)
