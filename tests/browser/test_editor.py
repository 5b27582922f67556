"""An editor of several lines: its text is the address, Tab leaves it, an error is marked at its line; it works without script."""

from __future__ import annotations

from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest

from tests.browser.conftest import Visit
from tests.browser.places import sees_every_chart

PAGE = "/topics/tensorflow-elements?demo=simulator"
WRONG = "a = tf.constant(2.0)\n\nb = a.numpy()\nc = a * b"
RIGHT = "a = tf.constant(2.0)  # 100 %\nprint(tf.Session().run(a * a + 38))"
ERROR = "Program, line 3: “a.numpy()” is nothing that can be called."
MARKED = "() => getComputedStyle(document.querySelector('.editor textarea')).getPropertyValue('--wrong-line').trim()"


def address(visit: Visit) -> str:
    """The program in the address."""
    return parse_qs(urlsplit(visit.page.url).query)["program"][0]


def typed(visit: Visit, text: str) -> None:
    visit.page.locator(".editor textarea").fill(text)
    visit.page.locator(".editor textarea").press("ControlOrMeta+Enter")


def test_control_and_enter_run_what_was_typed_and_the_link_carries_it(visit: Visit) -> None:
    page = visit.open(PAGE)
    visit.finished()
    typed(visit, RIGHT)
    visit.wait_for("location.search.includes('38')")
    visit.finished()
    assert address(visit) == RIGHT
    assert page.evaluate("() => document.activeElement.matches('textarea')"), "the visitor goes on typing"
    sees_every_chart(visit)
    assert page.locator("samp").inner_text() == "42.0"
    page.reload()
    visit.finished()
    assert page.locator(".editor textarea").input_value() == RIGHT
    assert page.locator("samp").inner_text() == "42.0"


def test_tab_leaves_it_and_leaving_it_runs_it(visit: Visit) -> None:
    page = visit.open(PAGE)
    visit.finished()
    page.locator(".editor textarea").fill(RIGHT)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Run"
    visit.wait_for("location.search.includes('38')")
    visit.finished()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.matches('textarea')")


def test_an_error_stands_at_its_line_and_goes_when_it_is_mended(visit: Visit) -> None:
    page = visit.open(PAGE)
    visit.finished()
    typed(visit, WRONG)
    page.get_by_text(ERROR).wait_for()
    assert page.evaluate(MARKED) == "3"
    assert page.locator(".editor textarea").input_value() == WRONG
    assert page.locator(".editor textarea").get_attribute("aria-invalid") == "true"
    described = page.locator(".editor textarea").get_attribute("aria-describedby")
    assert "program-error" in (described or "")
    typed(visit, RIGHT)
    visit.wait_for("location.search.includes('38')")
    visit.finished()
    assert page.locator("#program-error").inner_text() == ""
    assert page.locator(".editor textarea").get_attribute("aria-invalid") is None
    visit.problems.clear()  # the browser itself notes each 422


def test_a_preset_takes_the_place_of_what_was_typed(visit: Visit) -> None:
    page = visit.open(PAGE)
    visit.finished()
    page.locator(".editor textarea").fill(RIGHT)
    page.get_by_role("link", name="broken: fed another shape").click()
    visit.wait_for("document.querySelector('.editor textarea').value.includes('[5, 6]')")
    visit.wait_for(
        "decodeURIComponent(location.search).includes('[5,')"
    )  # whatever was asked for what was typed comes to nothing
    visit.finished()
    assert address(visit) == page.locator(".editor textarea").input_value()
    assert "Cannot feed value of shape (3, 2)" in page.locator("samp.wrong").first.inner_text()


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_without_script_it_is_sent_and_told_what_is_wrong_at_which_line(visit: Visit) -> None:
    page = visit.open(f"{PAGE}&program={quote_plus(RIGHT)}")
    assert page.locator(".editor textarea").input_value() == RIGHT
    page.locator(".editor textarea").fill(WRONG)
    page.get_by_role("button", name="Run", exact=True).click()
    assert ERROR in page.locator("#program-error").inner_text()
    assert "--wrong-line: 3" in (page.locator(".editor textarea").get_attribute("style") or "")
    assert page.locator(".editor textarea").input_value() == WRONG
    page.locator(".editor textarea").fill("\n" + RIGHT)
    page.get_by_role("button", name="Run", exact=True).click()
    assert page.locator("#program-error").inner_text() == ""
    assert page.locator(".editor textarea").input_value() == "\n" + RIGHT, "lines keep their numbers"
    visit.problems.clear()  # the browser itself notes each 422


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_long_lines_scroll_within_it(visit: Visit) -> None:
    page = visit.open(PAGE)
    visit.wait_for(
        "document.querySelector('.controls') && getComputedStyle(document.querySelector('.controls')).display !== 'none'"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.evaluate(
        "() => { const one = document.querySelector('.editor textarea'); return one.scrollWidth > one.clientWidth; }"
    )
