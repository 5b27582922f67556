"""Addresses: from the site's own, which begin with `/`, to those by which a visitor reaches it.

Inside, the site stands at the root: code and templates say `/topics/…`. Where it is served under a path (BASE_PATH),
`UnderPath` takes that off what comes in and puts it on the headers that go out, pages get it as they are written (`under`, by
`app.templating`), and JSON and scripts ask `at` for it. Only what leaves the site names a host (`base_of`), as the request says
it: by `Host` and, from a proxy that is trusted (FORWARDED_ALLOW_IPS), `X-Forwarded-Proto`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = re.compile(r"(?:[\w.~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
"""A name or an address, and perhaps a port (RFC 9110, 7.2)."""
IN_PAGES = re.compile(r'(\s(?:href|src|action|formaction|poster|data-[a-z-]+|hx-[a-z-]+)=")(?=/(?!/))')
"""Before each address of the site in HTML."""
IN_HEADERS = ("location", "content-location", "hx-location", "hx-redirect", "hx-push-url", "hx-replace-url")
"""The headers of an answer that hold an address."""


def base_path(request: Request) -> str:
    """The path under which the site is served, "/learn"; "" at the root."""
    return str(request.scope.get("base_path", ""))


def at(request: Request, address: str) -> str:
    """An address of the site, "/topics/…", from the root of the host: "/learn/topics/…"."""
    return base_path(request) + address


def within(request: Request, address: str) -> str:
    """An address from the root of the host, as a page of this site has it, as the site says it: "/topics/…"."""
    path = base_path(request)
    return address.removeprefix(path) if address.startswith(f"{path}/") else address


def under(path: str, page: str) -> str:
    """A page of HTML whose addresses lead to the site under that path. Those of other sites and within the page stay."""
    return IN_PAGES.sub(lambda found: found[1] + path, page) if path else page


def base_of(request: Request) -> str:
    """Scheme, host and the path at which the site stands, without a slash at the end: "https://example.org/learn".

    A request whose `Host` is missing or is none gets the address at which the server listens.
    """
    said = request.headers.get("host", "")
    host = said if _is_host(said) else _own(request)
    return f"{request.scope['scheme']}://{host}{base_path(request)}"


def _is_host(said: str) -> bool:
    """Whether it reads as a host and nothing else, so that addresses made of it can be taken apart again."""
    try:
        return bool(HOST.fullmatch(said)) and urlsplit(f"//{said}").port != 0
    except ValueError:
        return False


def _own(request: Request) -> str:
    name, port = request.scope.get("server") or ("localhost", None)
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}" if port else name


class UnderPath:
    """Serves a site that knows nothing of it under a path.

    What asks without the path is answered too: a proxy that took it off, a health check.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on as if the site stood at the root, and says in its scope under which path it stands."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        within = path[len(self._path) :] or "/" if f"{path}/".startswith(f"{self._path}/") else path
        await self._app({**scope, "path": within, "base_path": self._path}, receive, self._outward(send))

    def _outward(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in IN_HEADERS:
                    if headers.get(name, "").startswith("/"):
                        headers[name] = self._path + headers[name]
            await send(message)

        return sent
