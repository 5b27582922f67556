"""What a room shows: the place, the moment in its run, and the question that the teacher asked. Pure values: no room changes one.

A follower gets the whole state each time, so that whoever comes late, or was away, needs nothing of what came before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Place:
    """An experiment on this site: the address of its page, and that of its run's stream with every value said."""

    page_url: str
    stream_url: str


@dataclass(frozen=True)
class Moment:
    """The moment of a run that the teacher shows: the frame's number, whether it plays from there, and how fast (0: at once)."""

    frame: int = 0
    playing: bool = True
    speed: float = 1


@dataclass(frozen=True)
class Question:
    """A question to the class, in words of this site: `number` counts the questions of a room."""

    number: int
    text: str
    options: tuple[str, ...]
    guess: str = ""
    """The name of the demo's guess that it is, "" for letters, whose question the teacher speaks aloud."""
    is_open: bool = True
    """Whether it may be answered still; afterwards the answers' counts are shown to all."""


@dataclass(frozen=True)
class State:
    """All that a follower's page needs. No place yet: the teacher has shown nothing."""

    place: Place | None = None
    moment: Moment = Moment()
    question: Question | None = None

    def steered(self, place: Place, moment: Moment) -> State:
        """The teacher shows this. A question that is over goes with the experiment for which it was asked."""
        stays = self.question if place == self.place or (self.question and self.question.is_open) else None
        return State(place, moment, stays)

    def asked(self, question: Question | None) -> State:
        """The teacher asks, or takes the question away."""
        return replace(self, question=question)

    def revealed(self) -> State:
        """No more answers are taken."""
        return replace(self, question=self.question and replace(self.question, is_open=False))
