"""What an operator sets by environment variable; every one is in the table of docs/operations.md."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Address

from app.environment import limits_of
from app.hosts import base_path_of, hosts_of, proxies_of
from app.masking import wrong
from app.rooms.limits import RoomLimits
from app.runs import Limits
from app.services import broker_of, store_of

NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,126}\.?")
"""A host's name or an IPv4 address: labels of at most 63 signs between dots."""


@dataclass(frozen=True)
class Settings:
    """Address, path, the network around it, who may frame a page, and the limits of runs and rooms."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_path: str = ""
    allowed_hosts: str = "*"
    forwarded_allow_ips: str = "127.0.0.1,::1"
    hsts_seconds: int = 2_592_000
    frame_ancestors: str = "'none'"
    limits_store: str = field(default="async+memory://", repr=False)
    broker_url: str = field(default="", repr=False)
    metrics_port: int = 0
    limits: Limits = field(default_factory=Limits)
    room_limits: RoomLimits = field(default_factory=RoomLimits)

    @classmethod
    def from_environment(cls) -> Settings:
        """Reads the variables that say something. Raises ValueError naming variable, value and what it takes."""
        return cls(
            host=_host(os.environ.get("HOST") or cls.host),
            port=_port(os.environ.get("PORT") or str(cls.port), "PORT"),
            base_path=base_path_of(os.environ.get("BASE_PATH") or cls.base_path),
            allowed_hosts=hosts_of(os.environ.get("ALLOWED_HOSTS") or cls.allowed_hosts),
            forwarded_allow_ips=proxies_of(os.environ.get("FORWARDED_ALLOW_IPS") or cls.forwarded_allow_ips),
            hsts_seconds=_seconds(os.environ.get("HSTS_SECONDS") or str(cls.hsts_seconds)),
            frame_ancestors=_ancestors(os.environ.get("FRAME_ANCESTORS") or cls.frame_ancestors),
            limits_store=store_of(os.environ.get("LIMITS_STORE") or cls.limits_store),
            broker_url=broker_of(os.environ.get("BROKER_URL") or cls.broker_url),
            metrics_port=_port(os.environ.get("METRICS_PORT") or str(cls.metrics_port), "METRICS_PORT"),
            limits=limits_of(Limits),
            room_limits=limits_of(RoomLimits),
        )


def _host(text: str) -> str:
    """A name or an address; an IPv6 address may stand in brackets, as in a URL."""
    host = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    with suppress(ValueError):
        return str(IPv6Address(host))
    if not NAME.fullmatch(host):
        raise wrong("HOST", text, "give the name or address to listen on, without scheme, port or path")
    return host


def _port(text: str, name: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 65535:
        raise wrong(name, text, "give a whole number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise wrong("HSTS_SECONDS", text, "give a whole number from 0, of at most nine digits")
    return int(text)


def _ancestors(text: str) -> str:
    if not text.isascii() or not text.isprintable() or any(forbidden in text for forbidden in ";,"):
        raise wrong("FRAME_ANCESTORS", text, "give sources separated by spaces, as in a content security policy")
    return text
