"""Compression: copies of the static files made ahead, and answers that are compressed as they are sent.

`with_files` calls `compress_ahead` at start. In the image the copies are there already and the disk is read-only; in a checkout
they are made when they are missing or older than their original, once. What the application answers goes through `Compressed`.
"""

from __future__ import annotations

import contextlib
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.negotiation import PLAIN, coding
from app.piecewise import MOST_STREAMS, PIECE_CODERS, PieceCoder

Coder = Callable[[bytes], bytes]

SUFFIXES = {".css", ".js", ".svg", ".html", ".json"}
KINDS = ("text/", "application/json", "image/svg+xml")
STREAM = "text/event-stream"
"""Compressed message by message (`app.piecewise`): a coder of whole answers would hold frames back."""
SMALLEST = 1024
"""Below this many bytes compression saves no packet."""
LARGE = 1 << 16
"""From this many bytes on, compression takes long enough to hold up the event loop."""

AHEAD: dict[str, tuple[str, Coder]] = {
    "br": (".br", lambda content: brotli.compress(content, quality=10)),
    "gzip": (".gz", lambda content: gzip.compress(content, 9, mtime=0)),
}
"""Coding -> its suffix, and how a static file is compressed.

Brotli at 10 takes 1.5 s for plotly.js, and makes it 1.5 % larger than at 11, which takes twice as long; at 9 it would be 7 %
larger again."""
CODERS: dict[str, Coder] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
}
"""Coding -> how an answer is compressed, best first: a page takes a millisecond."""


def compress_ahead(folder: Path) -> list[Path]:
    """Writes the compressed copies that are missing or old, and returns them. Does nothing where it may not write."""
    made = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES:
                made += [copy for suffix, coder in AHEAD.values() if (copy := _copied(path, suffix, coder))]
    return made


def _copied(path: Path, suffix: str, coder: Coder) -> Path | None:
    """The copy, if it had to be made."""
    copy = path.with_name(path.name + suffix)
    if path.stat().st_size < SMALLEST:
        copy.unlink(missing_ok=True)  # of a time when the file was larger: it would be served in its place
        return None
    if copy.exists() and copy.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return None
    _write_whole(copy, coder(path.read_bytes()))
    return copy


def _write_whole(path: Path, content: bytes) -> None:
    """Under another name first: a second server that starts at the same moment must never see half a file."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


class OneCoding:
    """Leaves one word of `Accept-Encoding`: the coding that is to be sent. So all behind it, static files too, choose alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on with the header reduced."""
        if scope["type"] == "http":
            asked = ",".join(Headers(scope=scope).getlist("accept-encoding"))
            kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": [*kept, (b"accept-encoding", coding(asked, list(CODERS)).encode())]}
        await self.app(scope, receive, send)


class Compressed:
    """Compresses answers by the one coding that `OneCoding` left. What is small passes as it is, and streams beyond a crowd."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._streams: set[_Answer] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer to HEAD is compressed as that to GET, so that both are of one length."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answer = _Answer(send, Headers(scope=scope).get("accept-encoding", PLAIN), self._streams)
        try:
            await self.app(scope, receive, answer.send)
        finally:
            self._streams.discard(answer)


class _Answer:
    """One answer on its way: its head waits until the body is here, and says then how that was coded. A stream's goes ahead.

    `streams`: those that are being compressed, this one among them once it is.
    """

    def __init__(self, send: Send, coding: str, streams: set[_Answer]) -> None:
        self._send, self._coding, self._streams = send, coding, streams
        self._head: Message | None = None
        self._coder: PieceCoder | None = None

    async def send(self, message: Message) -> None:
        """Takes the application's messages, one by one."""
        if message["type"] == "http.response.start":
            if self._holds(message):
                return
        elif self._coder is not None:
            message = {**message, "body": self._coder(message.get("body", b""), not message.get("more_body"))}
        elif self._head is not None:
            head, self._head = self._head, None
            if self._coding in CODERS and not message.get("more_body") and len(message.get("body", b"")) >= SMALLEST:
                message = await self._coded(head, message)
            await self._send(head)
        await self._send(message)

    def _holds(self, head: Message) -> bool:
        """Whether the head is to wait for the body."""
        headers = MutableHeaders(scope=head)
        if headers.get("content-type", "").startswith(STREAM):
            self._begin_stream(headers)
        elif _varies(headers):
            headers.add_vary_header("Accept-Encoding")
            self._head = head
        return self._head is not None

    def _begin_stream(self, headers: MutableHeaders) -> None:
        headers.add_vary_header("Accept-Encoding")
        if self._coding in PIECE_CODERS and len(self._streams) < MOST_STREAMS:
            headers["content-encoding"] = self._coding
            self._coder = PIECE_CODERS[self._coding]()
            self._streams.add(self)

    async def _coded(self, head: Message, message: Message) -> Message:
        coder, body = CODERS[self._coding], message["body"]
        made = await run_in_threadpool(coder, body) if len(body) >= LARGE else coder(body)
        headers = MutableHeaders(scope=head)
        headers["content-encoding"], headers["content-length"] = self._coding, str(len(made))
        return {**message, "body": made}


def _varies(headers: Headers) -> bool:
    """Whether an answer of this kind is sent compressed to some; one without a kind (304) stands for one that may be."""
    kind = headers.get("content-type")
    return "content-encoding" not in headers and (kind is None or kind.startswith(KINDS))
