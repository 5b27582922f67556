"""A stream as a script sees it: its messages as bytes, and what they say."""

from __future__ import annotations

from typing import Any

import httpx

from app.frames import read


def messages(response: httpx.Response | bytes) -> list[bytes]:
    """The server-sent events of a whole answer, comments left out."""
    content = response if isinstance(response, bytes) else response.content
    parts = [part + b"\n\n" for part in content.split(b"\n\n") if part]
    return [part for part in parts if not part.startswith(b":")]


def said(response: httpx.Response) -> list[tuple[str, Any]]:
    """Kind and payload of each message."""
    return [read(message) for message in messages(response)]


def frames(response: httpx.Response) -> list[bytes]:
    """The bytes of the frame events alone."""
    return [message for message in messages(response) if message.startswith(b"event: frame")]
