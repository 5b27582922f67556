"""A server that is upgraded in the middle of a run: the page begins the run anew, says so, and mixes no frames of two builds."""

from __future__ import annotations

import re

from playwright.sync_api import Route

from tests.app.events import messages
from tests.browser.conftest import Visit

RACE = "/topics/learning-rate?demo=race&seed=77"
ANEW = "The server no longer has the run that this page was reading, so the run has begun anew."


def of_another_build(events: list[bytes]) -> list[bytes]:
    """The same events as another build would name them, at other steps."""
    renamed = [re.sub(rb"^id: \w+:", b"id: 0000feed:", event, flags=re.MULTILINE) for event in events]
    return [re.sub(rb'"step":(\d+)', rb'"step":9\1', event) for event in renamed]


def test_the_run_begins_anew_and_the_page_says_so(visit: Visit) -> None:
    events = messages(visit.server.get(RACE.replace("?", "/stream?")))
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("last-event-id"))
        if len(asked) > 1:
            route.continue_()
        else:  # ten frames of another build, and the connection breaks
            body = b"".join(of_another_build(events[:11]))
            route.fulfill(status=200, content_type="text/event-stream", body=body)

    visit.page.route(lambda url: "/stream?" in url, answer)
    visit.open(RACE)
    visit.finished()
    assert asked == [None, "0000feed:9"]
    status = visit.page.locator(".status .said")
    assert status.inner_text() == ANEW
    assert visit.page.locator(".moment").get_attribute("max") == str(len(events) - 3)
    visit.page.locator("[data-do=first]").click()
    visit.wait_for("document.querySelector('live-run').dataset.frame === '0'")
    assert visit.page.locator(".readout").inner_text().startswith("step 0"), "and no step of the other build"
    visit.page.locator("[name=seed]").fill("78")
    visit.page.locator("[name=seed]").press("Enter")
    visit.wait_for("location.search.includes('seed=78')")
    visit.finished()
    assert status.inner_text() == "", "the next run has no such story"
