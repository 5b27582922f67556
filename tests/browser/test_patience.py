"""A visitor past a budget reads so on the page, which asks again by itself and then goes on."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.browser.conftest import Visit

WAIT = {"retry-after": "1", "access-control-expose-headers": "*"}
REFUSAL = '{"message": "This browser tab has started 2 new runs within a minute, the most allowed. Try again in 1 second."}'


def refused_once(visit: Visit, part: str) -> list[str | None]:
    """The first such request is refused; the tab that each names."""
    tabs: list[str | None] = []

    def answer(route: Route) -> None:
        tabs.append(route.request.headers.get("tab"))
        if len(tabs) > 1:
            route.continue_()
        else:
            route.fulfill(status=429, headers=WAIT, content_type="application/json", body=REFUSAL)

    visit.page.route(lambda url: part in url, answer)
    return tabs


def forgive_console(visit: Visit) -> None:
    """Chromium writes every answer of 400 and above on the console."""
    visit.problems[:] = [said for said in visit.problems if "status of 429" not in said]


def test_a_refused_run_is_said_in_words_and_begins_by_itself(visit: Visit) -> None:
    tabs = refused_once(visit, "/stream?")
    visit.open("/topics/learning-rate?seed=31")
    visit.wait_for("document.querySelector('.status .said').textContent.includes('the most allowed')")
    visit.finished()
    assert visit.page.locator(".status .said").inner_text() == ""
    assert len(tabs) == 2
    assert tabs[0] == tabs[1]
    assert len(tabs[0] or "") == 16
    forgive_console(visit)


def test_a_refused_part_leaves_the_page_as_it_is_and_comes_by_itself(visit: Visit) -> None:
    visit.open("/topics/learning-rate?seed=32")
    visit.finished()
    tabs = refused_once(visit, "seed=33")
    visit.page.route(lambda url: "/stream?" in url, lambda route: route.continue_())
    visit.page.locator("[name=seed]").fill("33")
    visit.page.locator("[name=seed]").press("Enter")
    visit.wait_for("document.querySelector('p.patience')?.textContent.includes('asks again in 1 second')")
    assert visit.page.locator("#run .charts").count() == 1
    visit.wait_for("location.search.includes('seed=33')")
    assert visit.page.locator("p.patience").is_hidden()
    assert len(tabs[0] or "") == 16
    visit.finished()
    forgive_console(visit)
