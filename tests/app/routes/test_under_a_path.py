"""The site under a path (BASE_PATH=/learn): every address that it makes leads to it there, whatever asks and whatever answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from app.topics import topics
from tests.conftest import NO_TLS, Server

ROOTED = re.compile(r'[\s"][\w:-]+="(/[^"]*)"')
"""Any attribute whose value begins with a slash."""
PART = {"HX-Request": "true", "HX-Target": "run"}


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    running = Server(BASE_PATH="/learn/")
    running.start()
    yield running
    running.stop()


def addresses(html: str) -> set[str]:
    """What begins with a slash in a page, but for the key that begins a search."""
    return set(map(unescape, ROOTED.findall(html))) - {"/"}


def outside(html: str) -> list[str]:
    """The addresses in a page that lead past the path."""
    return [said for said in addresses(html) if not within(said)]


def within(address: str) -> bool:
    return address == "/learn" or address.startswith("/learn/")


def strings(said: Any) -> Iterator[str]:
    """All strings in a JSON value."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for each in said.values() if isinstance(said, dict) else said:
            yield from strings(each)


FOLLOW_UP = "/topics/gradient-descent/follow-up/when-do-you-stop"
PAGES = (
    "/",
    "/?q=adam",
    "/practice",
    "/exercises",
    "/exercises/lstm-step?seed=7&f=0.6",
    "/room?at=/topics/gan",
    FOLLOW_UP,
    "/nothing",
    "/topics/lern-rate",
    "/topics/gan?embed=1",
    "/topics/gan?present=1",
    "/topics/gan?seed=x",
)
SEVERAL = "/topics/learning-rate?seed=3&pin=seed%3D1"


@pytest.mark.parametrize("path", [*PAGES, SEVERAL, *(f"/topics/{slug}" for slug in topics())])
def test_every_address_on_a_page_is_under_the_path(there: Server, path: str) -> None:
    page = there.get(f"/learn{path}").text
    assert "<main" in page
    assert outside(page) == []


@pytest.mark.parametrize("path", [SEVERAL, "/topics/gan", "/topics/gan?seed=x"])
def test_every_address_in_a_part_of_a_page_is_too(there: Server, path: str) -> None:
    answer = there.get(f"/learn{path}", headers=PART)
    assert "<html" not in answer.text
    assert outside(answer.text) == []
    assert all(within(value) for name, value in answer.headers.items() if name in {"hx-replace-url", "hx-push-url"})


def test_all_that_the_catalogue_and_a_topic_link_to_is_there(there: Server) -> None:
    linked = {said for path in ("/", SEVERAL) for said in addresses(there.get(f"/learn{path}").text)}
    runs = {said for said in linked if re.search(r"/(stream|run\.\w+)(\?|$)", said)}
    assert len(runs) > 4
    with httpx.Client(base_url=there.url, verify=NO_TLS, timeout=60) as client:
        asked = {said: client.head(said) if said in runs and "stream" in said else client.get(said) for said in sorted(linked)}
    assert {said: answer.status_code for said, answer in asked.items() if answer.status_code != 200} == {}


@pytest.mark.parametrize("path", ["/api/topics", "/topics/no-such-topic/run.json"])
def test_every_address_in_json_is_under_the_path(there: Server, path: str) -> None:
    found = [said for said in strings(there.get(f"/learn{path}").json()) if said.startswith("/")]
    assert found
    assert [said for said in found if not within(said)] == []


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/learn/topics/gan/?seed=2", "/learn/topics/gan?seed=2"),
        ("/learn//topics/gan/", "/learn/topics/gan"),
        ("/topics/gan/", "/learn/topics/gan"),
        ("/learn/topics/gan/run.py?seed=1", "run.zip?seed=1"),
    ],
)
def test_redirects_stay_under_the_path(there: Server, path: str, location: str) -> None:
    assert there.get(path).headers["location"] == location


def test_cards_oembed_markdown_and_lists_name_the_path(there: Server) -> None:
    base = f"{there.url}/learn"
    page = there.get("/learn/topics/gan").text
    assert f'<link rel="canonical" href="{base}/topics/gan">' in page
    (discovery,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', page)
    embed = httpx.get(unescape(discovery), verify=NO_TLS).json()
    assert f'src="{base}/topics/gan?embed=1"' in embed["html"]
    assert embed["thumbnail_url"].startswith(f"{base}/static/")
    for path in ("/llms.txt", "/topics/gan.md", "/sitemap.xml", "/robots.txt"):
        named = re.findall(rf"{re.escape(there.url)}[^\s)<]*", there.get(f"/learn{path}").text)
        assert named
        assert all(said.startswith(f"{base}/") for said in named), path


def test_a_proxy_may_leave_the_path_on_or_take_it_off(there: Server) -> None:
    for path in ("/", "/topics/gan", "/api/topics", "/topics/learning-rate/run.csv?demo=race", "/healthz"):
        assert there.get(f"/learn{path}").content == there.get(path).content
    assert there.get("/learn").content == there.get("/learn/").content
    assert there.get("/learning/topics/gan").status_code == 404


def test_a_run_streams_and_its_file_opens(there: Server) -> None:
    run = "/learn/topics/learning-rate"
    assert b"event: done" in there.get(f"{run}/stream?demo=race&seed=2").content
    assert json.loads(there.get(f"{run}/run.json?demo=race&seed=2").text)["frames"]


def test_a_class_is_sent_to_pages_under_the_path(there: Server) -> None:
    opened = httpx.post(f"{there.url}/learn/room", timeout=20, verify=NO_TLS).json()
    assert opened["url"] == f"/learn/room/{opened['code']}"
    assert f'href="{there.url}{opened["url"]}"' in there.get(opened["url"]).text
    room, key = there.url + opened["url"], {"Room-Key": opened["key"]}
    move = {"address": "/learn/topics/gan?seed=3", "frame": 0, "playing": True}
    assert httpx.post(f"{room}/steer", json=move, headers=key, timeout=20, verify=NO_TLS).status_code == 204
    with httpx.stream("GET", f"{room}/stream", headers=key, timeout=20, verify=NO_TLS) as watched:
        told = watched.iter_lines()
        state = json.loads(next(line for line in told if line.startswith("data: ")).removeprefix("data: "))
    assert state["page"] == "/learn/topics/gan?seed=3"
    assert state["stream"].startswith("/learn/topics/gan/stream?")
