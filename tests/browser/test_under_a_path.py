"""The site under a path, in a browser: a visitor who reads, searches, moves a slider and goes back never leaves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit
from tests.conftest import Server


@pytest.fixture
def there(browser: Browser) -> Iterator[Visit]:
    server = Server(BASE_PATH="/learn").start()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    seen = Visit(context.new_page(), server)
    seen.page.on("console", lambda said: seen.problems.append(f"{said.type}: {said.text}") if said.type != "log" else None)
    seen.page.on("pageerror", lambda error: seen.problems.append(f"error: {error}"))
    seen.page.on("request", lambda sent: seen.requests.append(sent.url))
    yield seen
    context.close()
    server.stop()


def test_a_visit_stays_under_the_path(there: Visit) -> None:
    page = there.open("/learn/")
    page.locator("#search").fill("momentum")
    there.wait_for("location.search === '?q=momentum' && location.pathname === '/learn/'")
    page.locator(".hit a.title").first.click()
    there.wait_for("location.pathname.startsWith('/learn/topics/')")
    there.open("/learn/topics/learning-rate?seed=3")
    there.finished()
    page.locator("[name=seed]").fill("4")
    page.locator("[name=seed]").press("Enter")
    there.wait_for("location.href.endsWith('/learn/topics/learning-rate?seed=4')")
    there.finished()
    page.locator(".presets a").first.click()
    there.wait_for("!location.search.includes('seed=4')")
    page.go_back()
    there.wait_for("document.querySelector('live-run').getAttribute('src').includes('seed=4')")
    there.finished()
    page.locator(".keep").click()
    there.wait_for("location.search.includes('pin=')")
    there.finished()
    strays = [url for url in there.requests if not url.startswith((f"{there.server.url}/learn/", "data:", "blob:"))]
    assert strays == []
    assert there.problems == []
