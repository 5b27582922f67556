"""Charts that take clicks: a place on the chart is written into its field, on linear and on log axes, and the run follows."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

PATHS = "/topics/gradient-descent?demo=paths"
CAPACITY = "/topics/overfitting-and-underfitting?demo=capacity"
PIXEL = """async ([chart, x, y]) => {
  const plot = document.querySelector(`#chart-${chart} .plot`);
  plot.scrollIntoView({ block: "center" });
  while (!plot._fullLayout) await new Promise(requestAnimationFrame); // it is drawn once it is in sight
  const { xaxis, yaxis } = plot._fullLayout;
  const { left, top } = plot.getBoundingClientRect();
  return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""
"""Where on the screen a point of a chart is."""
TOUCH = {"viewport": {"width": 1280, "height": 800}, "has_touch": True}


def pixel(page: Page, chart: str, x: float, y: float) -> tuple[float, float]:
    across, down = page.evaluate(PIXEL, [chart, x, y])
    return across, down


def said(page: Page, name: str) -> str:
    return page.locator(f"[name={name}]").input_value()


def in_address(visit: Visit, name: str) -> str:
    return parse_qs(urlsplit(visit.page.url).query)[name][0]


def clicked(visit: Visit, chart: str, x: float, y: float, name: str) -> str:
    """Clicks there and waits for the run that follows; the field's text then."""
    before = visit.page.locator("live-run").get_attribute("data-key")
    visit.page.mouse.click(*pixel(visit.page, chart, x, y))
    visit.wait_for(f"document.querySelector('live-run').dataset.key !== '{before}'")
    assert in_address(visit, name) == said(visit.page, name)
    return said(visit.page, name)


def test_a_click_on_the_map_starts_all_five_there(visit: Visit) -> None:
    page = visit.open(PATHS)
    visit.finished()
    x, y = map(float, clicked(visit, "path", -2.5, 1.25, "start").split(","))
    assert x == pytest.approx(-2.5, abs=0.03)
    assert y == pytest.approx(1.25, abs=0.03)
    visit.finished()
    begun = page.evaluate(
        "() => document.querySelector('#chart-path .plot').data"
        ".filter(one => one.mode === 'lines' && !one.uid?.startsWith('last-')).map(one => one.x[0])"
    )
    assert begun == pytest.approx([x] * 5, abs=1e-6)


def test_a_second_click_takes_the_place_of_the_first(visit: Visit) -> None:
    visit.open(PATHS)
    visit.finished()
    first = clicked(visit, "path", 1, 1, "start")
    assert clicked(visit, "path", -3, -1.2, "start") != first
    assert said(visit.page, "start").count(",") == 1


def test_clicks_on_the_fit_add_points(visit: Visit) -> None:
    visit.open(CAPACITY)
    visit.finished()
    clicked(visit, "fit", 0.5, -1.5, "added")
    clicked(visit, "fit", -0.4, 1.2, "added")
    points = [[float(word) for word in pair.split()] for pair in said(visit.page, "added").split(";")]
    assert points == [pytest.approx([0.5, -1.5], abs=0.02), pytest.approx([-0.4, 1.2], abs=0.02)]
    visit.finished()
    dots = visit.page.evaluate(
        "() => document.querySelector('#chart-fit .plot').data.find(one => one.name === 'fitted').x.length"
    )
    assert dots == 32


def test_a_double_click_is_one_point_and_a_click_beyond_the_data_one_on_its_edge(visit: Visit) -> None:
    page = visit.open(CAPACITY)
    visit.finished()
    page.mouse.dblclick(*pixel(page, "fit", 1.02, 2.05))
    visit.wait_for("new URL(location).searchParams.get('added') === '1 2'")
    assert page.locator("#added-error").inner_text() == ""


def test_clicks_beside_the_axes_and_on_other_charts_change_nothing(visit: Visit) -> None:
    page = visit.open(PATHS)
    visit.finished()
    before = page.locator("live-run").get_attribute("data-key")
    across, down = pixel(page, "path", -4.6, -4.6)
    page.mouse.click(across - 12, down - 40)
    page.mouse.click(across + 40, down + 12)
    page.mouse.click(*pixel(page, "height", 200, 1))
    page.wait_for_timeout(300)
    assert said(page, "start") == ""
    assert page.locator("live-run").get_attribute("data-key") == before


@pytest.mark.parametrize("visit", [TOUCH], indirect=True)
def test_a_tap_is_a_click(visit: Visit) -> None:
    page = visit.open(PATHS)
    visit.finished()
    page.touchscreen.tap(*pixel(page, "path", 2, -1))
    visit.wait_for("document.querySelector('[name=start]').value !== ''")
    assert [float(one) for one in said(page, "start").split(",")] == pytest.approx([2, -1], abs=0.03)


def test_on_a_log_axis_the_place_is_the_value_and_not_its_logarithm(visit: Visit) -> None:
    page = visit.open(PATHS)
    visit.finished()
    page.evaluate("() => { document.querySelector('#chart-height').dataset.click = 'start'; }")
    page.mouse.click(*pixel(page, "height", 200, 0.01))
    steps, height = map(float, said(page, "start").split(","))
    assert steps == pytest.approx(200, abs=3)
    assert height == pytest.approx(0.01, rel=0.1)
    visit.wait_for("document.querySelector('#start-error').textContent.includes('from -10 to 10')")
    visit.problems.clear()  # the refused start is said on the console


def test_the_chart_says_what_a_click_does_and_shows_a_crosshair(visit: Visit) -> None:
    page = visit.open(PATHS)
    visit.finished()
    page.locator("#chart-path").scroll_into_view_if_needed()
    page.locator("#chart-path .nsewdrag").wait_for()
    assert "click to start there" in page.locator("#chart-path figcaption").inner_text()
    assert page.evaluate("() => getComputedStyle(document.querySelector('#chart-path .nsewdrag')).cursor") == "crosshair"
    label = page.locator("#chart-path .plot").get_attribute("aria-label") or ""
    assert label.startswith("Five ways down, from the same start")
    assert "click" not in label


def test_clicks_that_turn_pixels_over_do_not_pile_up_in_the_field(visit: Visit) -> None:
    visit.open("/topics/cnn-layers?demo=drawing")
    visit.finished()
    turned = clicked_until_settled(visit, 0, 0)
    assert turned == "bc20 2038 0404 3800"
    assert clicked_until_settled(visit, 7, 7) == "bc20 2038 0404 3801"
    assert clicked_until_settled(visit, 0, 0) == "3c20 2038 0404 3801"


def clicked_until_settled(visit: Visit, x: float, y: float) -> str:
    """Clicks on a pixel of the drawing and waits until the field says what the address says."""
    before = in_address(visit, "drawing") if "drawing=" in visit.page.url else ""
    visit.page.mouse.click(*pixel(visit.page, "drawing", x, y))
    visit.wait_for("new URL(location).searchParams.get('drawing') === document.querySelector('[name=drawing]').value")
    assert in_address(visit, "drawing") != before
    return said(visit.page, "drawing")
