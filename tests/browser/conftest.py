"""A real browser: Chromium by `$CHROMIUM`, by the note that scripts/get_browser.sh leaves, or by its usual names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as TooLate

from tests.conftest import ROOT, Server

NOTE = ROOT / ".venv" / "chromium-path"
USUAL_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)

LAPTOP = {"viewport": {"width": 1280, "height": 800}}

AT_ONCE = """() => {
  const speed = document.querySelector('.speed select');
  if (speed) speed.value = '0';
  speed?.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def chromium() -> str:
    """Where Chromium is. Fails, and never skips, when there is none."""
    noted = NOTE.read_text(encoding="utf-8").strip() if NOTE.exists() else ""
    usual = [shutil.which(name) or "" for name in USUAL_NAMES]
    for path in (os.environ.get("CHROMIUM", ""), noted, *usual):
        if path and Path(path).exists():
            return path
    pytest.fail("no Chromium: run scripts/get_browser.sh, or set CHROMIUM")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each gets a fresh context."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split())
        yield running
        running.close()


BEGUN = """(!document.querySelector('script[data-main]') || matchMedia('(scripting: none)').matches
  || customElements.get('live-run') !== undefined)"""
"""The page's own scripts have begun, where it has some and they may."""


@dataclass
class Visit:
    """A page in a fresh context, and all that went wrong on it."""

    page: Page
    server: Server
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Goes there, and waits for the page's own scripts, which on a phone may begin after all else has come."""
        self.page.goto(self.server.url + path)
        self.wait_for(BEGUN)
        return self.page

    def wait_for(self, condition: str, seconds: float = 60) -> None:
        """Until a JavaScript expression is true; when it never is, says how the page stands."""
        try:
            self.page.wait_for_function(f"() => {condition}", timeout=seconds * 1000)
        except TooLate as late:
            run = self.page.evaluate(
                "() => (document.querySelector('live-run') ?? document.querySelector('main')).outerHTML.slice(0, 300)"
            )
            raise AssertionError(f"{condition}\n{self.page.url}\n{run}\n{self.problems}\n{self.requests[-6:]}") from late

    def finished(self) -> None:
        """Until the run has ended and its last frame is drawn, which is the next one drawn: there is nothing to watch."""
        self.page.evaluate(AT_ONCE)
        self.watched()

    def watched(self, or_once: str = "false") -> None:
        """Until the run has ended and its last frame is drawn, at the speed that is chosen, or something holds before."""
        self.wait_for(
            f"({or_once}) || ['finished', 'diverged'].includes(document.querySelector('live-run').dataset.state)"
            " && !document.querySelector('live-run').hasAttribute('data-playing')"
        )


def left_behind(page: Page) -> None:
    """Leaves the site, and nothing of the visit but the site's files."""
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.context.clear_cookies()
    page.goto("about:blank")


@dataclass
class KeptPage:
    """The page of the last visit, as long as visitors have the same screen."""

    browser: Browser
    screen: dict[str, Any] = field(default_factory=dict)
    page: Page | None = None

    def on(self, screen: dict[str, Any]) -> Page:
        """The page for a screen, as large as it was at first."""
        if self.page is None or self.screen != screen:
            self.closed()
            self.screen, self.page = screen, self.browser.new_context(**screen).new_page()
        self.page.set_viewport_size(screen.get("viewport", LAPTOP["viewport"]))
        return self.page

    def left(self) -> None:
        """Keeps it for the next visit; one that cannot be left is closed."""
        try:
            if self.page is not None:
                left_behind(self.page)
        except BrowserError:
            self.closed()

    def closed(self) -> None:
        """Forgets it."""
        if self.page is not None:
            self.page.context.close()
        self.page = None


@pytest.fixture(scope="session")
def kept_page(browser: Browser) -> Iterator[KeptPage]:
    """The one page of a process that visits return to."""
    kept = KeptPage(browser)
    yield kept
    kept.closed()


@pytest.fixture
def visit(kept_page: KeptPage, server: Server, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit that must end without a word on the console, a refused request or a word to another host.

    The browser has the site's files from the visit before, which saves half of a page's time, and nothing else of it. A test that
    looks at how files come, or leaves behind what a page never loses, is marked `first_visit`: its browser was never here.
    """
    first = request.node.get_closest_marker("first_visit") is not None
    if first:
        kept_page.closed()
    with in_order(Visit(kept_page.on(getattr(request, "param", LAPTOP)), server)) as seen:
        yield seen
        kept_page.closed() if first else kept_page.left()


@contextmanager
def in_order(seen: Visit) -> Iterator[Visit]:
    """Hears all that is said on a visit, and sees at its end that nothing went wrong."""
    heard = {
        "console": lambda said: seen.problems.append(f"{said.type}: {said.text}") if said.type != "log" else None,
        "pageerror": lambda error: seen.problems.append(f"error: {error}"),
        "request": lambda sent: seen.requests.append(sent.url),
    }
    for event, hear in heard.items():
        seen.page.on(event, hear)  # type: ignore[call-overload]  # typed by event
    yield seen
    for event, hear in heard.items():
        seen.page.remove_listener(event, hear)
    foreign = [url for url in seen.requests if not url.startswith((seen.server.url, "data:", "blob:"))]
    assert foreign == []
    assert seen.problems == []
