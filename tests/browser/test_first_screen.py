"""What is on the screen before anyone scrolls: the chart that makes the point, its player, the presets and two controls."""

from __future__ import annotations

import pytest

from app.topics import topics
from tests.browser.conftest import Visit

every_topic = pytest.mark.parametrize("slug", list(topics()))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ROOM = """(selector) => {
  const { top, bottom, left, right } = document.querySelector(selector).getBoundingClientRect();
  return { top, bottom, left, right };
}"""


def place(visit: Visit, selector: str) -> dict[str, float]:
    """Where an element stands in the window, in CSS pixels."""
    found: dict[str, float] = visit.page.evaluate(ROOM, selector)
    return found


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1280, "height": 800}}], indirect=True)
@every_topic
def test_on_a_laptop_the_main_chart_its_player_the_presets_and_two_controls_need_no_scrolling(visit: Visit, slug: str) -> None:
    visit.open(f"/topics/{slug}")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    player = place(visit, ".player")
    assert player["bottom"] <= 800
    assert place(visit, ".chart .plot")["bottom"] <= player["top"]
    assert place(visit, ".presets")["bottom"] <= 800
    if visit.page.locator(".editor").count():
        assert place(visit, ".editor textarea")["top"] <= 700, "the first lines of the program"
    else:
        assert place(visit, ".control:nth-child(2)")["bottom"] <= 800


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@every_topic
def test_on_a_phone_the_chart_stands_above_a_sheet_with_the_player_presets_and_one_control(visit: Visit, slug: str) -> None:
    visit.open(f"/topics/{slug}")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    sheet = place(visit, ".player")["top"]
    assert place(visit, ".chart .plot")["top"] < sheet - 120, "enough of the chart is seen to know what it shows"
    if visit.page.locator(".editor").count() == 0:
        assert place(visit, ".presets")["bottom"] <= place(visit, ".fields")["top"] <= 844
        assert place(visit, ".control")["bottom"] <= 844
    assert place(visit, "main")["right"] <= 390


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_phone_a_slider_is_moved_while_the_chart_is_seen_and_the_next_control_is_a_swipe_away(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.finished()
    before = page.locator("live-run").get_attribute("data-key")
    page.locator(".stops").first.press("ArrowLeft")
    visit.wait_for(f"document.querySelector('live-run').dataset.key !== '{before}'")
    assert page.evaluate("() => scrollY") == 0
    first, second = place(visit, ".control"), place(visit, ".control:nth-child(2)")
    assert first["left"] < 390 < second["right"]
    page.locator(".fields").evaluate("(fields) => fields.scrollBy({ left: 330, behavior: 'instant' })")
    visit.wait_for("document.querySelector('.control:nth-child(2)').getBoundingClientRect().right <= 390")


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_phone_the_answer_is_folded_and_opens_at_a_touch(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    answer = page.locator(".short-answer p")
    folded = answer.bounding_box()
    page.get_by_role("button", name="The whole answer").click()
    opened = answer.bounding_box()
    assert folded is not None
    assert opened is not None
    assert opened["height"] > 3 * folded["height"]


def test_the_help_of_a_control_is_a_question_mark_away_and_is_said_with_it(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    field, help_text = page.locator("[name=learning_rate]"), page.locator("#learning_rate-help")
    assert help_text.is_hidden()
    assert field.get_attribute("aria-describedby") == "learning_rate-help"
    page.get_by_role("button", name="About your learning rate").click()
    assert help_text.is_visible()
    page.keyboard.press("Escape")
    assert help_text.is_hidden()


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_the_servers_own_page_has_every_slider_at_its_value(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race&learning_rate=0.1&momentum=0&hidden_units=16&seed=0")
    stops = page.locator(".stops[data-for=learning_rate]")
    place, said = stops.get_attribute("value"), (stops.get_attribute("data-stops") or "").split()
    assert said[int(place or 0)] == "0.1"
