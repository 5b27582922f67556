"""The search in the browser: what was found, where its links lead, and that it keeps up with typing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit


def test_a_slip_is_forgiven_and_what_was_found_is_ranked_with_a_snippet(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("#search").press_sequentially("vanising gradient")
    page.locator(".count").get_by_text("for “vanising gradient”, read as “vanishing gradient”").wait_for()
    first = page.locator(".hit").first
    assert first.get_attribute("data-slug") == "vanishing-gradients"
    assert first.locator(".snippet mark").count() > 0
    assert page.evaluate("() => location.search") == "?q=vanising%20gradient"


def test_a_follow_up_question_that_was_found_opens_on_its_page(visit: Visit) -> None:
    page = visit.open("/?q=dead+relus+notice+mend")
    page.locator(".hit li", has_text="question").get_by_role("link").first.click()
    page.get_by_role("heading", name="How do you notice and mend dead ReLUs?", level=1).wait_for()
    assert "/follow-up/" in page.url


def test_a_demo_that_was_found_opens_with_its_own_controls(visit: Visit) -> None:
    page = visit.open("/?q=edge+of+stability")
    page.locator(".hit li", has_text="demo").get_by_role("link").first.click()
    visit.wait_for("document.querySelector('.tabs [aria-current]').textContent.includes('edge of stability')")


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_what_was_found_fits_a_phone(visit: Visit) -> None:
    page = visit.open("/?q=gradient")
    assert page.locator(".hit").count() > 3
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


@pytest.mark.timed
def test_an_answer_is_there_soon_after_the_last_letter(visit: Visit) -> None:
    page = visit.open("/?q=warm")
    waits = []
    for letters in ("n", "ne", "net", "network", "loss"):
        page.locator("#search").fill("")
        visit.wait_for("document.querySelectorAll('.hit').length === 0")
        asked = f"""async () => {{
          const field = document.getElementById('search');
          const began = performance.now();
          field.value = '{letters}';
          field.dispatchEvent(new Event('input', {{ bubbles: true }}));
          while (!document.querySelector('.count').textContent.includes('“{letters}”')) await new Promise(requestAnimationFrame);
          return performance.now() - began;
        }}"""
        waits.append(page.evaluate(asked))
    assert sorted(waits)[2] < 400, waits
