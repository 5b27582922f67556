"""What other sites and programs take: cards, oEmbed, Markdown, and who may frame what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx
import pytest
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from app import routes
from app.cards import deck
from app.catalogue import entries
from app.exercises import exercises
from app.routes.sharing import PAGES
from app.topics import topics
from tests.conftest import NO_TLS, Server

PAGE = "/topics/learning-rate"


def tags(html: str) -> dict[str, str]:
    """Property or relation -> content or address, of the head's tags."""
    found = re.findall(r'<(?:meta (?:property|name)|link rel)="([\w:.]+)"[^>]* (?:content|href)="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def test_a_page_has_a_card_a_canonical_address_and_a_way_to_its_oembed(server: Server) -> None:
    html = server.get(f"{PAGE}?demo=race&seed=3&momentum=0&pin=seed%3D1&present=1").text
    said = tags(html)
    assert said["canonical"] == said["og:url"] == f"{server.url}{PAGE}?seed=3"
    assert said["og:title"] == "What happens if the learning rate is too low or too high?"
    assert httpx.get(said["og:image"], verify=NO_TLS).headers["content-type"] == said["og:image:type"]
    (discovery,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    answer = httpx.get(unescape(discovery), verify=NO_TLS).json()
    assert f'src="{server.url}{PAGE}?seed=3&amp;embed=1"' in answer["html"]


def test_the_catalogue_has_a_card_too_and_a_page_that_went_wrong_none(server: Server) -> None:
    assert tags(server.get("/?q=adam").text)["canonical"] == f"{server.url}/"
    assert "og:title" not in tags(server.get("/nothing").text)
    assert "canonical" not in tags(server.get(f"{PAGE}?seed=x").text)


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"Host": "learn.example"}, "http://learn.example"),
        ({"Host": "learn.example:8443", "X-Forwarded-Proto": "https"}, "https://learn.example:8443"),
        ({"Host": "[::1]:80"}, "http://[::1]:80"),
        ({"Host": 'a"><script>'}, None),
        ({"Host": "a b"}, None),
        ({"Host": "learn.example:99999"}, None),
        ({"Host": "[:::::]"}, None),
        ({"Host": "a/b@c"}, None),
    ],
)
def test_absolute_addresses_are_those_by_which_one_came(server: Server, headers: dict[str, str], base: str | None) -> None:
    expected = base or server.url
    for path in (PAGE, "/", "/llms.txt", f"{PAGE}.md", f"/oembed?url={expected}{PAGE}"):
        answer = httpx.get(server.url + path, headers=headers, verify=NO_TLS)
        assert (answer.status_code, expected in answer.text) == (200, True) or answer.status_code == 400, path


@pytest.mark.parametrize("url", ["http://[", "https://elsewhere.example/topics/gan", "x", "", "http://😀.example/"])
def test_an_address_that_cannot_be_embedded_gets_words(server: Server, url: str) -> None:
    answer = server.get("/oembed", params={"url": url})
    assert answer.status_code in {400, 404}
    assert answer.json()["message"].endswith(".")


def test_an_address_given_twice_is_refused(server: Server) -> None:
    answer = server.get(f"/oembed?url={server.url}{PAGE}&url=x")
    assert (answer.status_code, answer.json()["message"]) == (400, "url is given more than once: give it once.")


def test_prose_is_markdown_and_an_unknown_one_is_told_with_the_nearest(server: Server) -> None:
    answer = server.get(f"{PAGE}.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert f"{server.url}{PAGE}?learning_rate=10" in answer.text
    lost = server.get("/topics/lerning-rate.md")
    assert lost.status_code == 404
    assert f'href="{PAGE}"' in lost.text
    assert all(f"/topics/{slug}.md" in server.get("/llms.txt").text for slug in topics())


@pytest.fixture(scope="module")
def framed() -> Iterator[Server]:
    """A server whose pages one site may frame."""
    running = Server(FRAME_ANCESTORS="https://course.example").start()
    yield running
    running.stop()


def framing(server: Server, path: str) -> tuple[str | None, str | None]:
    """What an answer says of frames: the policy's sources, and the older header."""
    headers = server.get(path).headers
    said = re.search(r"frame-ancestors ([^;]*)", headers["content-security-policy"])
    return said[1] if said else None, headers.get("x-frame-options")


@pytest.mark.parametrize("path", [f"{PAGE}?embed=1", f"{PAGE}?seed=x&embed=1", "/topics/gan?demo=ring&embed=1"])
def test_a_topic_to_be_embedded_may_be_framed_by_anyone(server: Server, framed: Server, path: str) -> None:
    assert framing(server, path) == framing(framed, path) == (None, None)


@pytest.mark.parametrize(
    "path",
    ["/", "/?embed=1", PAGE, f"{PAGE}?present=1", f"{PAGE}?embed=2", "/nothing?embed=1", f"{PAGE}/run.json?embed=1", "/oembed"],
)
def test_everything_else_is_framed_by_none_unless_the_operator_says_so(server: Server, framed: Server, path: str) -> None:
    assert framing(server, path) == ("'none'", "DENY")
    assert framing(framed, path) == ("https://course.example", None)


def test_links_of_an_embedded_page_do_not_open_in_its_frame(server: Server) -> None:
    assert '<base target="_blank">' in server.get(f"{PAGE}?embed=1").text
    assert "<base" not in server.get(PAGE).text
    assert urlsplit(tags(server.get(f"{PAGE}?embed=1").text)["canonical"]).query == ""


def test_crawlers_find_every_page_and_are_kept_off_runs(server: Server) -> None:
    found = re.findall(r"<loc>([^<]*)</loc>", server.get("/sitemap.xml").text)
    plain = [route.path for route in routed() if route.response_class is HTMLResponse and "{" not in route.path]
    sheets = [exercise.url for exercise in exercises().values()]
    assert found == [server.url + path for path in (*PAGES, *sheets, *(card.url for cards in deck().values() for card in cards))]
    assert {f"{server.url}/topics/{slug}" for slug in entries()} < set(found)
    assert sorted(plain) == sorted(PAGES)
    robots = RobotFileParser()
    robots.parse(server.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{server.url}/sitemap.xml"]
    assert robots.can_fetch("any", f"{server.url}/topics/gan?seed=3")
    assert not robots.can_fetch("any", f"{server.url}/oembed?url=x")
    assert robots.can_fetch("any", f"{server.url}/exercises/shapes")


def routed() -> list[APIRoute]:
    """All routes that are declared."""
    modules = [import_module(f"app.routes.{found.name}") for found in iter_modules(routes.__path__)]
    found = [route for module in modules if hasattr(module, "router") for route in module.router.routes]
    return [route for route in found if isinstance(route, APIRoute)]


def test_the_icon_is_there_by_its_old_name(server: Server) -> None:
    answer = server.get("/favicon.ico")
    assert (answer.status_code, answer.content[:4]) == (200, b"\0\0\1\0")
    assert answer.headers["content-type"] in {"image/x-icon", "image/vnd.microsoft.icon"}
