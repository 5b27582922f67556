"""Rooms: a class watches what its teacher shows. One small face, `Rooms`, and one that keeps rooms in this process's memory.

    the teacher's moves -> Rooms.steer, ask, reveal -> State -> Rooms.follow -> each student's page
    a student's answer  -> Rooms.vote ----------------> counts -> Rooms.watch -> the teacher's page

A room says which experiment is shown and at which moment. The run itself is the one that everybody watches by the same address
(`app.runs`), so that a class costs one computation. With several machines the same face would stand before a shared log.
"""

from app.rooms.codes import ALPHABET, CODE_LENGTH, read_code
from app.rooms.limits import RoomLimits
from app.rooms.memory import MemoryRooms
from app.rooms.rooms import Answered, Full, NoRoom, NotAsked, NotYours, Opened, Rooms, View
from app.rooms.state import Moment, Place, Question, State

__all__ = [
    "ALPHABET",
    "CODE_LENGTH",
    "Answered",
    "Full",
    "MemoryRooms",
    "Moment",
    "NoRoom",
    "NotAsked",
    "NotYours",
    "Opened",
    "Place",
    "Question",
    "RoomLimits",
    "Rooms",
    "State",
    "View",
    "read_code",
]
