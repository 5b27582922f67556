"""What a rehearsal leaves behind: the graph that a program builds, and what it does with it, line by line, without the numbers.

Between `rehearsal`, which writes tapes, and `playing`, which computes what they ask for. A tape is the same for every seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.graph import Node
from engine.v1.face import TensorFlow
from engine.v1.mistakes import Mistake
from engine.v1.readiness import Wanted


@dataclass(frozen=True, eq=False)
class Operation:
    """What is run for what it does: an initializer, an assignment, a step of an optimizer. `inputs`: what it reads and sets."""

    name: str
    kind: str
    runs: Any
    inputs: tuple[Node, ...]


@dataclass(frozen=True)
class Made:
    """A line added nodes and operations to the graph."""

    line: int
    nodes: tuple[Node, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, eq=False)
class Ran:
    """A line ran a session, `session` counted from 0. `operations`: those among the fetches."""

    line: int
    session: int
    wanted: Wanted
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Closed:
    """A line closed a session."""

    line: int
    session: int


@dataclass(frozen=True)
class Printed:
    """A line printed: texts, and Fetched where a value stands that a session gives."""

    line: int
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Failed:
    """A line made a mistake that TensorFlow 1 has words for; the program ends there."""

    line: int
    mistake: Mistake


Event = Made | Ran | Closed | Printed | Failed


@dataclass(frozen=True)
class Fetched:
    """A value that the run `run`, counted from 0, will give at `place` of its fetches."""

    run: int
    place: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Tape:
    """A program that was rehearsed.

    `nodes`, `operations`: the graph at its end, without what only an optimizer's inside needs. `draws`: variables that begin at
    random numbers -> their mean and standard deviation. `losses`: what optimizers minimize. `names`: the program's own names of
    tensors.
    """

    tf: TensorFlow
    events: tuple[Event, ...]
    nodes: tuple[Node, ...]
    operations: tuple[Operation, ...]
    sessions: int
    draws: Mapping[Node, tuple[float, float]]
    losses: tuple[Node, ...]
    names: Mapping[str, Node]

    @property
    def failure(self) -> Failed | None:
        """The mistake that ends the program, if it makes one."""
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Failed) else None

    @property
    def runs(self) -> tuple[Ran, ...]:
        """The calls of sess.run, in order."""
        return tuple(event for event in self.events if isinstance(event, Ran))
