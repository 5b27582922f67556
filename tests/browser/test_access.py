"""What a page asks of its visitor: no barrier that axe knows, and a first visit that weighs little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from app.topics import topics
from tests.browser.conftest import Visit
from tests.conftest import Server

(AXE,) = Path(axe_playwright_python.__file__).parent.glob("axe.min.js")
HEAVIEST = 650_000
"""Bytes on the wire, compressed, of all that a first visit fetches, plotly.js included; the run itself, a stream, apart."""

CHECK = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join("  ")}`);
}"""
OF_TOPICS = [f"/topics/{slug}" for slug in topics()]
PATHS = [
    "/",
    "/?q=gradient",
    "/room",
    "/topics/nothing",
    "/exercises",
    "/exercises/lstm-step?seed=7&z_f=0,46&f=9&z_i=abc&solution=1",
    "/exercises/adaboost-round?seed=x",
    "/topics/learning-rate?learning_rate=fast",
    *OF_TOPICS,
]


WIDE, NARROW = (1280, "light"), (390, "dark")
BOTH = [
    pytest.param(path, screen, marks=() if path not in OF_TOPICS or place % 2 == turn else pytest.mark.exhaustive)
    for place, path in enumerate(PATHS)
    for turn, screen in enumerate((WIDE, NARROW))
]
"""Topics share a template and colours: `make test` looks at every second one wide and light, at the others narrow and dark."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all; its policy is passed by, so that axe can be put into it."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("path", "screen"), BOTH)
def test_axe_finds_nothing_wide_and_light_nor_narrow_and_dark(
    page: Page, server: Server, path: str, screen: tuple[int, str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(server.url + path)
    if page.locator("live-run[src]").count():
        page.wait_for_selector("live-run[data-frame]")
    page.evaluate("() => document.querySelectorAll('.prose details').forEach((one) => (one.open = true))")
    found = violations(page, screen)
    assert not any(found.values()), found


@pytest.mark.parametrize("slug", ["learning-rate", "pooling", "computational-graph"])
def test_axe_finds_nothing_in_an_open_menu_and_open_tables_of_numbers(page: Page, server: Server, slug: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server.url}/topics/{slug}")
    page.wait_for_selector("live-run[data-frame]")
    page.get_by_role("button", name="Data", exact=True).click()
    page.locator("#data table").first.wait_for()
    page.locator(".chart summary").first.click()
    found = violations(page)
    assert not any(found.values()), found


@pytest.mark.parametrize("asked", ["?learning_rate=10#guess=rate-10", "?demo=schedules#guess=constant-rate"])
def test_axe_finds_nothing_in_a_guess_that_is_asked_and_in_one_that_is_made(page: Page, server: Server, asked: str) -> None:
    page.goto("about:blank")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server.url}/topics/learning-rate{asked}")
    page.wait_for_selector("live-run[data-frame] .sketch circle" if "schedules" in asked else "live-run[data-frame]")
    found = violations(page)
    assert not any(found.values()), found
    if page.locator(".guess[data-state] input").count():
        page.locator(".guess[data-state] input").first.check()
    page.get_by_role("button", name="Play the run").click()
    page.wait_for_selector(".guess[data-state=told]")
    found = violations(page)
    assert not any(found.values()), found


def violations(page: Page, *screens: tuple[int, str]) -> dict[tuple[int, str], list[str]]:
    """What axe finds on these screens, or wide and light, and narrow and dark."""
    found = {}
    for width, theme in screens or (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # a Literal that mypy takes for any text
        found[width, theme] = page.evaluate(CHECK)
    return found


@pytest.mark.first_visit
@pytest.mark.parametrize("slug", ["learning-rate", "gan", "neural-network"])
def test_a_first_visit_weighs_little(visit: Visit, slug: str) -> None:
    """The fixture itself sees to it that no other host is asked."""
    devtools = visit.page.context.new_cdp_session(visit.page)
    devtools.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}))
    visit.open(f"/topics/{slug}")
    visit.wait_for("document.querySelector('live-run').dataset.frame !== undefined")
    visit.page.wait_for_load_state("load")
    weights = {urls[request].rpartition("/")[2]: size for request, size in sizes.items() if "/stream?" not in urls[request]}
    assert any(name.startswith("plotly") for name in weights)
    assert sum(weights.values()) <= HEAVIEST, weights


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_the_run_begins_at_once(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.watched()
    assert page.evaluate("() => scrollY") == 0


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 420}}], indirect=True)
def test_a_run_that_was_over_before_its_charts_were_seen_plays_again(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.watched()
    page.evaluate("() => document.querySelector('.charts').scrollIntoView()")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-playing')")
