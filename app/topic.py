"""What a topic is made of: demos, snapshots, claims, presets. The nouns that every module of `app.topics` is written with.

A demo's `run(params)` is a generator: it trains, and yields a `Snapshot` now and then, the first before any training. It is a
pure function of `params`: all randomness comes out of `streams(params.seed)`, one generator for each independent use, so that
changing one control leaves the rest of the experiment as it was. `app.produce` turns what it yields into frames. A run that has
long to prepare yields `NOT_YET` between the pieces of that work.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from app.charts import Chart
from app.params import Params, checked, choice, entry, numbers, slider, switch
from app.wording import written

__all__ = [
    "MOST_FRAMES",
    "NOT_YET",
    "Claim",
    "Demo",
    "Diverged",
    "Params",
    "Preset",
    "Run",
    "Snapshot",
    "Still",
    "Streams",
    "Topic",
    "checked",
    "choice",
    "entry",
    "numbers",
    "slider",
    "snapshot_steps",
    "streams",
    "switch",
]

MOST_FRAMES = 241
"""A run is rewound frame by frame: more frames than this are no clearer and cost the wire."""


class Streams(NamedTuple):
    """Independent generators out of one seed: what one draws never shifts what another draws."""

    data: np.random.Generator
    weights: np.random.Generator
    batches: np.random.Generator
    noise: np.random.Generator


def streams(seed: int) -> Streams:
    """The run's only randomness. Seed 0 is a seed like any other."""
    children = np.random.SeedSequence(seed).spawn(len(Streams._fields))
    return Streams(*(np.random.default_rng(child) for child in children))


@dataclass(frozen=True)
class Snapshot:
    """The state of a run at one moment: own copies, never a view of a plan's buffer.

    `charts`: chart name -> value in that chart's terms (see `app.charts`); a chart may be missing when nothing changed.
    `measured`: numbers for the claims, by name; of a name given more than once the newest counts.
    """

    step: int
    charts: Mapping[str, Any]
    epoch: float | None = None
    measured: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Diverged:
    """How a run ends that left the finite numbers: a result, not an error. `where`: the first layer and quantity to go.

    `sharpness`: a step and the largest curvature λmax of the loss after it, for topics that measure it when a run breaks. Those
    that measure it along the way say "sharpness" in `Snapshot.measured`.
    """

    step: int
    where: str
    sharpness: tuple[int, float] | None = None


NOT_YET: None = None
"""What a run yields while it prepares: no frame goes out, others get their turn, and each piece counts as a snapshot does.

It is None, which is what the engine yields between the pieces of its own work: `plan = yield from session.planning(...)`.
"""

Run = Generator[Snapshot | None, None, Diverged | None]
"""What `Demo.run` returns: snapshots, `NOT_YET` where it is preparing, and at the end nothing or how it diverged."""


@dataclass(frozen=True)
class Claim:
    """A sentence with a measured number and a threshold, checked on the run the visitor sees.

    `measure` names a number of `Snapshot.measured`. `applies(params)`: False off the claim's ground; `ground` says where that is.
    """

    text: str
    measure: str
    at_least: float | None = None
    at_most: float | None = None
    applies: Callable[[Any], bool] = lambda params: True
    ground: str = "any setting"

    @property
    def expected(self) -> str:
        """The threshold in words: "at least 0.97", "1.8 to 2.3"."""
        low, high = ("" if edge is None else written(edge) for edge in (self.at_least, self.at_most))
        if low and high:
            return f"{low} to {high}"
        return f"at least {low}" if low else f"at most {high}"

    def judge(self, params: Params, measured: Mapping[str, float]) -> dict[str, Any]:
        """The claim's line under the charts; `holds` is None where the claim does not apply. A missing or NaN number fails."""
        applies = self.applies(params)
        value = float(measured.get(self.measure, float("nan")))
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return {
            "text": self.text,
            "measured": value,
            "holds": bool(low <= value <= high) if applies else None,
            "expected": self.expected,
            "applies": applies,
            "ground": self.ground,
        }


@dataclass(frozen=True)
class Preset:
    """A named link into a demo; parameters it does not name keep their defaults."""

    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Demo:
    """One live experiment. `name` stands in the URL; `charts`, `run` and `planned_frames` are functions of the params."""

    name: str
    title: str
    params: type[Params]
    charts: Callable[[Any], dict[str, Chart]]
    run: Callable[[Any], Run]
    planned_frames: Callable[[Any], int]
    claims: Sequence[Claim]
    presets: Sequence[Preset] = ()
    hint: str = ""


@dataclass(frozen=True)
class Still:
    """What the catalogue shows of a topic: the first chart of the first demo at the end of its run, unless another tells more."""

    demo: str | None = None
    chart: str | None = None
    frame: int | None = None


@dataclass(frozen=True)
class Topic:
    """A page: its fixed slug (the rest of its row is in `app.catalogue`) and one or more demos, the first the default."""

    slug: str
    demos: tuple[Demo, ...]
    still: Still = Still()

    def demo(self, name: str | None) -> Demo:
        """The demo of that name, the first for None. Raises KeyError."""
        if name is None:
            return self.demos[0]
        return {demo.name: demo for demo in self.demos}[name]


def snapshot_steps(steps: int, at_most: int = 120) -> list[int]:
    """The steps after which a run of `steps` updates shows itself: 0, then denser early on, when most happens, and the last.

    A power of 1.5: the first tenth of the training gets a fifth of the frames, and no gap is more than 1.3 % of the run.
    """
    if steps < 0 or not 2 <= at_most <= MOST_FRAMES:
        raise ValueError(f"steps >= 0 and 2 <= at_most <= {MOST_FRAMES}, got {steps} and {at_most}")
    places = np.linspace(0.0, 1.0, at_most)
    return [int(step) for step in np.unique(np.round(steps * places**1.5))]
