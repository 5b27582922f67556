"""Which moments of a program are shown: each line, and of a run each node, as long as there are frames for it.

A rehearsal knows all that will happen, so that the frames are counted before anything is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.topics.tensorflow_elements.pictures import order_of
from engine.v1.programs import Closed, Event, Ran, Tape

MOST, ROOM_FOR_NODES = 240, 200
"""Frames besides the first; and up to how many of them runs are shown node by node."""


@dataclass(frozen=True)
class Scene:
    """An event and how it is shown: in no frame, in one, or in one for each node of its run and each of its operations too."""

    event: Event
    frames: int
    by_node: bool = False


def scenes(tape: Tape) -> list[Scene]:
    """All events in order. The first runs are shown node by node; where lines alone are too many, some are left out, evenly."""
    shown = [event for event in tape.events if not isinstance(event, Closed)]
    kept = set(_thinned(range(len(shown))))
    room = ROOM_FOR_NODES - len(kept)
    made = []
    place = -1
    for event in tape.events:
        place += not isinstance(event, Closed)
        if isinstance(event, Closed) or place not in kept:
            made.append(Scene(event, 0))
            continue
        more = len(order_of(tape, event)) + len(event.operations) if isinstance(event, Ran) else 0
        by_node = 0 < more <= room
        room -= more if by_node else 0
        made.append(Scene(event, 1 + more if by_node else 1, by_node))
    return made


def _thinned(places: Sequence[int]) -> Sequence[int]:
    """At most so many of them, evenly, and the last, where a mistake would be."""
    every = -(-len(places) // MOST) if places else 1
    return [place for place in places if (len(places) - 1 - place) % every == 0]


def count(tape: Tape) -> int:
    """How many frames a program has, the first, before its first line, included."""
    return 1 + sum(scene.frames for scene in scenes(tape))
