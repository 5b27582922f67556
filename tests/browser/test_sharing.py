"""Embedding in the browser: the snippet, who may frame what, and what fits in a frame of 800 by 600."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Page

from app.topics import topics
from tests.browser.conftest import Visit
from tests.browser.test_frames import ENDED, page
from tests.conftest import Server

__all__ = ["page"]

MAIN = [
    (next(iter(demo.charts(demo.params()).values())), f"/topics/{slug}?demo={demo.name}")
    for slug, topic in topics().items()
    for demo in topic.demos[:1]
]
OF_EACH_KIND = {type(chart): path for chart, path in sorted(MAIN, key=lambda one: one[0].height)}
"""The demo whose main chart is the tallest of its kind."""
PLACES = """() => ['.chart', '.player'].map((name) => {
  const { top, bottom } = document.querySelector(name).getBoundingClientRect();
  return [top, bottom];
})"""


def test_the_embed_button_gives_a_frame_of_the_run_and_moment_shown(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race&momentum=0.5")
    visit.finished()
    page.get_by_label("One frame back").click()
    visit.wait_for("location.hash !== ''")
    page.get_by_role("button", name="Embed").click()
    snippet = page.locator(".embedding textarea").input_value()
    (src,) = re.findall(r'^<iframe .*src="([^"]*)"', snippet)
    address = page.evaluate("() => location.search + location.hash")
    query, _, moment = address.partition("#")
    assert unescape(src) == f"{visit.server.url}/topics/learning-rate?momentum=0.5&embed=1#{moment}"
    assert 'width="800" height="600"' in snippet.replace('height="600" width="800"', 'width="800" height="600"')
    assert query == "?demo=race&momentum=0.5"


@pytest.mark.parametrize(("path", "shown"), [("?embed=1", True), ("", False)])
@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'])
def test_a_page_is_framed_to_be_embedded_alone(page: Page, server: Server, path: str, shown: bool, sandbox: str) -> None:
    course = f"{server.url}/course.html"
    frame = f'<iframe {sandbox} src="{server.url}/topics/learning-rate{path}" width="800" height="600"></iframe>'
    page.route(course, lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html>{frame}"))
    page.goto(course)
    if shown:
        page.frames[1].wait_for_function(ENDED)
    assert (page.frames[1].locator("live-run").count() == 1) is shown


@pytest.mark.parametrize("visit", [{"viewport": {"width": 800, "height": 600}}], indirect=True)
@pytest.mark.parametrize("path", OF_EACH_KIND.values())
def test_main_chart_and_player_fit_in_a_frame_of_800_by_600(visit: Visit, path: str) -> None:
    page = visit.open(f"{path}&embed=1")
    page.wait_for_selector("live-run[data-frame]")
    chart, player = page.evaluate(PLACES)
    assert 0 <= chart[0] < chart[1] <= player[0] < player[1] <= 600
    assert chart[1] - chart[0] > 120
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 800
