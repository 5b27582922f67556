"""What a page fetches first: on a phone the first picture has the line for itself, a laptop asks for all at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import BEGUN, LAPTOP, Visit

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PICTURE = "**/stills/**"
MODULES = 40  # there are more
PAGE = "/topics/learning-rate"


def begins(visit: Visit) -> list[str]:
    """Opens the page up to where its text has been read; the scripts that it has asked for a moment later."""
    visit.page.goto(visit.server.url + PAGE, wait_until="domcontentloaded")
    visit.page.wait_for_timeout(300)
    return [url.rsplit("/", 1)[1] for url in visit.requests if "/js/" in url and not url.endswith("early.js")]


@pytest.mark.first_visit
@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_phone_asks_for_no_module_before_the_picture_is_painted_and_then_for_all(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route(PICTURE, lambda route: held.append(route))  # noqa: PLW0108  # playwright wraps functions, not methods
    assert begins(visit) == []
    held[0].continue_()
    visit.finished()
    assert sum("/js/" in url for url in visit.requests) > MODULES


@pytest.mark.first_visit
@pytest.mark.parametrize("visit", [LAPTOP], indirect=True)
def test_a_laptop_asks_for_the_modules_with_the_picture(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route(PICTURE, lambda route: held.append(route))  # noqa: PLW0108  # playwright wraps functions, not methods
    assert len(begins(visit)) > MODULES
    visit.finished()
    held[0].continue_()


@pytest.mark.first_visit
@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("refused", [True, False], ids=["refused", "never answered"])
def test_a_phone_begins_without_a_picture_that_does_not_come(visit: Visit, refused: bool) -> None:
    visit.page.route(PICTURE, lambda route: route.abort() if refused else None)
    assert visit.page.goto(visit.server.url + PAGE, wait_until="domcontentloaded")
    visit.wait_for(BEGUN)
    visit.finished()
    visit.problems[:] = [said for said in visit.problems if "Failed to load resource" not in said]
