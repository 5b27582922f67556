"""The server's log: one line an event on standard error, `name=value` pairs that a person reads and a log store parses.

    2026-01-31T12:00:00Z INFO run run=6f0c… topic=gan demo=ring outcome=finished frames=123 bytes=975760 seconds=1.2 …

Whoever logs hands the pairs over as `extra={"fields": {...}}`. No line holds a visitor's address, or
a password that an address of ours holds.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import time
from typing import Any

from app.masking import masked_within

PLAIN = re.compile(r"[\w.:/+-]+")


class Pairs(logging.Formatter):
    """Time (UTC), level, message and the record's fields; a traceback becomes one more field, so that a line stays a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        fields: dict[str, Any] = dict(getattr(record, "fields", {}))
        if record.exc_info:
            fields["details"] = self.formatException(record.exc_info)
        said = " ".join(record.getMessage().split())
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        return masked_within(" ".join([moment, record.levelname, said, *map(_pair, fields.items())]))


def _pair(item: tuple[str, Any]) -> str:
    name, value = item[0], str(item[1])
    return f"{name}={value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)}"


def speak_anywhere() -> None:
    """Has a sign that the terminal's encoding lacks written as an escape, as on standard error, and not end the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def configure() -> None:
    """Sends our own lines from INFO up, and everyone else's from WARNING up, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Pairs())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("watchitlearn").setLevel(logging.INFO)
