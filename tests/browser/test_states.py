"""The page as few see it: without JavaScript, on a slow line, by keyboard, on paper, and when a run or a pinned one fails."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visit

RACE = "/topics/learning-rate?demo=race"


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_the_whole_text_reads_and_what_needs_it_is_hidden(visit: Visit) -> None:
    page = visit.open(RACE)
    for shown in (
        ".short-answer p",
        "noscript .notice",
        ".plot .still",
        "#formulas math",
        "#wrong p",
        "#code pre",
        ".claims tbody th",
    ):
        assert page.locator(shown).first.is_visible(), shown
    gone = (".deck", ".stops", ".links button", ".of-chart", ".training", "[data-action]", ".claims td", ".plot .main-svg")
    for hidden in gone:
        assert page.locator(hidden).filter(visible=True).count() == 0, hidden
    page.locator(".prose summary").first.click()
    assert page.locator(".prose details p").first.is_visible()
    page.locator("[name=seed]").fill("4")
    page.get_by_role("button", name="Show these values").click()
    assert "seed=4" in page.url
    assert page.locator("[name=seed]").input_value() == "4"


SHIFTS = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: 'layout-shift', buffered: true });"""
PHONE = {"viewport": {"width": 412, "height": 823}}


def late(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


@pytest.mark.first_visit
@pytest.mark.parametrize("visit", [PHONE, {"viewport": {"width": 1280, "height": 800}}], indirect=True)
@pytest.mark.parametrize("path", ["/", RACE, "/topics/what-is-deep-learning"])
def test_fonts_that_come_late_move_nothing(visit: Visit, path: str) -> None:
    """Cumulative layout shift, which is good up to 0.1 (web.dev, 2020): fonts at hand stand in, made as wide."""
    visit.page.route("**/*.woff2", late)
    visit.page.add_init_script(SHIFTS)
    page = visit.open(path)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(500)
    assert page.evaluate("() => [...document.fonts].filter((one) => one.status === 'loaded').length") >= 2
    assert page.evaluate("() => window.moved") < 0.1


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_phone_the_controls_wait_for_the_run_above_them_which_the_page_says_after_them(visit: Visit) -> None:
    page = visit.open(RACE)
    assert page.locator(".controls").is_visible()
    page.evaluate("() => document.querySelector('.comparison').remove()")  # as while the page is still being read
    assert page.locator(".controls").is_hidden()


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_phone_the_player_is_of_one_height_whatever_it_reads(visit: Visit) -> None:
    page = visit.open("/topics/epoch-batch-iteration?demo=clock")
    page.locator(".charts").scroll_into_view_if_needed()
    visit.finished()
    assert page.locator(".readout").inner_text() == "step 45 · epoch 5"
    wide = page.locator(".deck").bounding_box()
    page.locator(".moment").press("Home")
    visit.wait_for("document.querySelector('.readout').textContent.length < 'step 45 · epoch 5'.length")
    assert page.locator(".deck").bounding_box() == wide
    page.locator(".readout").evaluate("(readout) => { readout.textContent = 'step 40000 · epoch 200'; }")  # the longest there is
    assert page.locator(".deck").bounding_box() == wide
    assert page.locator(".readout").evaluate("(readout) => readout.scrollWidth <= readout.clientWidth")


def changed_by(visit: Visit, *keys: str) -> None:
    """Presses keys where the focus is, waits for the run that they begin, and sees that the focus is still there, and seen."""
    page = visit.page
    before = page.locator("live-run").get_attribute("data-key")
    page.evaluate("() => { window.here = document.activeElement; }")
    assert page.evaluate("() => getComputedStyle(window.here).outlineStyle") == "solid"
    for key in keys:
        page.keyboard.press(key)
    visit.wait_for(f"document.querySelector('live-run').dataset.key !== '{before}'")
    visit.watched()
    assert page.evaluate("() => document.activeElement === window.here && window.here.isConnected")


def test_the_focus_is_seen_and_stays_on_the_control_that_was_changed(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.locator("[name=learning_rate]").focus()
    changed_by(visit, "ControlOrMeta+a", "1", "Enter")
    page.keyboard.press("Tab")
    changed_by(visit, "ArrowLeft")
    assert page.evaluate("() => document.activeElement.matches('.stops[data-for=learning_rate]')")


@pytest.mark.first_visit
def test_a_printed_page_is_a_study_sheet(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.emulate_media(media="print")
    for hidden in ("header.site", "footer.site", ".controls", ".deck", ".links", ".contents", ".tabs", ".of-chart"):
        assert page.locator(hidden).filter(visible=True).count() == 0, hidden
    for shown in (".short-answer p", ".plot .main-svg", ".claims td", "#formulas math", "#sources li"):
        assert page.locator(shown).first.is_visible(), shown
    sheet = "A race of rates: your learning rate 0.3, momentum 0, hidden units 16, seed 0."
    assert page.locator(".sheet").inner_text() == sheet
    answers = page.locator(".prose details > p").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert answers
    assert min(answers) > 0
    width = page.locator(".charts").evaluate("(charts) => charts.getBoundingClientRect().width")
    assert 600 < width < 700, "as wide as a page of A4 without its margins"


def answered(visit: Visit, where: str, status: int, body: str) -> None:
    """Has the streams whose address holds `where` answered like this from now on."""
    kind = "text/event-stream" if status == 200 else "application/json"
    visit.page.route(
        lambda url: "/stream?" in url and where in url, lambda route: route.fulfill(status=status, content_type=kind, body=body)
    )


FAILED = 'event: failed\ndata: {"message": "This run crashed."}\n\n'


def test_a_run_that_was_refused_or_failed_says_so_and_can_be_tried_again(visit: Visit) -> None:
    answered(visit, "seed=0", 503, '{"message": "Full. Try again in a moment."}')
    page = visit.open(RACE)
    again, status = page.get_by_role("button", name="Try again"), page.locator(".status .said")
    again.wait_for()
    page.wait_for_timeout(300)
    assert status.inner_text() == "Full. Try again in a moment. This page does so by itself."
    assert page.locator(".charts").is_hidden(), "there is nothing on them"
    visit.problems.clear()  # the browser itself notes each 503
    page.unroute_all()
    answered(visit, "seed=0", 200, FAILED)
    again.click()
    visit.wait_for("document.querySelector('live-run').dataset.state === 'failed'")
    assert status.inner_text() == "This run crashed."
    page.unroute_all()
    again.click()
    visit.finished()
    assert again.is_hidden()
    assert status.inner_text() == ""
    assert page.locator(".charts").is_visible()


def test_a_pinned_run_that_failed_or_was_refused_says_so_where_it_is_listed_and_can_be_unpinned(visit: Visit) -> None:
    answered(visit, "seed=3", 200, FAILED)
    answered(visit, "seed=4", 503, '{"message": "The server is full."}')
    page = visit.open(f"{RACE}&pin=seed%3D2&pin=seed%3D3&pin=seed%3D4")
    visit.wait_for("[...document.querySelectorAll('.trouble')].filter((one) => one.textContent).length === 2")
    visit.problems.clear()  # the browser itself notes each 503
    items = page.locator(".pins li")
    assert [item.locator(".trouble").inner_text() for item in items.all()] == [
        "",
        "Not shown. This run crashed.",
        "Not shown. The server is full.",
    ]
    assert page.locator("[data-do=unpin]").all_inner_texts() == ["×", "Let go", "Let go"]
    page.get_by_role("button", name="Let go: seed 4").click()
    page.get_by_role("button", name="Let go: seed 3").click()
    visit.wait_for("document.querySelectorAll('.pins li').length === 1 && !location.search.includes('seed%3D3')")
    visit.wait_for("document.querySelector('.comparison table') !== null")
    visit.problems.clear()


@pytest.mark.first_visit
def test_a_run_that_has_ended_before_it_is_drawn_plays_from_its_beginning(visit: Visit) -> None:
    visit.server.get(RACE.replace("?", "/stream?"))  # and is in the cache now
    held: list[Route] = []
    visit.page.route("**/vendor/plotly-charts-*", lambda route: held.append(route))  # noqa: PLW0108  # Playwright wants a Python function
    page = visit.page
    page.goto(visit.server.url + RACE, wait_until="domcontentloaded")  # the page is whole only with the script that is held
    visit.wait_for("document.querySelector('live-run').dataset.state === 'finished'")
    assert page.get_by_role("button", name="Pause", exact=True).is_visible()
    held[0].continue_()
    visit.wait_for("document.querySelector('live-run').dataset.frame !== undefined")
    visit.finished()
    assert page.get_by_role("button", name="Play", exact=True).is_visible()
