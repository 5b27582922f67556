"""The page in a frame without an origin of its own, as course systems make them; and refusals, final or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, Route

from tests.app.events import messages
from tests.browser.conftest import AT_ONCE, Visit
from tests.conftest import Server

RACE = "/topics/learning-rate?demo=race&embed=1"
ENDED = "() => ['finished', 'refused'].includes(document.querySelector('live-run')?.dataset.state)"
STATUS = ".status .said"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def frame_of(page: Page, server: Server, path: str) -> Frame:
    """The page at `path` in a sandboxed frame, which makes it a stranger even to its own host."""
    host = f"{server.url}/course.html"
    html = f'<!doctype html><iframe sandbox="allow-scripts" width="1200" height="850" src="{server.url}{path}"></iframe>'
    page.route(host, lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto(host)
    return page.frames[1]


def test_a_run_plays_in_a_frame_without_an_origin_and_follows_its_controls(page: Page, server: Server) -> None:
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
    frame = frame_of(page, server, RACE)
    assert frame.evaluate("() => globalThis.origin") == "null"
    frame.wait_for_function(ENDED)
    frame.evaluate(AT_ONCE)
    assert frame.locator("live-run").get_attribute("data-state") == "finished"
    before = frame.locator("live-run").get_attribute("data-key")
    frame.locator("[name=seed]").fill("5")
    frame.locator("[name=seed]").press("Enter")
    frame.wait_for_function(f"() => document.querySelector('live-run').dataset.key !== '{before}'")
    frame.wait_for_function(ENDED)
    assert troubles == []


def test_a_run_that_was_cut_in_such_a_frame_is_resumed(page: Page, server: Server) -> None:
    asked: list[str | None] = []

    def cut(route: Route) -> None:
        asked.append(route.request.headers.get("last-event-id"))
        if len(asked) > 1:
            route.continue_()
        else:
            events = route.fetch()
            body = b"".join(messages(events.body())[:11])
            route.fulfill(status=200, headers=events.headers, body=body)

    page.route(lambda url: "/stream?" in url, cut)
    frame = frame_of(page, server, RACE)
    frame.wait_for_function(ENDED)
    assert frame.locator("live-run").get_attribute("data-state") == "finished"
    assert asked[0] is None
    assert str(asked[1]).endswith(":9")


def test_a_frame_that_may_not_read_its_runs_says_so_and_asks_no_more(page: Page, server: Server) -> None:
    asked: list[str] = []

    def without_leave(route: Route) -> None:
        asked.append(route.request.method)
        answer = route.fetch()
        only_another = {"access-control-allow-origin": "https://course.example"}
        route.fulfill(status=200, headers=answer.headers | only_another, body=answer.body())

    page.route(lambda url: "/stream?" in url, without_leave)
    frame = frame_of(page, server, RACE)
    frame.wait_for_function(ENDED)
    assert "does not let this page read its runs" in frame.locator(STATUS).inner_text()
    count = len(asked)
    page.wait_for_timeout(1500)  # longer than the next try would have waited
    assert len(asked) == count


SIGN_IN = "<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 403, "body": "no"}, "The server refused this run with status 403."),
        ({"status": 401, "content_type": "text/html", "body": SIGN_IN}, "The server refused this run with status 401."),
        ({"status": 404, "body": '{"message": "There is no topic “x”."}'}, "There is no topic “x”."),
        ({"status": 410, "body": "[]"}, "The server refused this run with status 410."),
        ({"status": 422, "body": '{"message": "seed = 1: give 2."}'}, "seed = 1: give 2."),
        ({"status": 200, "content_type": "text/html", "body": SIGN_IN}, "Something between this page and the server"),
        ({"status": 302, "headers": {"location": "/"}}, "Something between this page and the server"),
        ({"status": 204}, "Something between this page and the server"),
    ],
)
def test_a_refusal_that_is_final_is_said_and_not_taken_for_a_broken_connection(
    visit: Visit, answer: dict[str, Any], said: str
) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(**answer)

    visit.page.route(lambda url: "/stream?" in url, refuse)
    page = visit.open(RACE)
    visit.wait_for("document.querySelector('live-run').dataset.state === 'refused'")
    assert page.locator(STATUS).inner_text().startswith(said)
    assert page.get_by_role("button", name="Try again").is_visible()
    page.wait_for_timeout(1200)  # longer than a broken connection is left alone
    assert len(asked) == 1
    visit.problems.clear()  # the browser itself notes each refusal


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_refusal_that_passes_is_said_and_asked_again(visit: Visit, status: int) -> None:
    asked: list[str] = []

    def refuse_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=status, headers={"retry-after": "1"}, body="<html>Bad gateway</html>")
        else:
            route.continue_()

    visit.page.route(lambda url: "/stream?" in url, refuse_once)
    page = visit.open(RACE)
    visit.wait_for("document.querySelector('live-run').dataset.state === 'refused'")
    assert (
        page.locator(STATUS).inner_text()
        == f"The server answered with status {status}. Try again in a moment. This page does so by itself."
    )
    visit.finished()
    assert len(asked) == 2
    visit.problems.clear()  # the browser itself notes each refusal
