"""The headers every answer carries: a content security policy that names this host only, and no way to sniff, frame or leak.

All that is served is public and the same for everyone, and no answer reads a cookie. So pages of any origin may read it: those in
a sandboxed frame have none of their own, and would else be refused the runs of the server they came from.

Pure ASGI, since a middleware that wraps bodies would stand between a stream and its viewer.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""plotly.js adds one empty style element and fills it by script: the hash of nothing allows that and nothing else."""

PREFLIGHT = {"access-control-allow-methods": "GET, HEAD", "access-control-allow-headers": "*", "access-control-max-age": "86400"}
"""What a browser asks by OPTIONS before it sends a header of our own (`Last-Event-ID`, those of htmx) to another origin."""


FRAME_OPTIONS = {"'none'": "DENY", "'self'": "SAMEORIGIN"}
"""What browsers older than `frame-ancestors` are told of framing; they know no more than these two."""


def policy(frame_ancestors: str | None) -> str:
    """The content security policy: scripts only from this host, none inline, nothing from anywhere else.

    Without `frame_ancestors` anyone may frame the page, a file and a sandboxed frame too, which `*` would leave out.
    """
    framing = () if frame_ancestors is None else (f"frame-ancestors {frame_ancestors}",)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"style-src-elem 'self' {EMPTY_STYLE}",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            *framing,
        )
    )


class SecurityHeaders:
    """Adds the headers to every response; leaves those that a route has set itself."""

    def __init__(self, app: ASGIApp, frame_ancestors: str = "'none'", hsts_seconds: int = 0) -> None:
        self.app = app
        self.over_tls = {"strict-transport-security": f"max-age={hsts_seconds}"} if hsts_seconds else {}
        self.framing = {"content-security-policy": policy(frame_ancestors)}
        if frame_ancestors in FRAME_OPTIONS:
            self.framing["x-frame-options"] = FRAME_OPTIONS[frame_ancestors]
        self.headers = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
            "cross-origin-opener-policy": "same-origin",
            "access-control-allow-origin": "*",
            "access-control-expose-headers": "*",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything through but the start of a response, which gets the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "content-security-policy" not in headers:  # a route's own policy says who may frame its page
                    headers.update(self.framing)
                for name, value in self._of(scope).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _of(self, scope: Scope) -> dict[str, str]:
        """All but those on framing. The one that asks for TLS goes by TLS alone (RFC 6797, 7.2)."""
        preflight = PREFLIGHT if scope["method"] == "OPTIONS" else {}
        return self.headers | preflight | (self.over_tls if scope["scheme"] == "https" else {})
