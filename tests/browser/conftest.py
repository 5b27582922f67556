"""A real browser: Chromium by `$CHROMIUM`, by the note that scripts/get_browser.sh leaves, or by its usual names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from tests.conftest import ROOT, Server

NOTE = ROOT / ".venv" / "chromium-path"
USUAL_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)

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


@dataclass
class Visit:
    """A page in a fresh context, and all that went wrong on it."""

    page: Page
    server: Server
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Goes there, and waits for the page's own scripts."""
        self.page.goto(self.server.url + path)
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


@pytest.fixture
def visit(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit that must end without a word on the console, a refused request or a word to another host."""
    context = browser.new_context(**getattr(request, "param", {"viewport": {"width": 1280, "height": 800}}))
    seen = Visit(context.new_page(), server)
    seen.page.on("console", lambda said: seen.problems.append(f"{said.type}: {said.text}") if said.type != "log" else None)
    seen.page.on("pageerror", lambda error: seen.problems.append(f"error: {error}"))
    seen.page.on("request", lambda sent: seen.requests.append(sent.url))
    yield seen
    context.close()
    foreign = [url for url in seen.requests if not url.startswith((server.url, "data:", "blob:"))]
    assert foreign == []
    assert seen.problems == []
