"""What an operator limits of rooms, each by one environment variable; the table in docs/operations.md says the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoomLimits:
    """The limits and their defaults: a school."""

    rooms: int = 16
    """rooms that are open at the same time (ROOMS)"""
    room_students: int = 300
    """pages that may follow one room (ROOM_STUDENTS)"""
    room_hours: int = 4
    """hours after which a room ends whose teacher does nothing (ROOM_HOURS)"""
