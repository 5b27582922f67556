"""What the engine promises of itself: how soon a network can be stepped, and how soon the map of what it thinks is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks import cnn, engine, gan, lstm
from benchmarks.rows import Row
from engine import Graph, Session, mlp

BUILDS: dict[str, tuple[Callable[[], Any], float]] = {
    "build-mlp": (partial(engine.ours, *engine.WORKS["mlp-digits"][:3]), 5),
    "build-cnn": (cnn.ours, 5),
    "build-gan": (gan.ours, 5),
    "build-lstm": (lstm.ours, 60),
}
"""Work -> all from the first node to a plan that can be stepped (for the GAN three plans), and the milliseconds it may take."""
GRID, GRID_MS = 50, 0.5


def milliseconds(program: Callable[[], Any], rounds: int) -> float:
    """The median of some calls, the first of which is not counted."""
    seconds = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        program()
        seconds.append(time.perf_counter() - begin)
    return median(seconds[1:]) * 1e3


def decision_grid(activation: str) -> Callable[[], Any]:
    """The outputs of 2-32-32-2 on a grid of 50 x 50 points, as a copy that a snapshot can keep."""
    graph = Graph()
    points = graph.placeholder("points", (2, GRID * GRID))
    outputs = mlp(graph, (2, 32, 32, 2), np.random.default_rng(0), activation)(points)
    plan = Session(graph).plan([outputs])
    axis = np.linspace(-1, 1, GRID, dtype=np.float32)
    plan.feed({"points": np.stack(np.meshgrid(axis, axis)).reshape(2, -1)})
    return plan


def rows() -> list[Row]:
    """A row a promise."""
    builds = {work: (milliseconds(build, 15), most) for work, (build, most) in BUILDS.items()}
    grids = {f"grid-{name}": (milliseconds(decision_grid(name), 300), GRID_MS) for name in ("relu", "tanh")}
    return [Row(work, "promise", most / ours, ours, most, "ms") for work, (ours, most) in (builds | grids).items()]
