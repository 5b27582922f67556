"""A run, from topic and values to the messages of its stream: `start`, frames, `done`. What a worker executes.

A pure function: the same arguments on the same build give the same bytes, which is why a run can be cached, shared, resumed, and
made again after a crash. But for the runs of a timed demo: each has a name of its own, so that no two are taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from secrets import token_hex
from typing import Any

import numpy as np

from app.charts import Chart
from app.charts.figures import wire_figure
from app.facts import over_defaults, usual
from app.frames import encode, message
from app.guesses import Watch
from app.runs.key import run_key
from app.topic import MOST_FRAMES, Claim, Demo, Diverged, Params, Snapshot
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
    name = run_key(topic, demo, values.values()) + (token_hex(4) if chosen.timed else "")
    yield "start", message("start", {"run": name, **_start(topic, chosen, values, charts)})
    ending = _Ending(topic, chosen, values)
    for snapshot in _watched(chosen, values, ending):
        if snapshot is None:
            yield None
        elif ending.frames < MOST_FRAMES:
            yield "frame", message("frame", _frame(snapshot, charts), f"{name}:{ending.frames}")
            ending.saw(snapshot)
        else:
            raise ValueError(f"{topic}/{demo} yields more than {MOST_FRAMES} snapshots")
    yield "done", message("done", encode(ending.told()))


def ahead() -> Iterator[None]:
    """What a worker without a run does, some milliseconds an item: has plotly.py accept the figures that runs begin with."""
    for topic in topics().values():
        for demo in topic.demos:
            for chart in demo.charts(demo.params()).values():
                wire_figure(chart)
                yield


def _start(topic: str, demo: Demo, values: Params, charts: dict[str, Chart]) -> dict[str, Any]:
    return {
        "topic": topic,
        "demo": demo.name,
        "params": values.values(),
        "planned_frames": demo.planned_frames(values),
        "frame_seconds": demo.frame_seconds,
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

    def __init__(self, topic: str, demo: Demo, values: Params) -> None:
        self._topic, self._demo, self._values = topic, demo, values
        self.frames = 0
        self._steps = 0
        self._measured: dict[str, float] = {}
        here = over_defaults(demo, values.values())
        self._watches = [Watch(guess) for guess in demo.guesses if over_defaults(demo, guess.values) == here]
        self.diverged: Diverged | None = None

    def saw(self, snapshot: Snapshot) -> None:
        self._steps = snapshot.step
        self._measured |= snapshot.measured
        for watch in self._watches:
            watch.saw(self.frames, snapshot.step, self._measured)
        self.frames += 1

    def told(self) -> dict[str, Any]:
        said = {
            "frames": self.frames,
            "steps": self._steps,
            "outcome": "finished",
            "diverged_at": None,
            "claims": [self._judged(claim) for claim in self._demo.claims],
            "measured": self._measured,
            "guesses": [watch.told(self.frames, self._measured) for watch in self._watches],
        }
        if self.diverged is None:
            return said
        sentences = [f"Diverged at step {self.diverged.step}: {self.diverged.where}.", self.diverged.reason]
        told = " ".join(filter(None, sentences))
        return said | {"outcome": "diverged", "diverged_at": self.diverged.step, "message": told}

    def _judged(self, claim: Claim) -> dict[str, Any]:
        return claim.judge(self._values, self._measured, usual(self._topic, self._demo, claim))
