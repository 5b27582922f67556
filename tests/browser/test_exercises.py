"""Exercises by hand in a browser: filled in by keyboard, marked in place, a link; on a phone, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app.exercises import exercises
from tests.browser.conftest import Visit
from tests.conftest import Server

DESKTOP, PHONE = {"viewport": {"width": 1280, "height": 800}}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}
both = pytest.mark.parametrize("visit", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
CUT_OFF = """() => [...document.querySelectorAll(".line > *, .line label > *, .given table")]
  .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
  .map((one) => one.textContent)"""
SHEET = "/exercises/lstm-step?seed=7"


def marks(page: Page) -> list[str | None]:
    return [line.get_attribute("data-mark") for line in page.locator(".line").all()]


@both
def test_a_sheet_is_filled_in_by_keyboard_and_marked_in_place(visit: Visit) -> None:
    page = visit.open(SHEET)
    page.locator("#z_f").focus()
    page.keyboard.type("0,46")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Formula: forget gate", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("0.431")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 of 10 lines is right, 8 still to be filled in.")
    assert marks(page)[:3] == ["right", "wrong", "empty"]
    expect(page.locator("#f")).to_be_focused()
    expect(page.locator("#f")).to_have_value("0.431")
    assert page.url.endswith(f"{SHEET}&z_f=0%2C46&f=0.431")
    assert len([url for url in visit.requests if "/exercises/" in url]) == 2, "the page, and its part"
    page.reload()
    assert marks(page)[:3] == ["right", "wrong", "empty"]


@both
def test_a_formula_is_behind_its_question_mark_and_within_the_screen(visit: Visit) -> None:
    page = visit.open("/exercises/precision-recall?seed=7")
    hint = page.locator("#accuracy-help")
    expect(hint).to_be_hidden()
    page.locator("[popovertarget=accuracy-help]").click()
    expect(hint).to_be_visible()
    box = hint.bounding_box()
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= visit.page.viewport_size["width"]  # type: ignore[index]  # it has a size
    page.keyboard.press("Escape")
    expect(hint).to_be_hidden()


@both
def test_the_worked_solution_comes_in_place_and_keeps_what_is_typed(visit: Visit) -> None:
    page = visit.open(SHEET)
    page.locator("#z_f").fill("0.46")
    page.get_by_role("button", name="Show the worked solution").click()
    expect(page.locator(".solution p math").first).to_be_visible()
    expect(page.locator("#z_f")).to_have_value("0.46")
    assert page.url.endswith("&z_f=0.46&solution=1")
    expect(page.get_by_role("button", name="Show the worked solution")).to_have_count(0)


@both
def test_an_answer_that_cannot_be_read_is_told_at_its_line(visit: Visit) -> None:
    page = visit.open(SHEET)
    page.locator("#z_f").fill("abc")
    page.get_by_role("button", name="Mark my answers").click()
    expect(page.locator("#z_f-mark")).to_contain_text("“abc” cannot be read as a number")
    visit.problems.clear()  # the browser itself notes each 422


@both
@pytest.mark.parametrize("name", list(exercises()))
def test_no_sheet_is_wider_than_its_screen(visit: Visit, name: str) -> None:
    page = visit.open(f"/exercises/{name}?seed=7&solution=1")
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CUT_OFF) == []


def test_another_one_is_one_step_away_and_a_topic_leads_here(visit: Visit) -> None:
    page = visit.open(SHEET)
    page.get_by_role("link", name="Another one").click()
    page.wait_for_url("**/lstm-step?seed=8")
    page.get_by_role("link", name="How does an LSTM work?").first.click()
    page.get_by_role("link", name="One step of an LSTM").click()
    page.wait_for_url("**/exercises/lstm-step")


def test_without_script_a_sheet_is_whole(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url + SHEET)
    page.locator("#z_f").fill("0.46")
    page.locator("[popovertarget=z_f-help]").click()
    expect(page.locator("#z_f-help")).to_be_visible()
    page.locator("#z_f").press("Enter")
    expect(page.locator("#z_f-mark")).to_have_text("Right.")
    page.get_by_role("button", name="Show the worked solution").click()
    expect(page.locator("[data-kind=working] p").first).to_contain_text("0.460")
    context.close()
