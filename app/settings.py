"""What an operator sets by environment variable; every one is in the table of docs/self-hosting.md."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from app.runs import Limits


@dataclass(frozen=True)
class Settings:
    """Address, who may frame a page, and the limits of runs."""

    host: str = "127.0.0.1"
    port: int = 8000
    frame_ancestors: str = "'none'"
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_environment(cls) -> Settings:
        """Reads HOST, PORT, FRAME_ANCESTORS and the limits. Raises ValueError naming variable, value and what it takes."""
        return cls(
            host=os.environ.get("HOST") or cls.host,
            port=_port(os.environ.get("PORT") or str(cls.port)),
            frame_ancestors=_ancestors(os.environ.get("FRAME_ANCESTORS") or cls.frame_ancestors),
            limits=Limits.from_environment(),
        )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise ValueError(f"PORT = {text!r}: give a whole number from 0 to 65535")
    return int(text)


def _ancestors(text: str) -> str:
    if any(forbidden in text for forbidden in ";,\r\n"):
        raise ValueError(f"FRAME_ANCESTORS = {text!r}: give sources separated by spaces, as in a content security policy")
    return text
