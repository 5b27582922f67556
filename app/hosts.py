"""Whom the site believes about where it stands: its path, its host names and its proxies, as `app.settings` reads them."""

from __future__ import annotations

import re
from ipaddress import ip_network

from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
ALLOWED_HOST = re.compile(r"\*|(?:\*\.)?[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|\[[0-9A-Fa-f:.]+\]")
PROBES = ("/healthz", "/readyz", "/metrics")
"""What is asked from within, by whatever name or address the one who asks has at hand."""


def base_path_of(text: str) -> str:
    """A path without a slash at its end, "" for the root of the host. Raises ValueError."""
    path = text.rstrip("/")
    if path and (not PATH.fullmatch(path) or {".", ".."} & set(path.split("/"))):
        raise ValueError(f"BASE_PATH = {text!r}: give the path under which the site is served, as /learn")
    return path


def proxies_of(text: str) -> str:
    """Addresses and networks between commas, or `*`. Raises ValueError."""
    for said in (each.strip() for each in text.split(",")):
        try:
            if text.strip() != "*":
                ip_network(said)
        except ValueError:
            what = "the addresses or networks of your proxies between commas, as 10.0.0.0/8, or *"
            raise ValueError(f"FORWARDED_ALLOW_IPS = {text!r}: give {what}") from None
    return text.replace(" ", "")


def hosts_of(text: str) -> str:
    """Host names between commas, each perhaps with `*.` before it, or `*`. Raises ValueError."""
    hosts = [each.strip() for each in text.split(",")]
    if not all(map(ALLOWED_HOST.fullmatch, hosts)):
        raise ValueError(
            f"ALLOWED_HOSTS = {text!r}: give names between commas without scheme or port, as learn.example.org, or *"
        )
    return ",".join(hosts)


def store_of(text: str) -> str:
    """The address of a store that `limits` knows, and whose driver is there. Raises ValueError."""
    try:
        if not text.startswith("async+"):
            raise ConfigurationError("it is none of an asynchronous store")
        storage_from_string(text)
    except (ConfigurationError, ValueError) as problem:
        what = "async+memory://, or the address of a store as limits.readthedocs.io lists them, with its driver installed"
        raise ValueError(f"LIMITS_STORE = {text!r}: give {what} ({problem})") from None
    return text


class KnownHosts(TrustedHostMiddleware):
    """Refuses requests for hosts that are not ours, but for those of health checks and the like."""

    def __init__(self, app: ASGIApp, allowed: str) -> None:
        super().__init__(app, allowed.split(","), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """400 for a `Host` that is none of those allowed."""
        probed = scope["type"] == "http" and scope["path"] in PROBES
        await (self.app if probed else super().__call__)(scope, receive, send)
