"""Who may try how often: codes that are no room's, keys that are none, and new rooms."""

from __future__ import annotations

from app.rooms.tries import Tries


class Guard:
    """A class of forty behind one address may mistype; a script that guesses gets thirty codes a minute."""

    def __init__(self) -> None:
        self.wrong = Tries(most=60, seconds=2)
        self.opened = Tries(most=20, seconds=30)
