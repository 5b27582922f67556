"""A run, from topic and values to the messages of its stream: `start`, frames, `done`. What a worker executes.

A pure function: the same arguments on the same build give the same bytes, which is why a run can be cached, shared, resumed, and
made again after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from app.charts import Chart
from app.charts.figures import wire_figure
from app.frames import encode, message
from app.runs.key import run_key
from app.topic import MOST_FRAMES, Demo, Diverged, Params, Snapshot
from app.topics import topics

topics()  # a worker is up once every topic is imported: the first run finds them there, and a broken one is told at once


Message = tuple[str, bytes]
"""Kind and bytes."""


def events(topic: str, demo: str, params: Mapping[str, Any]) -> Iterator[Message]:
    """The run's messages. Raises what the topic raises."""
    return filter(None, pieces(topic, demo, params))


def pieces(topic: str, demo: str, params: Mapping[str, Any]) -> Iterator[Message | None]:
    """The run piece by piece, as a worker takes it: the message that each piece ends with, None while the run prepares."""
    chosen = topics()[topic].demo(demo)
    values = chosen.params.model_validate(dict(params))
    charts = chosen.charts(values)
    yield "start", message("start", _start(topic, chosen, values, charts))
    ending = _Ending()
    for snapshot in _watched(chosen, values, ending):
        if snapshot is None:
            yield None
        elif ending.frames < MOST_FRAMES:
            yield "frame", message("frame", _frame(snapshot, charts), ending.frames)
            ending.saw(snapshot)
        else:
            raise ValueError(f"{topic}/{demo} yields more than {MOST_FRAMES} snapshots")
    yield "done", message("done", encode(ending.told(chosen, values)))


def ahead() -> Iterator[None]:
    """What a worker without a run does, some milliseconds an item: has plotly.py accept the figures that runs begin with."""
    for topic in topics().values():
        for demo in topic.demos:
            for chart in demo.charts(demo.params()).values():
                wire_figure(chart)
                yield


def _start(topic: str, demo: Demo, values: Params, charts: dict[str, Chart]) -> dict[str, Any]:
    return {
        "run": run_key(topic, demo.name, values.values()),
        "topic": topic,
        "demo": demo.name,
        "params": values.values(),
        "planned_frames": demo.planned_frames(values),
        "charts": {name: wire_figure(chart) for name, chart in charts.items()},
    }


def _frame(snapshot: Snapshot, charts: dict[str, Chart]) -> dict[str, Any]:
    drawn = {name: charts[name].update(value, snapshot.step) for name, value in snapshot.charts.items()}
    epoch = {} if snapshot.epoch is None else {"epoch": snapshot.epoch}
    said: dict[str, Any] = encode({"step": snapshot.step, **epoch, "charts": drawn})
    return said


def _watched(demo: Demo, values: Params, ending: _Ending) -> Iterator[Snapshot | None]:
    """What the run yields; what it returns at the end goes to `ending`. Overflow is a result here, not a warning."""
    run = demo.run(values)
    while True:
        with np.errstate(all="ignore"):
            try:
                snapshot = next(run)
            except StopIteration as stop:
                ending.diverged = stop.value
                return
        yield snapshot


class _Ending:
    """What `done` has to say, gathered while the run goes."""

    def __init__(self) -> None:
        self.frames = 0
        self.steps = 0
        self.measured: dict[str, float] = {}
        self.sharpness: tuple[int, float] | None = None
        self.diverged: Diverged | None = None

    def saw(self, snapshot: Snapshot) -> None:
        self.frames += 1
        self.steps = snapshot.step
        self.measured |= snapshot.measured
        if _is_curved(sharpness := snapshot.measured.get("sharpness", 0.0)):
            self.sharpness = snapshot.step, sharpness

    def told(self, demo: Demo, values: Params) -> dict[str, Any]:
        claims = [claim.judge(values, self.measured) for claim in demo.claims]
        said = {"frames": self.frames, "steps": self.steps, "outcome": "finished", "diverged_at": None, "claims": claims}
        if self.diverged is None:
            return said
        text = f"Diverged at step {self.diverged.step}: {self.diverged.where}.{self._edge(self.diverged, values)}"
        return said | {"outcome": "diverged", "diverged_at": self.diverged.step, "message": text}

    def _edge(self, diverged: Diverged, values: Params) -> str:
        """The learning rate against 2/λmax, where both are known: a steeper curvature than 2/rate throws gradient descent out."""
        rate: float | None = getattr(values, "learning_rate", None)
        seen = diverged.sharpness if diverged.sharpness and _is_curved(diverged.sharpness[1]) else self.sharpness
        if rate is None or seen is None:
            return ""
        step, sharpness = seen
        told = f"{rate * sharpness / 2:.3g} times 2/λmax = {2 / sharpness:.3g}"
        return f" At step {step} the learning rate {rate:g} was {told}, the edge for plain gradient descent."


def _is_curved(sharpness: float) -> bool:
    """Whether a curvature can be set against a rate: a finite number above 0."""
    return 0 < sharpness < np.inf
