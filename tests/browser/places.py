"""Where things stand in the window: what a visitor sees of a topic before any scrolling."""

from __future__ import annotations

from tests.browser.conftest import Visit

ROOM = """(selector) => {
  const { top, bottom, left, right } = document.querySelector(selector).getBoundingClientRect();
  return { top, bottom, left, right };
}"""


def place(visit: Visit, selector: str) -> dict[str, float]:
    """Where an element stands in the window, in CSS pixels."""
    found: dict[str, float] = visit.page.evaluate(ROOM, selector)
    return found


def begun(visit: Visit) -> None:
    """Until the first frame is drawn."""
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")


def sees_every_chart(visit: Visit) -> None:
    """Has a window so high that none waits to be scrolled to, which is when it would be drawn."""
    size = visit.page.viewport_size
    assert size
    foot = visit.page.evaluate("() => document.querySelector('.charts').getBoundingClientRect().bottom + scrollY")
    visit.page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(foot) + 600)})  # they may yet grow


def needs_no_scrolling_on_a_laptop(visit: Visit) -> None:
    """Sees the main chart above its player, the presets and two controls, or the first lines of the program."""
    player = place(visit, ".player")
    assert player["bottom"] <= 800
    assert place(visit, ".chart .plot")["bottom"] <= player["top"]
    assert place(visit, ".presets")["bottom"] <= 800
    if visit.page.locator(".editor").count():
        assert place(visit, ".editor textarea")["top"] <= 700, "the first lines of the program"
    else:
        assert place(visit, ".control:nth-child(2)")["bottom"] <= 800


def needs_no_scrolling_on_a_phone(visit: Visit) -> None:
    """Sees enough of the chart above a sheet with the player, presets and one control."""
    sheet = place(visit, ".player")["top"]
    assert place(visit, ".chart .plot")["top"] < sheet - 120, "enough of the chart is seen to know what it shows"
    if visit.page.locator(".editor").count() == 0:
        assert place(visit, ".presets")["bottom"] <= place(visit, ".fields")["top"] <= 844
        assert place(visit, ".control")["bottom"] <= 844
    assert place(visit, "main")["right"] <= 390


def nothing_overflows(visit: Visit) -> None:
    """Sees that nothing is wider than a phone, with all that unfolds unfolded, nor than the narrowest one."""
    page = visit.page
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = !one.classList.contains('menu'))")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
