"""A tape played: its runs computed one after the other, and what was printed filled in.

Last in the flow: a demo walks the pairs of event and outcome that `play` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.graph import Array, Node
from engine.v1.programs.tape import Closed, Event, Failed, Fetched, Printed, Ran, Tape
from engine.v1.session import Session


@dataclass(frozen=True)
class Outcome:
    """What an event came to. `text`: what was printed, or the words of a mistake.

    `results`: a value for each fetch, None for an operation. `values`: every node that was computed, in order, where the run was
    traced.
    """

    text: str = ""
    results: tuple[Any, ...] = ()
    values: Mapping[Node, Array] = field(default_factory=dict)


class Playing:
    """A tape on its way: `sessions`, where the values of variables are, and what the runs so far gave."""

    def __init__(self, tape: Tape, rng: np.random.Generator) -> None:
        self._tape, self._rng = tape, rng
        self.sessions = [Session(tape.tf.names) for _ in range(tape.sessions)]
        self._results: list[tuple[Any, ...]] = []

    def outcome(self, event: Event, traced: bool = True) -> Outcome:
        """What the next event comes to; a run node by node where it is `traced`, else by a plan."""
        if isinstance(event, Ran):
            return self._ran(event, traced)
        if isinstance(event, Printed):
            return Outcome(" ".join(self._said(part) for part in event.parts))
        if isinstance(event, Failed):
            about = event.mistake.about
            words = event.mistake.words
            return Outcome(words.replace("{value}", self._said(about)) if about is not None else words)
        if isinstance(event, Closed):
            self.sessions[event.session].close()
        return Outcome()

    def fed(self, event: Ran) -> dict[str, Any]:
        """The numbers that a run is fed, by the name of the placeholder."""
        return {name: self._found(value) if isinstance(value, Fetched) else value for name, value in event.wanted.feeds.items()}

    def _ran(self, event: Ran, traced: bool) -> Outcome:
        session, wanted = self.sessions[event.session], event.wanted.fed(self.fed(event))
        results, values = session.trace(wanted) if traced else (session.planned(wanted), {})
        for variable in wanted.initialized:
            if variable in self._tape.draws:
                mean, deviation = self._tape.draws[variable]
                session.assign(variable, self._rng.normal(mean, deviation, variable.shape))
        self._results.append(tuple(None if one is None else np.array(one) for one in results))
        return Outcome(results=self._results[-1], values={node: np.array(value) for node, value in values.items()})

    def _found(self, value: Fetched) -> Array:
        found: Array = self._results[value.run][value.place]
        return found

    def _said(self, part: Any) -> str:
        if isinstance(part, Fetched):
            return shown(self._found(part))
        return f"[{', '.join(self._in_list(one) for one in part)}]" if isinstance(part, list) else str(part)

    def _in_list(self, part: Any) -> str:
        """Within a list Python prints what an array is, and not only its numbers."""
        return repr(self._found(part)) if isinstance(part, Fetched) and part.shape else self._said(part)


def play(
    tape: Tape, rng: np.random.Generator, traced: Callable[[Event], bool] = lambda _: True
) -> Iterator[tuple[Event, Outcome]]:
    """Each event of a tape with what it came to; `rng` is where random first values come from."""
    playing = Playing(tape, rng)
    for event in tape.events:
        yield event, playing.outcome(event, traced(event))


def shown(value: Array) -> str:
    """An array as NumPy prints it, a large one shortened earlier."""
    return np.array2string(value, threshold=200) if value.ndim else str(value[()])
