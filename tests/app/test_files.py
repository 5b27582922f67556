"""The static files as the server holds them: whole, by coding, in parts, and as they were when it started."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from app import files
from app.templating import static_version

CONTENT = b"export const answer = 42;\n" * 60
NAME = f"/static/{static_version()}/answer.js"


def asked(method: str, path: str, served: files.Files, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://site") as client:
            return await client.request(method, path, headers={"accept-encoding": "identity", **headers})

    return asyncio.run(ask())


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> files.Files:
    """A folder of one file and its compressed copy; the file is changed once the server has started."""
    monkeypatch.setattr(files, "STATIC", tmp_path)
    (tmp_path / "answer.js").write_bytes(CONTENT)
    (tmp_path / "answer.js.gz").write_bytes(gzip.compress(CONTENT))
    made = files.Files(PlainTextResponse("the application"))
    (tmp_path / "answer.js").write_bytes(b"export const answer = 43;\n" * 70)
    (tmp_path / "answer.js.gz").write_bytes(b"")
    return made


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_file_is_served_as_it_was_when_the_server_started(served: files.Files, coding: str) -> None:
    answer = asked("GET", NAME, served, **{"accept-encoding": coding})
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers.get("content-encoding", "identity") == coding


def test_head_has_the_length_of_what_get_has(served: files.Files) -> None:
    whole, head = asked("GET", NAME, served), asked("HEAD", NAME, served)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(CONTENT))


def test_who_has_the_file_is_told_so(served: files.Files) -> None:
    tag = asked("GET", NAME, served).headers["etag"]
    assert asked("GET", NAME, served, **{"if-none-match": tag}).status_code == 304


def test_a_part_of_a_file_can_be_had(served: files.Files) -> None:
    answer = asked("GET", NAME, served, range="bytes=0-12")
    assert (answer.status_code, answer.content) == (206, CONTENT[:13])


@pytest.mark.parametrize(("method", "path"), [("POST", NAME), ("GET", "/static/other.js"), ("GET", "/")])
def test_what_asks_for_no_file_goes_to_the_application(served: files.Files, method: str, path: str) -> None:
    assert asked(method, path, served).text == "the application"
