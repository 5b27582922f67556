"""The face of rooms: what routes ask of whatever keeps them, one process's memory now, a log shared by several machines later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from app.rooms.state import Moment, Place, State


class NoRoom(Exception):
    """There is no room with this code, or none any more."""


class NotYours(Exception):
    """Only the room's teacher may do this, or for an answer who follows, and the key or seat is of neither."""


class NotAsked(Exception):
    """The question is not the one asked now, or is over, or has no such option."""


class Answered(Exception):
    """The browser has answered the question."""


class Full(Exception):
    """As many rooms, or as many pages in one, as there may be."""


@dataclass(frozen=True)
class Opened:
    """A new room: its code is for everyone, its key for the teacher alone."""

    code: str
    key: str


@dataclass(frozen=True)
class View:
    """What a follower is told. `counts` of the answers by option: the teacher's always, a student's once the question is over."""

    state: State
    students: int
    """Browsers that follow."""
    counts: tuple[int, ...] | None


class Rooms(Protocol):
    """Every method but `open` raises NoRoom for a code that is none; those that take a key NotYours for a wrong one."""

    async def open(self) -> Opened:
        """Opens a room. Raises Full."""

    async def state(self, code: str) -> State:
        """What the room shows now."""

    async def steer(self, code: str, key: str, place: Place, moment: Moment) -> None:
        """The teacher shows this experiment at this moment."""

    async def ask(self, code: str, key: str, text: str, options: tuple[str, ...], guess: str = "") -> None:
        """The teacher asks; without options there is no question any more."""

    async def reveal(self, code: str, key: str) -> None:
        """No more answers are taken, and their counts are shown to all."""

    async def vote(self, code: str, seat: str, number: int, option: int) -> None:
        """A browser that follows answers question `number`, once. Raises NotYours, NotAsked, Answered, Full."""

    def follow(self, code: str, seat: str) -> AsyncIterator[View | None]:
        """What a student sees, now and at each change, at most ten times a second; None now and then when nothing changes.

        `seat` is a secret that a browser makes for itself, so that it counts once. Ends with the room. Raises Full.
        """

    def watch(self, code: str, key: str) -> AsyncIterator[View | None]:
        """What the teacher sees, in the same way, counts included."""

    async def close(self, code: str, key: str) -> None:
        """The class is over: all who follow are told, and nothing is kept."""
