"""The charts of a `run.zip` as matplotlib draws them: every kind of chart, and none blank."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.charts import Chart
from app.takeaway.drawing import Picture
from app.topic import Demo, Snapshot
from app.topics import topics


def demos() -> Iterator[Demo]:
    for topic in topics().values():
        yield from topic.demos


def kinds() -> dict[str, tuple[Demo, str]]:
    """Each kind of chart that a demo shows, with the first demo that does and the chart's name there."""
    found: dict[str, tuple[Demo, str]] = {}
    for demo in demos():
        for name, chart in demo.charts(demo.params()).items():
            found.setdefault(type(chart).__name__, (demo, name))
    return found


def tells(trace: dict[str, Any]) -> bool:
    """Whether a trace has a number or a text that frames gave it."""
    numbers = np.asarray(trace.get("z", trace.get("y", ())), float)
    return "uid" in trace and bool(np.isfinite(numbers).any() or any(map(str.strip, trace.get("text", ()))))


def pixels(picture: Picture, path: Path) -> Any:
    picture.save(path, "the same title")
    return import_module("matplotlib.image").imread(path)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_chart_is_drawn(kind: str, tmp_path: Path) -> None:
    demo, name = kinds()[kind]
    params = demo.params()
    charts: dict[str, Chart] = {name: demo.charts(params)[name]}
    picture, blank = Picture(charts), Picture(charts)
    told = 0
    for snapshot in filter(None, demo.run(params)):
        picture.take(Snapshot(snapshot.step, {one: value for one, value in snapshot.charts.items() if one in charts}))
        told += any(map(tells, picture.traces[name]))
        if told == 2:  # a line of one point is none yet
            break
    assert not np.array_equal(pixels(picture, tmp_path / "run.png"), pixels(blank, tmp_path / "blank.png"))


def test_a_picture_stands_as_the_newest_moment_left_it() -> None:
    demo = topics()["learning-rate"].demo("race")
    params, steps = demo.params(), list[int]()
    picture = Picture(demo.charts(params))
    for snapshot in islice(filter(None, demo.run(params)), 4):
        picture.take(snapshot)
        steps.append(snapshot.step)
    grown = [trace for trace in picture.traces["loss"] if "uid" in trace]
    assert grown
    assert [trace["x"] for trace in grown] == [steps] * len(grown)
