"""Methods: HEAD is GET without its body, what is not allowed is told with what is, and pages of any origin may ask."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.conftest import NO_TLS, Server

RUN = "demo=race&seed=21"
ADDRESSES = (
    "/",
    "/?q=adam",
    "/topics/learning-rate",
    "/topics/learning-rate?seed=x",
    "/topics/lstm",
    "/room",
    "/topics/no-such-topic",
    "/exercises",
    "/exercises/lstm-step?seed=7&f=0.6&solution=1",
    "/exercises/lstm-step?seed=x",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/topics",
    "/nothing",
    "/static/nothing.js",
    "/topics/learning-rate/",
    *(f"/topics/learning-rate/run.{kind}?{RUN}" for kind in ("json", "csv", "html", "py")),
    f"/topics/learning-rate/stream?{RUN}",
    "/topics/learning-rate/stream?seed=x",
)


def ask(server: Server, method: str, path: str, **headers: str) -> httpx.Response:
    return httpx.request(method, server.url + path, headers=headers, timeout=60, verify=NO_TLS)


def static(server: Server) -> str:
    found = re.search(r'"(/static/[^"]*site\.css)"', server.get("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
@pytest.mark.parametrize("path", [*ADDRESSES, "a static file"])
def test_head_is_get_without_a_body(server: Server, path: str, accepted: str) -> None:
    path = static(server) if path == "a static file" else path
    head, get = (ask(server, method, path, **{"Accept-Encoding": accepted}) for method in ("HEAD", "GET"))
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers.keys() - {"transfer-encoding"} == get.headers.keys() - {"transfer-encoding"}
    same = [name for name in get.headers if name not in {"date", *(["content-length"] if path == "/metrics" else [])}]
    assert [name for name in same if name in head.headers and head.headers[name] != get.headers[name]] == []


def test_head_of_a_stream_begins_no_run() -> None:
    server = Server().start()
    try:
        assert ask(server, "HEAD", "/topics/learning-rate/stream").headers["content-type"].startswith("text/event-stream")
        assert "\nruns_started_total 0.0" in server.get("/metrics").text
    finally:
        server.stop()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/topics/gan", "/healthz", "/api/topics", "/topics/gan/stream", "/topics/gan/run.json"])
def test_a_method_that_is_not_allowed_is_told_with_those_that_are(server: Server, method: str, path: str) -> None:
    answer = ask(server, method, path, Accept="text/html")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert f"This address does not take {method}. It answers GET and HEAD." in answer.text
    assert "There is no page" not in answer.text


def test_a_static_file_tells_it_too(server: Server) -> None:
    answer = ask(server, "POST", static(server))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "does not take POST" in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/topics/no-such-topic", "/topics/no-such-topic/run.json", "/topics/gan/run.exe"])
def test_what_is_not_there_is_a_page_or_json_as_the_client_accepts(server: Server, path: str) -> None:
    page, json = (ask(server, "GET", path, Accept=kind) for kind in ("text/html,*/*;q=0.8", "application/json"))
    assert (page.status_code, json.status_code) == (404, 404)
    assert "All questions" in page.text
    assert {"message", "nearest"} <= json.json().keys()
    assert "Accept" in page.headers["vary"]


def test_options_are_told_without_a_reproach_and_not_for_what_is_not_there(server: Server) -> None:
    answer = ask(server, "OPTIONS", "/topics/gan/stream")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD", b"")
    assert ask(server, "OPTIONS", "/nothing").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/topics/gan", f"/topics/learning-rate/stream?{RUN}", "/topics/gan/run.zip", "/topics/gan/stream?seed=x"]
)
def test_a_page_without_an_origin_may_read_every_answer(server: Server, path: str) -> None:
    assert ask(server, "GET", path, Origin="null").headers["access-control-allow-origin"] == "*"
    wanted = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "last-event-id,hx-request"}
    asked = ask(server, "OPTIONS", path, Origin="null", **wanted)
    assert asked.status_code == 204
    said = [asked.headers[f"access-control-allow-{what}"] for what in ("origin", "methods", "headers")]
    assert said == ["*", "GET, HEAD", "*"]
