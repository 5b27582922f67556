"""HTTP as uvicorn speaks it, with one difference: requests for streams begin in turn, all else at once.

A thousand visitors who come in the same moment are a second of work. Each waits for a turn before its request is even parsed, so
that a health check or a page that comes among them is answered between two of them.
"""

from __future__ import annotations

import asyncio
import re

from uvicorn.protocols.http.h11_impl import H11Protocol

from app.runs.turns import Turns

BEGINNING_A_PASS = 4
STREAM = re.compile(rb"GET [^? ]*/topics/[^/? ]+/stream[? ]")


class StreamsInTurn(H11Protocol):
    """One connection."""

    _turns = Turns(BEGINNING_A_PASS)

    def data_received(self, data: bytes) -> None:
        """What the client sent. Nothing more is read from one whose stream waits for its turn."""
        if not STREAM.match(data):
            super().data_received(data)
            return
        self.flow.pause_reading()
        turn = asyncio.get_running_loop().create_future()
        turn.add_done_callback(lambda _: self._begin(data))
        self._turns.give([turn])

    def _begin(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.flow.resume_reading()
            super().data_received(data)
