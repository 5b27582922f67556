"""What is asked at random, within the description and outside it: no answer is an error of the server's, none is missing.

Runs are the demos' own, cut off after three frames (`tests.app.runs.brief`). `make fuzz` asks more, and ever anew.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from app.topics import topics
from tests.conftest import Server
from tests.fuzzing import tried

DONE = {200, 201, 204, 304, 307, 308}
REFUSED = {400, 404, 405, 422, 429, 501}
"""The request is to blame, or there were many; 501 is what oEmbed says of a format that it has not."""
PATHS = ("/", "/topics/", "/practice", "/exercises", "/exercises/", "/oembed", "/anki.apkg", "/static/", "/api/topics")
RUNS = ("", "/stream", "/ahead", "/run.json", "/run.csv", "/run.html", "/run.zip", ".md", "/follow-up/")
HEADERS = (
    "Accept",
    "Accept-Encoding",
    "Last-Event-ID",
    "If-None-Match",
    "Range",
    "Tab",
    "HX-Request",
    "HX-Target",
    "Origin",
    "X-Forwarded-For",
)


@pytest.fixture(scope="module")
def brief() -> Iterator[Server]:
    running = Server(WORKERS="2")
    running.command = ("-m", "tests.app.serve", "tests.app.runs.brief:pieces")
    yield running.start()
    running.stop()


def operations(server: Server) -> list[Any]:
    schema = schemathesis.openapi.from_dict(server.get("/openapi.json").json())
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]  # one that is broken fails here


def is_an_answer(status: int, kind: str, content: bytes, asked: object) -> None:
    """Whether a visitor can do something with it."""
    assert status in REFUSED | DONE, f"{asked}: {status} {content[:300]!r}"
    if kind.startswith("application/json"):
        said = json.loads(content, parse_constant=pytest.fail)
        assert status < 400 or said["message"], asked
    if kind.startswith("text/event-stream"):
        last = b"frame\n" if "/ahead" in str(asked) else b"done\n"
        assert content.rpartition(b"event: ")[2].startswith(last), f"{asked}: {content[-300:]!r}"


@pytest.mark.thorough
@pytest.mark.fuzzed
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_what_the_description_allows_and_what_it_does_not_is_answered(brief: Server, mode: GenerationMode) -> None:
    known = operations(brief)
    assert len(known) > 100

    @tried(30)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(known))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        answer = case.call(base_url=brief.url, timeout=60)
        kind = "".join(answer.headers.get("content-type", []))
        is_an_answer(answer.status_code, kind, answer.content, f"{case.method} {answer.request.url}")

    ask()


text = st.text(st.characters(codec="utf-8", exclude_characters="\r\n "), max_size=30)
queries = st.lists(
    st.tuples(st.sampled_from(["demo", "seed", "q", "url", "pin", "embed", "solution", "learning_rate"]) | text, text)
)
paths = st.sampled_from(PATHS) | st.builds("/topics/{}{}".format, st.sampled_from(sorted(topics())), st.sampled_from(RUNS))


@pytest.mark.thorough
@pytest.mark.fuzzed
def test_what_no_client_of_ours_would_send_is_answered(brief: Server) -> None:
    @tried(100)
    @given(paths, text, queries, st.dictionaries(st.sampled_from(HEADERS), text, max_size=3))
    def ask(path: str, more: str, query: list[tuple[str, str]], headers: dict[str, str]) -> None:
        target = path + more + ("?" + "&".join(map("=".join, query)) if query else "")
        lines = [f"GET {target} HTTP/1.1", "Host: x", *map(": ".join, headers.items()), "Connection: close", "", ""]
        status, kind, content = answered(brief.port, "\r\n".join(lines).encode())
        is_an_answer(status, kind if "Accept-Encoding" not in headers else "", content, lines)

    ask()


def answered(port: int, request: bytes) -> tuple[int, str, bytes]:
    """Status, kind and body, of bytes that are sent as they are."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.sendall(request)
        sent = b"".join(iter(lambda: link.recv(1 << 16), b""))
    head, _, body = sent.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    said = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split(" ")[1]), "" if "transfer-encoding" in said else said.get("content-type", ""), body
