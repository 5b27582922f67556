"""The static files, read into memory when the server starts; `app.main` puts them before the application.

So a page has its sixty modules without sixty readings of a disk, each of which takes the library a thread of its own, and what
is served keeps to the version and the lengths that were announced, even if somebody changes the files meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI
from servestatic.responders import Response, StaticFile
from starlette.types import ASGIApp, Receive, Scope, Send

from app.templating import STATIC, static_version


class Files:
    """The static files before the application, which says of other methods than theirs what it says of its own addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = ServeStaticASGI(app, max_age=60, immutable_file_test=_versioned, add_headers_function=_file_headers)
        self._files.add_files(str(STATIC), prefix=f"static/{static_version()}/")
        self._files.files = {url: Held(file) for url, file in self._files.files.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on what asks for no file."""
        asks = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        await (self._files if asks else self._app)(scope, receive, send)


class Held:
    """A file of the library’s that has been read, with its compressed copies. A part of one (`Range`) comes from the disk."""

    def __init__(self, file: StaticFile) -> None:
        self._file = file
        self._contents = {path: Path(path).read_bytes() for _, path, _ in file.alternatives}

    async def aget_response(self, method: str, request_headers: Mapping[str, str], **how: Any) -> Response:
        """What the library answers, with the content from memory."""
        whole = method == "GET" and "HTTP_RANGE" not in request_headers
        if not whole or self._file.is_not_modified(request_headers):
            return await self._file.aget_response(method, request_headers, **how)
        path, headers = self._file.get_path_and_headers(request_headers)
        return Response(HTTPStatus.OK, headers, Content(self._contents[path]))  # read as a file is


class Content:
    """Bytes that are read as the library reads a file: whole at first, and then nothing is left."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    async def read(self, _size: int) -> bytes:
        """All that is left."""
        content, self._left = self._left, b""
        return content

    async def __aenter__(self) -> Content:
        """There is nothing to open."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """There is nothing to close."""


def _versioned(_path: str, _url: str) -> bool:
    """Every static URL carries the version, so that its content never changes."""
    return True


def _file_headers(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["ETag"] = (
        f'W/"{static_version()}"'  # by content, as no time of a file is; weak, since the bytes differ by content coding
    )
