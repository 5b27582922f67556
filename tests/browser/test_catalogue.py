"""The first page: a run that trains there, where the visitor left off, and pages that fill a wide screen."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

SHIFTS = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: 'layout-shift', buffered: true });"""
PLAYING = "document.querySelector('live-run').hasAttribute('data-playing')"


def streams(visit: Visit) -> list[str]:
    """What was asked for to show a run."""
    return [url for url in visit.requests if "/stream?" in url or "plotly" in url]


@pytest.mark.first_visit
def test_the_first_page_shows_a_run_that_trains_and_nothing_moves_for_it(visit: Visit) -> None:
    visit.page.add_init_script(SHIFTS)
    page = visit.open("/")
    visit.wait_for(f"{PLAYING} && document.querySelector('live-run').dataset.frame > 5")
    assert len(streams(visit)) == 2
    page.get_by_label("Pause", exact=True).click()
    visit.wait_for(f"!{PLAYING}")
    assert page.url == f"{visit.server.url}/", "the address of the catalogue is that of no moment"
    assert page.evaluate("moved") <= 0.002
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Space")
    visit.wait_for("scrollY > 100")
    assert page.evaluate(f"() => {PLAYING}") is False
    assert page.locator(".glimpse .of a").get_attribute("href") == "/topics/what-is-deep-learning"


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}], indirect=True)
def test_where_motion_is_unwanted_the_first_page_offers_to_play(visit: Visit) -> None:
    page = visit.open("/")
    page.wait_for_load_state("networkidle")
    assert streams(visit) == []
    page.get_by_label("Play", exact=True).click()
    visit.wait_for(f"{PLAYING} && document.querySelector('live-run').dataset.frame > 2")


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 700}}], indirect=True)
def test_on_a_phone_the_run_of_the_first_page_waits_until_it_is_seen_and_gives_way_to_what_is_found(visit: Visit) -> None:
    page = visit.open("/")
    page.wait_for_load_state("networkidle")
    assert streams(visit) == []
    page.locator("#search").fill("pooling")
    assert page.locator(".glimpse").is_hidden()
    page.locator("#search").fill("")
    page.locator(".glimpse .of").scroll_into_view_if_needed()
    visit.wait_for("document.querySelector('live-run').dataset.frame !== undefined")


def test_the_first_page_leads_back_to_where_the_visitor_left_off(visit: Visit) -> None:
    page = visit.open("/")
    assert page.locator(".go-on").inner_text() == ""
    visit.open("/topics/gan?demo=ring&seed=3&present=1")
    page = visit.open("/")
    link = page.locator(".go-on a")
    assert page.locator(".go-on").inner_text() == "Continue with: What is a GAN, and how does it learn to forge?"
    assert link.get_attribute("href") == "/topics/gan?demo=ring&seed=3"
    assert not [url for url in visit.requests if "left" in url], "nothing is sent"


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1920, "height": 1080}}], indirect=True)
@pytest.mark.parametrize("path", ["/", "/topics/learning-rate"])
def test_a_wide_screen_is_used_to_both_sides_and_lines_stay_readable(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.evaluate("() => document.querySelectorAll('.prose details').forEach((one) => (one.open = true))")
    places = page.evaluate(
        """() => [...document.querySelectorAll('.card, .chart, .prose > section > p, #follow-up details, .prose li')]
          .map((one) => {
          const { left, right, width } = one.getBoundingClientRect();
          return [left, right, one.matches('.chart') ? 0 : width / parseFloat(getComputedStyle(one).fontSize)];
        })"""
    )
    assert min(left for left, _, _ in places) < 300
    assert max(right for _, right, _ in places) > 1500, "beside the text of a topic its charts"
    assert max(ems for _, _, ems in places) <= 37
