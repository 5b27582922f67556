"""Rooms in the memory of one process: they are gone when it ends, and nothing of them is written anywhere."""

from __future__ import annotations

import hmac
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from app.rooms.codes import new_code, new_key
from app.rooms.limits import RoomLimits
from app.rooms.pulse import SHORTEST, Pulse
from app.rooms.rooms import Answered, Full, NoRoom, NotAsked, NotYours, Opened, View
from app.rooms.state import Moment, Place, Question, State

HEARTBEAT = 10.0
"""Seconds after which who follows hears that nothing has changed."""
EMPTY_SECONDS = 600
"""A room that nobody follows, its teacher neither, gives way to a new one after so long when there is no other place."""


@dataclass(eq=False)
class Room:
    """One room. `moved` beats when the state changes, `counted` also when the number of students or answers does."""

    code: str
    key: str
    acted_at: float
    """When its teacher did something last."""
    left_at: float
    """When it was last left by somebody; of use while nobody is in it."""
    moved: Pulse
    counted: Pulse
    state: State = field(default_factory=State)
    votes: dict[str, int] = field(default_factory=dict)
    """Seat -> option, of the question asked last."""
    seats: Counter[str] = field(default_factory=Counter)
    """Seat -> its open pages."""
    teachers: int = 0
    questions: int = 0
    over: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody follows, its teacher neither."""
        return not self.seats and not self.teachers

    def set(self, state: State) -> None:
        """Another state, which all are told of."""
        if state != self.state:
            self.state = state
            self.moved.tell()
            self.counted.tell()

    def counts(self) -> tuple[int, ...] | None:
        """How many chose each option; None when nothing is asked."""
        question = self.state.question
        if question is None:
            return None
        chosen = Counter(self.votes.values())
        return tuple(chosen[option] for option in range(len(question.options)))

    def shown_to_students(self) -> View:
        """The counts are theirs once the question is over, so that none follows the crowd."""
        question = self.state.question
        return View(self.state, len(self.seats), None if question is None or question.is_open else self.counts())

    def shown_to_teacher(self) -> View:
        """Counts as they come in."""
        return View(self.state, len(self.seats), self.counts())

    def end(self) -> None:
        """Nothing is kept, and all who follow are told."""
        self.over = True
        self.votes.clear()
        self.moved.tell()
        self.counted.tell()


class MemoryRooms:
    """The rooms of this process; `clock` gives seconds, `beat` is how many there are between two views of a follower."""

    def __init__(self, limits: RoomLimits, clock: Callable[[], float] = time.monotonic, beat: float = SHORTEST) -> None:
        self.limits = limits
        self._beat = beat
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._stopping = False

    async def open(self) -> Opened:
        """Opens a room. Raises Full when there are as many as there may be and none has been empty for long."""
        self._end_the_idle()
        if self._stopping or (len(self._rooms) >= self.limits.rooms and not self._make_place()):
            raise Full
        now = self._clock()
        room = Room(new_code(), new_key(), now, now, Pulse(self._beat), Pulse(self._beat))
        if room.code in self._rooms:
            raise Full  # once in 10⁹ times; the teacher asks again
        self._rooms[room.code] = room
        return Opened(room.code, room.key)

    async def state(self, code: str) -> State:
        """What the room shows now."""
        return self._room(code).state

    async def steer(self, code: str, key: str, place: Place, moment: Moment) -> None:
        """The teacher shows this experiment at this moment."""
        room = self._own(code, key)
        room.set(room.state.steered(place, moment))

    async def ask(self, code: str, key: str, text: str, options: tuple[str, ...], guess: str = "") -> None:
        """The teacher asks; without options there is no question any more."""
        room = self._own(code, key)
        room.questions += 1
        room.votes.clear()
        room.set(room.state.asked(Question(room.questions, text, options, guess) if options else None))

    async def reveal(self, code: str, key: str) -> None:
        """No more answers are taken, and their counts are shown to all."""
        room = self._own(code, key)
        room.set(room.state.revealed())

    async def vote(self, code: str, seat: str, number: int, option: int) -> None:
        """A browser that follows answers, once. There are never more answers than pages that may follow."""
        room = self._room(code)
        if seat not in room.seats:
            raise NotYours
        question = room.state.question
        if question is None or not question.is_open or question.number != number or not 0 <= option < len(question.options):
            raise NotAsked
        if seat in room.votes:
            raise Answered
        if len(room.votes) >= self.limits.room_students:
            raise Full
        room.votes[seat] = option
        room.counted.tell()

    async def follow(self, code: str, seat: str) -> AsyncIterator[View | None]:
        """What a student sees. The seat is taken while this is read, and once however many pages a browser has open."""
        room = self._room(code)
        if room.seats.total() >= self.limits.room_students:
            raise Full
        room.seats[seat] += 1
        room.counted.tell()
        try:
            async for view in self._views(room, room.moved, room.shown_to_students):
                yield view
        finally:
            room.seats[seat] -= 1
            room.seats += Counter()  # which leaves out those at nought
            self._left(room)

    async def watch(self, code: str, key: str) -> AsyncIterator[View | None]:
        """What the teacher sees."""
        room = self._own(code, key)
        room.teachers += 1
        try:
            async for view in self._views(room, room.counted, room.shown_to_teacher):
                yield view
        finally:
            room.teachers -= 1
            self._left(room)

    async def close(self, code: str, key: str) -> None:
        """The class is over."""
        self._end(self._own(code, key))

    def stop(self) -> None:
        """The server ends: all who follow are let go, and none is taken in."""
        self._stopping = True
        for room in list(self._rooms.values()):
            room.moved.tell()
            room.counted.tell()

    async def _views(self, room: Room, pulse: Pulse, view: Callable[[], View]) -> AsyncIterator[View | None]:
        """The view now, at each beat, and None after each time without one; until the room is over."""
        beat = pulse.beats
        changed = True
        while not room.over and not self._stopping:
            yield view() if changed else None
            before, beat = beat, await pulse.wait(beat, HEARTBEAT)
            changed = beat != before
            if self._is_idle(room):
                self._end(room)

    def _left(self, room: Room) -> None:
        room.left_at = self._clock()
        room.counted.tell()

    def _room(self, code: str) -> Room:
        room = self._rooms.get(code)
        if room is None or self._stopping:
            raise NoRoom
        if self._is_idle(room):
            self._end(room)
            raise NoRoom
        return room

    def _own(self, code: str, key: str) -> Room:
        """The room, for who has its key; compared in a time that says nothing of the key."""
        room = self._room(code)
        if not hmac.compare_digest(room.key.encode(), key.encode()):
            raise NotYours
        room.acted_at = self._clock()
        return room

    def _is_idle(self, room: Room) -> bool:
        return self._clock() - room.acted_at >= self.limits.room_hours * 3600

    def _end(self, room: Room) -> None:
        self._rooms.pop(room.code, None)
        room.end()

    def _end_the_idle(self) -> None:
        for room in [room for room in self._rooms.values() if self._is_idle(room)]:
            self._end(room)

    def _make_place(self) -> bool:
        """Ends the room that has been empty longest, if for long enough; whether there was one."""
        empty = [room for room in self._rooms.values() if room.is_empty and self._clock() - room.left_at >= EMPTY_SECONDS]
        for room in sorted(empty, key=lambda room: room.left_at)[:1]:
            self._end(room)
        return bool(empty)
