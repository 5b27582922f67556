"""Whom the site believes about where it stands: its path, its host names and its proxies, as `app.settings` reads them."""

from __future__ import annotations

import re
from ipaddress import ip_network

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.masking import wrong

PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
ALLOWED_HOST = re.compile(r"\*|(?:\*\.)?[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|\[[0-9A-Fa-f:.]+\]")
PROBES = ("/healthz", "/readyz", "/metrics")
"""What is asked from within, by whatever name or address the one who asks has at hand."""


def base_path_of(text: str) -> str:
    """A path without a slash at its end, "" for the root of the host. Raises ValueError."""
    path = text.rstrip("/")
    if path and (not PATH.fullmatch(path) or {".", ".."} & set(path.split("/"))):
        raise wrong("BASE_PATH", text, "give the path under which the site is served, as /learn")
    return path


def proxies_of(text: str) -> str:
    """Addresses and networks between commas, or `*`. Raises ValueError."""
    for said in (each.strip() for each in text.split(",")):
        try:
            if text.strip() != "*":
                ip_network(said)
        except ValueError:
            what = "the addresses or networks of your proxies between commas, as 10.0.0.0/8, or *"
            raise wrong("FORWARDED_ALLOW_IPS", text, f"give {what}") from None
    return text.replace(" ", "")


def hosts_of(text: str) -> str:
    """Host names between commas, each perhaps with `*.` before it, or `*`. Raises ValueError."""
    hosts = [each.strip() for each in text.split(",")]
    if not all(map(ALLOWED_HOST.fullmatch, hosts)):
        raise wrong("ALLOWED_HOSTS", text, "give names between commas without scheme or port, as learn.example.org, or *")
    return ",".join(hosts)


class KnownHosts(TrustedHostMiddleware):
    """Refuses requests for hosts that are not ours, but for those of health checks and the like."""

    def __init__(self, app: ASGIApp, allowed: str) -> None:
        super().__init__(app, allowed.split(","), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """400 for a `Host` that is none of those allowed."""
        probed = scope["type"] == "http" and scope["path"] in PROBES
        await (self.app if probed else super().__call__)(scope, receive, send)
