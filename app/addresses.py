"""Absolute addresses, for what leaves the site: how the visitor reaches this server, as the request itself says it.

Links within the site begin with `/` and need none of this. Behind a proxy `Host` and, from a proxy that uvicorn trusts
(`FORWARDED_ALLOW_IPS`), `X-Forwarded-Proto` say the visitor's host and scheme.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import Request

HOST = re.compile(r"(?:[\w.~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
"""A name or an address, and perhaps a port (RFC 9110, 7.2)."""


def base_of(request: Request) -> str:
    """Scheme, host and the path at which the site stands, without a slash at the end: "https://example.org/learn".

    A request whose `Host` is missing or is none gets the address at which the server listens.
    """
    said = request.headers.get("host", "")
    host = said if _is_host(said) else _own(request)
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '').rstrip('/')}"


def _is_host(said: str) -> bool:
    """Whether it reads as a host and nothing else, so that addresses made of it can be taken apart again."""
    try:
        return bool(HOST.fullmatch(said)) and urlsplit(f"//{said}").port != 0
    except ValueError:
        return False


def _own(request: Request) -> str:
    name, port = request.scope.get("server") or ("localhost", None)
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}" if port else name
