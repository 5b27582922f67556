"""Content codings: every answer but a stream comes compressed to who takes it, and caches are told."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import brotli
import httpx
import pytest

from tests.conftest import NO_TLS, Server

RUN = "demo=race&seed=3"
ANSWERS = (
    "/",
    "/topics/learning-rate",
    "/api/topics",
    *(f"/topics/learning-rate/run.{kind}?{RUN}" for kind in ("json", "csv", "html")),
)
FILES = ("vendor/plotly-charts", "js/main.js", "css/site.css")
DECODED: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def raw(server: Server, path: str, accepted: str | None, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer, and its bytes as they were sent."""
    asked = headers | ({} if accepted is None else {"Accept-Encoding": accepted})
    with httpx.Client(verify=NO_TLS, timeout=60) as client:
        if accepted is None:
            del client.headers["accept-encoding"]
        with client.stream("GET", server.url + path, headers=asked) as answer:
            return answer, b"".join(answer.iter_raw())


def file(server: Server, part: str) -> str:
    found = re.search(rf'"(/static/[^"]*{re.escape(part)}[^"]*)"', server.get("/topics/learning-rate").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [*ANSWERS, *FILES])
def test_every_answer_comes_in_the_coding_that_is_welcome(server: Server, path: str) -> None:
    path = path if path.startswith("/") else file(server, path)
    plain, whole = raw(server, path, None)
    assert "content-encoding" not in plain.headers
    for accepted, name in (("br", "br"), ("gzip, deflate", "gzip"), ("br;q=0, *", "gzip"), ("gzip;q=0.4, br;q=0.2", "gzip")):
        answer, sent = raw(server, path, accepted)
        assert answer.headers["content-encoding"] == name
        assert DECODED[name](sent) == whole
        assert int(answer.headers["content-length"]) == len(sent)
        assert len(sent) < 0.8 * len(whole)
    for accepted in ("br;q=0", "identity", "gzip;q=0.000", "*;q=0", "identity, br;q=0.5"):
        assert "content-encoding" not in raw(server, path, accepted)[0].headers


@pytest.mark.parametrize("path", [*ANSWERS, *FILES, "/nothing"])
@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_a_cache_is_told_that_the_coding_was_asked_for(server: Server, path: str, accepted: str) -> None:
    path = path if path.startswith("/") else file(server, path)
    assert "Accept-Encoding" in raw(server, path, accepted)[0].headers["vary"]


@pytest.mark.parametrize("path", [*ANSWERS[3:], *FILES])
def test_a_tag_is_weak_since_it_stands_for_every_coding_and_revalidates_in_each(server: Server, path: str) -> None:
    path = path if path.startswith("/") else file(server, path)
    for accepted in ("br", "gzip", "identity"):
        tag = raw(server, path, accepted)[0].headers["etag"]
        assert tag.startswith('W/"')
        again, sent = raw(server, path, accepted, **{"If-None-Match": tag})
        assert (again.status_code, sent, again.headers["etag"]) == (304, b"", tag)
        assert "Accept-Encoding" in again.headers["vary"]
        assert "content-encoding" not in again.headers


def test_a_stream_is_compressed_for_who_can_read_it_and_is_the_same_run(server: Server) -> None:
    plain = raw(server, f"/topics/learning-rate/stream?{RUN}", None)[1]
    assert b"event: done" in plain
    for accepted, read in ("br, gzip", brotli.decompress), ("gzip", gzip.decompress):
        answer, sent = raw(server, f"/topics/learning-rate/stream?{RUN}", accepted)
        assert answer.headers["content-encoding"] == accepted.partition(",")[0]
        assert len(sent) < len(plain) / 2
        assert read(sent) == plain


def test_a_first_visit_without_brotli_takes_less_than_half(server: Server) -> None:
    page = raw(server, "/topics/learning-rate", None)[1].decode()
    paths = {path for path in re.findall(r'"(/static/[^"]*)"', page) if not path.endswith((".webp", ".woff2"))}
    plain, small = (
        sum(len(raw(server, path, accepted)[1]) for path in {"/topics/learning-rate", *paths})
        for accepted in (None, "gzip, deflate")
    )
    assert small < 0.45 * plain
