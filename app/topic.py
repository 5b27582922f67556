"""What a topic is made of: demos, snapshots, claims, guesses. The nouns that every module of `app.topics` is written with.

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

from app.bounds import at_least, at_most, between, exactly, one_of
from app.charts import Chart
from app.claims import Claim, Title
from app.ground import ANYWHERE, Ground
from app.guesses import Guess, Highest, Lowest, Moment, Option, Question, Ratio, Sketch, either
from app.pace import MOST_FRAMES, Pace
from app.params import Params, checked, checked_lines, choice, editor, entry, slider, switch
from app.typed import LineError, numbers
from app.wording import written

__all__ = [
    "ANYWHERE",
    "MOST_FRAMES",
    "NOT_YET",
    "Claim",
    "Demo",
    "Diverged",
    "Ground",
    "Guess",
    "Highest",
    "LineError",
    "Lowest",
    "Moment",
    "Option",
    "Pace",
    "Params",
    "Preset",
    "Question",
    "Ratio",
    "Run",
    "Sketch",
    "Snapshot",
    "Still",
    "Streams",
    "Title",
    "Topic",
    "at_least",
    "at_most",
    "between",
    "checked",
    "checked_lines",
    "choice",
    "editor",
    "either",
    "entry",
    "exactly",
    "numbers",
    "one_of",
    "slider",
    "streams",
    "switch",
    "written",
]


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
    """How a run ends that left the finite numbers: a result, not an error.

    `where`: what broke, in the words of `engine.Guard`. `reason`: a whole sentence that says why, for demos that measured it.
    """

    step: int
    where: str
    reason: str = ""


NOT_YET: None = None
"""What a run yields while it prepares: no frame goes out, others get their turn, and each piece counts as a snapshot does.

It is None, which is what the engine yields between the pieces of its own work: `plan = yield from session.planning(...)`.
"""

Run = Generator[Snapshot | None, None, Diverged | None]
"""What `Demo.run` returns: snapshots, `NOT_YET` where it is preparing, and at the end nothing or how it diverged."""


@dataclass(frozen=True)
class Preset:
    """A named link into a demo; parameters it does not name keep their defaults."""

    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Demo:
    """One live experiment. `name` stands in the URL; `charts` and `run` are functions of the params.

    `frames`: the pace that the run keeps, or how many snapshots it gives, or a function of the params to either.
    `frame_seconds`: how long a frame stays at speed 1, where each has something to read; 0 leaves that to the player.
    `timed`: its frames hold seconds, so that no two runs are alike. All that is promised of a run's bytes leaves it out: see
    docs/runs.md. What its claims measure is the same each time all the same.
    """

    name: str
    title: str
    params: type[Params]
    charts: Callable[[Any], dict[str, Chart]]
    run: Callable[[Any], Run]
    frames: Pace | int | Callable[[Any], Pace | int]
    claims: Sequence[Claim]
    presets: Sequence[Preset] = ()
    guesses: Sequence[Question] = ()
    hint: str = ""
    frame_seconds: float = 0
    timed: bool = False

    def planned_frames(self, params: Params) -> int:
        """How many frames the run will send unless it diverges."""
        frames = self.frames(params) if callable(self.frames) else self.frames
        return frames if isinstance(frames, int) else len(frames)

    def guess(self, name: str) -> Question:
        """The guess or sketch of that name. Raises KeyError."""
        return {guess.name: guess for guess in self.guesses}[name]


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
