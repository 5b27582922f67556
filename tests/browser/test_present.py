"""A topic in front of a class: one chart fills the screen, and the keys do the rest."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

GAN = "/topics/gan?present=1"
LETTERS = """() => Math.min(...[...document.querySelectorAll('.chart.shown .plot text')]
  .map((text) => parseFloat(getComputedStyle(text).fontSize)))"""


def shown(visit: Visit) -> str:
    assert visit.page.locator(".chart:visible").count() == 1
    return visit.page.locator(".chart:visible figcaption").inner_text()


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1920, "height": 1080}}], indirect=True)
def test_one_chart_fills_a_projectors_screen(visit: Visit) -> None:
    page = visit.open(GAN)
    visit.finished()
    assert shown(visit)
    box = page.locator(".chart.shown .plot .main-svg").first.bounding_box()
    assert box is not None
    assert box["height"] > 0.65 * 1080
    assert box["width"] > 0.9 * 1920
    deck = page.locator(".deck").bounding_box()
    assert deck is not None
    assert deck["y"] + deck["height"] <= 1080


@pytest.mark.parametrize(
    "visit", [{"viewport": {"width": 390, "height": 844}}, {"viewport": {"width": 768, "height": 1024}}], indirect=True
)
def test_on_an_upright_screen_too_one_chart_has_what_the_player_leaves(visit: Visit) -> None:
    page = visit.open(GAN)
    visit.finished()
    assert shown(visit)
    [drawing, card, deck] = [
        page.locator(each).bounding_box() for each in (".chart.shown .main-svg >> nth=0", ".chart.shown", ".deck")
    ]
    size = page.viewport_size
    assert drawing
    assert card
    assert deck
    assert size
    assert drawing["height"] > 0.4 * size["height"]
    assert drawing["width"] > 0.8 * size["width"]
    assert card["y"] + card["height"] <= deck["y"] + 1
    assert deck["y"] + deck["height"] <= size["height"]


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1280, "height": 800}}], indirect=True)
def test_labels_can_be_read_from_the_last_row(visit: Visit) -> None:
    visit.open(GAN)
    visit.finished()
    assert visit.page.evaluate(LETTERS) >= 24


def test_keys_change_the_chart_the_preset_and_what_is_shown_beside_it(visit: Visit) -> None:
    page = visit.open(GAN)
    visit.finished()
    first = shown(visit)
    page.keyboard.press("ArrowDown")
    second = shown(visit)
    assert second != first
    page.keyboard.press("ArrowUp")
    assert shown(visit) == first
    page.keyboard.press("2")
    assert shown(visit) == second
    page.keyboard.press("]")
    visit.wait_for("document.querySelectorAll('.presets a')[1].matches('[aria-current]')")
    visit.wait_for("document.querySelectorAll('.chart.shown').length === 1")
    assert page.locator(".claims").is_hidden()
    page.keyboard.press("d")
    assert page.locator(".claims").is_visible()
    assert page.locator(".controls").is_visible()


def test_the_question_mark_lists_the_keys_on_any_page(visit: Visit) -> None:
    page = visit.open("/topics/gan")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "play or pause" in dialog.inner_text()
    page.keyboard.press("?")
    assert dialog.is_hidden()
    page.locator("[name=seed]").focus()
    page.keyboard.press("?")
    assert dialog.is_hidden(), "in a field it is a letter like any other"
