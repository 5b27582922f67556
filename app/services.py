"""The addresses of what several servers share, as `app.settings` reads them: a broker of runs, a store of visitors' counts.

Both may hold a password, so that what is wrong is said in words of ours: the libraries quote what they were given.
"""

from __future__ import annotations

import re
from contextlib import suppress
from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit

from app.masking import wrong

MEMORY = "async+memory://"
STORES = {"async+valkey", "async+valkeys"}
DATABASE = re.compile(r"/?\d*")


def broker_of(text: str) -> str:
    """Addresses of NATS servers between commas, or "". Raises ValueError."""
    for server in text.split(",") if text else ():
        parts = _parted(server)
        if parts is None or parts.scheme not in {"nats", "tls"} or parts.path or parts.query or parts.fragment:
            what = "give nats://user:password@host:4222 or tls://..., several between commas, no / ? # or comma in a password"
            raise wrong("BROKER_URL", text, what)
    if text and find_spec("nats") is None:
        raise ValueError("BROKER_URL is set, and nats-py is not installed: pip install --requirement requirements/broker.txt")
    return text


def store_of(text: str) -> str:
    """The server's own memory, or the address of a Valkey (a Redis will do). Raises ValueError."""
    if text == MEMORY:
        return text
    parts = _parted(text)
    if parts is None or parts.scheme not in STORES or not DATABASE.fullmatch(parts.path) or parts.query or parts.fragment:
        what = f"give {MEMORY}, or async+valkey://:password@host:6379 (async+valkeys:// with TLS)"
        raise wrong("LIMITS_STORE", text, f"{what}, with %2F and the like for signs of a password that an address cannot hold")
    if find_spec("valkey") is None:
        needed = "LIMITS_STORE names a store, and valkey is not installed"
        raise ValueError(f"{needed}: pip install --requirement requirements/broker.txt")
    return text


def _parted(text: str) -> SplitResult | None:
    """The parts of an address; None for one without a host, or whose port is none."""
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.hostname and (parts.port is None or parts.port):
            return parts
    return None
