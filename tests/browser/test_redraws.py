"""The moment shown stays, whoever draws: the window gets another size, a phone is turned, the pointer comes, a chart is saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from app.topics import topics
from tests.browser.conftest import Visit
from tests.browser.drawn import looks, share_that_differs

KINDS = {
    (slug, demo.name): {type(chart) for chart in demo.charts(demo.params()).values() if chart.kind == "plot"}
    for slug, topic in topics().items()
    for demo in topic.demos
}
"""The kinds of chart that Plotly draws, by demo."""

TALL = 2400  # the height of a window with every chart of a page in sight, which is when it is drawn


def of_every_kind() -> list[tuple[str, str]]:
    """A few demos that have all kinds between them: each time the last one with most of those that are missing."""
    chosen, missing = list[tuple[str, str]](), set().union(*KINDS.values())
    while missing:
        chosen.append(max(reversed(KINDS), key=lambda name: len(KINDS[name] & missing)))
        missing -= KINDS[chosen[-1]]
    return chosen


PAUSED_AT = "document.querySelector('live-run').dataset.frame === '{}'"
AT_REST = """document.querySelector('live-run').dataset.state === 'finished'
  && Boolean(document.querySelector('.comparison table')) === Boolean(document.querySelector('.pins li'))
  && !document.querySelector('.comparison').textContent.includes('…')"""


IN_A_FONT_THAT_IS_HERE = """() => {
  document.documentElement.style.setProperty('--sans', 'sans-serif');
  document.dispatchEvent(new Event('theme'));
}"""
"""Has all charts drawn anew. The site's own font is done without where it comes late, and margins are then some pixels other."""


def resting_at(visit: Visit, address: str, frame: int) -> None:
    """Until the run and the one pinned to it are whole, and the moment is drawn."""
    visit.open(f"{address}#frame={frame}")
    visit.page.locator(".charts").scroll_into_view_if_needed()
    visit.wait_for(AT_REST)
    visit.wait_for(PAUSED_AT.format(frame))
    visit.page.evaluate(IN_A_FONT_THAT_IS_HERE)


IDLE = (
    "() => new Promise((idle) => requestIdleCallback(idle, { timeout: 1000 }))"  # a page that draws nothing may have no idle time
)


def looks_at_rest(page: Page) -> dict[str, str]:
    """What every chart looks like once none has changed while the page three times had nothing left to do: pictures of the
    pinned run take their room first, and come late on a busy machine.
    """
    seen: list[dict[str, str]] = []
    while len(seen) < 3 or not seen[-3] == seen[-2] == seen[-1]:
        page.wait_for_timeout(250)
        page.evaluate(IDLE)
        seen.append(looks(page))
    return seen[-1]


def looks_like(page: Page, wanted: dict[str, str]) -> None:
    """Sees each chart look as it should, within twenty seconds."""
    for _ in range(200):
        now = looks(page)
        apart = {name: share_that_differs(now[name], shape) for name, shape in wanted.items()}
        if max(apart.values()) < 0.15:  # lines that Plotly thins out differ a little; an older moment by a third and more
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"charts that show another moment, by share of their ink: {apart}")


def moved_to(visit: Visit, frame: int) -> None:
    """From the end to a moment, by the bar: shapes move, and Plotly is not told."""
    bar = visit.page.locator(".moment")
    bar.evaluate(f"(bar) => {{ bar.value = {frame}; bar.dispatchEvent(new Event('input', {{ bubbles: true }})); }}")
    visit.wait_for(PAUSED_AT.format(frame))


