"""Only the charts in sight are drawn: others cost a slow phone nothing until they are scrolled near, and are on paper anyway."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LAPTOP, Visit
from tests.browser.places import begun, place

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DRAWN = "() => [...document.querySelectorAll('.plot')].map((plot) => Number(plot.dataset.draws ?? 0))"
LONG = "/topics/boltzmann-machine"  # five charts, one below the other


def drawn(visit: Visit) -> list[int]:
    """How often each chart was."""
    counts: list[int] = visit.page.evaluate(DRAWN)
    return counts


def foot(visit: Visit) -> float:
    """Where the window ends, or what covers its foot begins."""
    size = visit.page.viewport_size
    assert size
    return place(visit, ".controls")["top"] if size["width"] < 500 else size["height"]


@pytest.mark.parametrize("visit", [PHONE, LAPTOP], indirect=True, ids=["phone", "laptop"])
def test_a_chart_below_the_window_is_drawn_when_it_is_scrolled_near(visit: Visit) -> None:
    page = visit.open(LONG)
    visit.finished()
    tops = page.locator(".plot").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    before = drawn(visit)
    assert [count > 0 for count in before] == [top < foot(visit) for top in tops]
    assert 0 in before
    page.evaluate("() => scrollTo(0, 1)")
    visit.wait_for(f"document.querySelectorAll('.plot[data-draws]').length > {sum(count > 0 for count in before)}")
    page.locator(".chart").last.scroll_into_view_if_needed()
    visit.wait_for("[...document.querySelectorAll('.plot')].at(-1).dataset.draws === '1'")
    assert page.locator(".chart").last.locator(".main-svg .trace").count() > 0
    assert drawn(visit)[0] == before[0], "a run at rest is not drawn again for it"


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["phone"])
def test_what_the_sheet_of_controls_covers_is_not_in_sight(visit: Visit) -> None:
    page = visit.open("/topics/activation-functions")
    visit.finished()
    second = page.locator(".chart .plot").nth(1).bounding_box()
    assert second is not None
    assert place(visit, ".controls")["top"] < second["y"] < 844
    assert drawn(visit)[1] == 0


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["phone"])
def test_a_chart_that_has_left_the_window_is_not_drawn_until_it_is_back(visit: Visit) -> None:
    page = visit.open(LONG)
    begun(visit)
    page.locator(".chart").last.scroll_into_view_if_needed()
    visit.finished()
    page.evaluate("() => document.querySelector('[data-do=first]').click()")
    visit.wait_for("document.querySelector('live-run').dataset.frame === '0'")
    before = drawn(visit)[0]
    page.evaluate("() => scrollTo(0, 0)")
    visit.wait_for(f"document.querySelector('.plot').dataset.draws === '{before + 1}'")


def test_paper_has_every_chart(visit: Visit) -> None:
    page = visit.open(LONG)
    visit.finished()
    assert 0 in drawn(visit)
    page.pdf()
    assert 0 not in drawn(visit)


def test_a_hidden_chart_is_drawn_once_it_is_shown(visit: Visit) -> None:
    page = visit.open(f"{LONG}?present=1")
    visit.finished()
    assert drawn(visit)[1] == 0
    page.keyboard.press("ArrowDown")
    visit.wait_for("document.querySelectorAll('.plot')[1].dataset.draws === '1'")
