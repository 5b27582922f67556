"""A chart of many lines opens with the few that make its point, and shows the rest when it is asked for more."""

from __future__ import annotations

from tests.browser.conftest import Visit

RACE = "/topics/learning-rate?demo=race"
LINES = "() => [...document.querySelectorAll('#chart-loss .scatterlayer .trace')].length"
NAMES = "#chart-loss .legend li[aria-hidden]"


def test_a_chart_of_many_lines_opens_with_few_and_shows_the_rest_from_run_to_run_when_asked(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    few = ["0.001", "1", "10", "yours: 0.3"]
    assert (page.locator(NAMES).all_text_contents(), page.evaluate(LINES)) == (few, 4)
    more = page.locator("#chart-loss .more")
    assert more.inner_text() == "2 more"
    more.press("Enter")
    visit.wait_for("document.querySelectorAll('#chart-loss .scatterlayer .trace').length === 6")
    assert page.locator(NAMES).all_text_contents() == [*few, "0.01", "0.1"]
    assert more.evaluate("(button) => button === document.activeElement && button.textContent") == "less"

    page.locator(".stops").first.press("ArrowLeft")
    visit.wait_for("location.search.includes('learning_rate')")
    visit.finished()
    assert more.get_attribute("aria-expanded") == "true"
    assert page.evaluate(LINES) == 12, "the live run's and, faintly, those of the last"
    more.click()
    visit.wait_for("document.querySelectorAll('#chart-loss .scatterlayer .trace').length === 8")