PLOTLY_BY_ITSELF = """async (how) => {
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (how === 'resize') await Plotly.Plots.resize(plot);
    else if (how === 'relayout') await Plotly.relayout(plot, { autosize: true });
    else await Plotly.redraw(plot);
  }
}"""


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1280, "height": TALL}, "reduced_motion": "reduce"}], indirect=True)
@pytest.mark.parametrize(("slug", "demo"), of_every_kind())
def test_every_kind_of_chart_shows_the_same_moment_after_the_window_got_another_size(visit: Visit, slug: str, demo: str) -> None:
    """It looks as one that was opened at that size and at that moment, with the run pinned where seeds differ."""
    said = topics()[slug].demo(demo)
    page = visit.open("/")
    page.evaluate("() => document.fonts.ready")  # a first visit may do with the stand-in for a font that comes late
    address = f"/topics/{slug}?demo={demo}" + ("&pin=seed%3D3" if said.params.seeded else "")
    last = said.planned_frames(said.params()) - 1
    page.set_viewport_size({"width": 1400, "height": TALL})
    page.goto("about:blank")
    resting_at(visit, address, last // 2)
    wanted = looks_at_rest(page)
    page.set_viewport_size({"width": 1280, "height": TALL})
    page.goto("about:blank")
    resting_at(visit, address, last)
    moved_to(visit, last // 2)
    for width in (1020, 1400):  # it gets narrower, then wider than it was
        page.set_viewport_size({"width": width, "height": TALL})
        looks_at_rest(page)
    looks_like(page, wanted)
    for how in ("resize", "relayout", "redraw"):
        moved_to(visit, last)
        moved_to(visit, last // 2)
        page.evaluate(PLOTLY_BY_ITSELF, how)
        looks_like(page, wanted)


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("demo", ["race", "edge-of-stability"])
def test_a_phone_that_is_turned_shows_the_moment_as_one_held_that_way_from_the_start(visit: Visit, demo: str) -> None:
    page, address = visit.page, f"/topics/learning-rate?demo={demo}&pin=seed%3D3"
    page.set_viewport_size({"width": 844, "height": 390})
    resting_at(visit, address, 20)
    wanted = looks_at_rest(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("about:blank")
    resting_at(visit, address, 40)
    moved_to(visit, 20)
    page.set_viewport_size({"width": 844, "height": 390})
    looks_like(page, wanted)


ENDS = r"([-\d.]+),[-\d.]+$"
LINES = "(plot) => [...plot.querySelectorAll('.js-line')].map((line) => line.getAttribute('d'))"


def lengths(paths: list[str]) -> list[float]:
    """How far each line goes, as shares of the longest; the marks of a legend, which are no polylines, do not count."""
    ends = [float(re.findall(ENDS, path)[0]) for path in paths if "L" in path]
    return sorted(end / max(ends) for end in ends)


def test_pointer_and_saved_file_have_the_moment_after_the_window_got_lower(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/topics/learning-rate?demo=race")
    visit.watched()
    page.set_viewport_size({"width": 1280, "height": 720})
    chart = page.locator("#chart-loss .plot")
    shown = lengths(chart.evaluate(LINES))
    assert len(shown) == 4, "of which one broke off"
    with page.expect_download() as saved:
        page.locator("#chart-loss [data-do=svg]").dispatch_event("click")
    saved.value.save_as(tmp_path / "chart.svg")
    file = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert lengths(re.findall(r'class="js-line"[^>]* d="([^"]*)"', file)) == pytest.approx(shown, abs=0.01)
    box: Any = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert lengths(chart.evaluate(LINES)) == pytest.approx(shown, abs=0.01)
    visit.wait_for("document.querySelector('#chart-loss .plot').calcdata.map((points) => points.length).join() === '97,97,97,97'")


POINTS = """() => [...document.querySelectorAll('[data-chart=samples] .point')]
  .map((point) => [point.getAttribute('transform'), point.getAttribute('d'), point.getAttribute('style')])"""
BY_PLOTLY = """async () => {
  const plot = document.querySelector('[data-chart=samples]');
  await Plotly.newPlot(plot, plot.data, plot.layout, { staticPlot: true });
}"""


def test_a_cloud_of_which_plotly_drew_one_point_is_the_one_that_it_draws(visit: Visit) -> None:
    visit.open("/topics/diffusion")
    visit.finished()
    copied = visit.page.evaluate(POINTS)
    visit.page.evaluate(BY_PLOTLY)
    drawn = visit.page.evaluate(POINTS)
    assert len(copied) == len(drawn) == 800
    assert [look for _, *look in copied] == [look for _, *look in drawn]
    places = [np.array([re.findall(r"-?[\d.]+", place) for place, *_ in points], float) for points in (copied, drawn)]
    assert np.abs(places[0] - places[1]).max() < 0.02
