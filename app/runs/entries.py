"""An entry of a log on the board: some messages of a run that follow each other, and where they stand.

The entries of a run make one log, whoever wrote them: the place says which messages these are, so that a reader takes each once,
and a writer that takes over goes on where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PLACE, RUN, TRIES, SEQUENCE = "Place", "Run", "Tries", "Nats-Sequence"
SEPARATOR = b"\n\n"
"""Ends each message (HTML Living Standard, 9.2.6), and stands nowhere within one: their data are one line of JSON."""


@dataclass(frozen=True)
class Entry:
    """Messages from `place` on of the run that calls itself `run`. `tries`: so many machines took it over and wrote nothing."""

    place: int
    run: str
    messages: tuple[bytes, ...] = ()
    tries: int = 0
    sequence: int = 0
    """Where the broker keeps it; 0 before it does."""

    @classmethod
    def of(cls, headers: Mapping[str, str] | None, payload: bytes) -> Entry:
        """The entry as it was written."""
        said = headers or {}
        messages = tuple(part + SEPARATOR for part in payload.split(SEPARATOR)[:-1])
        return cls(int(said[PLACE]), said[RUN], messages, int(said.get(TRIES, 0)), int(said.get(SEQUENCE, 0)))

    def headers(self) -> dict[str, str]:
        """What is written beside the messages."""
        return {PLACE: str(self.place), RUN: self.run} | ({TRIES: str(self.tries)} if self.tries else {})

    def payload(self) -> bytes:
        """The messages, one after the other."""
        return b"".join(self.messages)

    @property
    def end(self) -> int:
        """The place after its last message."""
        return self.place + len(self.messages)

    @property
    def over(self) -> bool:
        """Whether it holds the run's last message."""
        return bool(self.messages) and is_last(self.messages[-1])


def is_last(message: bytes) -> bool:
    """Whether nothing comes after this message of a run."""
    return message.startswith((b"event: done", b"event: failed"))
