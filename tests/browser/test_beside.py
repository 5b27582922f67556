"""Pictures of pinned runs: fields, images and networks stand beside the live one, in step with it, while they are pinned."""

from __future__ import annotations

import itertools
import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.places import sees_every_chart

POINTS = "/topics/multilayer-perceptron?demo=four-points"
"""Two fields and a cloud, and one chart of lines."""
PICTURES = "[...document.querySelectorAll('.pinned .picture')]"
LIVE = "document.querySelector('#chart-network .plot')"
CELLS = "(plot) => JSON.stringify(plot.data.find((one) => one.z).z.map((row) => [...row]))"
BENEATH = "(plot) => plot.data.some((one) => String(one.uid).startsWith('pin-'))"
pytestmark = pytest.mark.first_visit  # each asks for no motion, which a page does not forget


def pinned(*values: str) -> str:
    return "".join(f"&pin={quote(value)}" for value in values)


def opened(visit: Visit, path: str) -> Page:
    """The page as it shows itself to who wants no motion: it goes to a run's end at once."""
    visit.page.emulate_media(reduced_motion="reduce")
    return visit.open(path)


def drawn(visit: Visit, count: int) -> None:
    """Until that many pictures are there and drawn, and the run has ended."""
    visit.finished()
    visit.wait_for(f"{PICTURES}.length === {count} && {PICTURES}.every((one) => one.querySelector('.main-svg'))")


def edges(page: Page, side: str) -> list[float]:
    """Where the live picture of a chart and those of pinned runs begin."""
    every = page.locator("#chart-network :is(.plot, .picture)")
    return [one.evaluate(f"(one) => one.getBoundingClientRect().{side}") for one in every.all()]


def test_each_chart_that_is_a_picture_has_one_for_each_pinned_run_named_by_what_differs(visit: Visit) -> None:
    page = opened(visit, POINTS + pinned("seed=3", "hidden_units=2"))
    drawn(visit, 6)
    for chart in ("perceptron", "network", "hidden"):
        assert page.locator(f"#chart-{chart} .pinned figcaption").all_inner_texts() == ["seed 3", "hidden units 2"]
    title = page.locator("#chart-network > figcaption").inner_text()
    assert page.locator("#chart-network .picture").first.get_attribute("aria-label") == f"{title}: seed 3"
    tops = page.locator("#chart-network :is(.plot, .picture)").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 1, "side by side"


def at_frame(page: Page, visit: Visit, frame: int) -> None:
    page.locator(".moment").evaluate(
        "(bar, frame) => { bar.value = frame; bar.dispatchEvent(new Event('input', { bubbles: true })); }", frame
    )
    visit.wait_for(f"document.querySelector('live-run').dataset.frame === '{frame}'")


def test_pictures_show_the_moment_of_the_live_run(visit: Visit) -> None:
    page = opened(visit, f"{POINTS}&seed=3")
    visit.finished()
    last = page.evaluate(f"() => ({CELLS})({LIVE})")
    at_frame(page, visit, 9)
    ninth = page.evaluate(f"() => ({CELLS})({LIVE})")
    assert ninth != last
    opened(visit, POINTS + pinned("seed=3", "seed=4"))
    drawn(visit, 6)
    shown = f"({CELLS})(document.querySelector('#chart-network .picture'))"
    visit.wait_for(f"{shown} === {json.dumps(last)}")
    at_frame(page, visit, 9)
    visit.wait_for(f"{shown} === {json.dumps(ninth)}")


def test_a_picture_is_not_drawn_again_while_nothing_moves(visit: Visit) -> None:
    page = opened(visit, POINTS + pinned("seed=3"))
    drawn(visit, 3)
    page.wait_for_timeout(500)
    before = page.evaluate(f"() => {PICTURES}.map((one) => one.dataset.draws)")
    page.wait_for_timeout(500)
    assert page.evaluate(f"() => {PICTURES}.map((one) => one.dataset.draws)") == before


def test_pictures_go_with_their_pin_and_the_charts_stand_as_before(visit: Visit) -> None:
    widths = "() => [...document.querySelectorAll('.chart')].map((one) => Math.round(one.getBoundingClientRect().width))"
    page = opened(visit, POINTS)
    visit.finished()
    before = page.evaluate(widths)
    page.get_by_role("button", name="Keep this run").click()
    visit.wait_for("document.querySelectorAll('.pins li').length === 1")
    assert page.locator(".pinned").count() == 0, "there is nothing yet to compare it with"
    page.locator("[name=seed]").fill("3")
    page.locator("[name=seed]").press("Enter")
    drawn(visit, 3)
    assert page.evaluate(widths) != before
    page.locator("[data-do=unpin]").click()
    visit.wait_for(f"{PICTURES}.length === 0")
    assert page.evaluate(widths) == before
    assert page.locator(".which").first.is_hidden()


def test_pictures_go_when_another_demo_is_opened(visit: Visit) -> None:
    page = opened(visit, POINTS + pinned("seed=3"))
    drawn(visit, 3)
    page.locator(".tabs a").last.click()
    visit.wait_for("!location.search.includes('pin=')")
    visit.finished()
    assert page.locator(".pinned").count() == 0


def test_no_line_of_a_pinned_network_lies_on_the_live_one(visit: Visit) -> None:
    page = opened(visit, "/topics/neural-network" + pinned("seed=3").replace("&", "?", 1))
    visit.finished()
    visit.wait_for(f"{PICTURES}.some((one) => one.querySelector('.main-svg'))")
    charts = page.locator(".chart:has(.pinned) .plot").evaluate_all(
        "(all) => all.map((one) => one.data.map((two) => String(two.uid)))"
    )
    assert charts
    assert [uid for uids in charts for uid in uids if uid.startswith("pin-")] == []


def test_paths_lie_on_one_landscape_and_on_another_they_stand_beside(visit: Visit) -> None:
    page = opened(visit, "/topics/gradient-descent?demo=paths" + pinned("rate=0.5"))
    sees_every_chart(visit)
    visit.finished()
    visit.wait_for(f"({BENEATH})(document.querySelector('#chart-path .plot'))")
    assert page.locator(".pinned").count() == 0
    page.locator("[name=landscape]").select_option("saddle")
    visit.wait_for("document.querySelectorAll('#chart-path .picture .main-svg').length > 0")
    visit.finished()
    assert not page.evaluate(
        "() => document.querySelector('#chart-path .plot').data.some((one) => String(one.uid).startsWith('pin-'))"
    )


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_narrow_screen_pictures_stand_below_each_other_and_nothing_overflows(visit: Visit) -> None:
    page = opened(visit, POINTS + pinned("seed=3", "seed=4", "hidden_units=2"))
    page.evaluate("() => document.querySelector('.charts').scrollIntoView()")
    drawn(visit, 9)
    lefts = page.locator("#chart-network :is(.plot, .picture)").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_narrow_screen_pinned_images_are_as_wide_as_the_live_ones_and_scroll_with_them(visit: Visit) -> None:
    page = opened(visit, "/topics/boltzmann-machine?demo=stripes" + pinned("seed=3"))
    page.evaluate("() => document.querySelector('.charts').scrollIntoView()")
    drawn(visit, 1)
    where = "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    boxes = page.locator("#chart-draws :is(.plot, .picture)").evaluate_all(where)
    assert len({(box["left"], box["width"]) for box in boxes}) == 1
    assert boxes[0]["width"] > 390, "what it is about: twenty-four pixels an image do not fit"
    assert all(below["top"] >= above["bottom"] for above, below in itertools.pairwise(boxes))
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
