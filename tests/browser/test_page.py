"""The page around the charts: player, controls, tabs, theme, search, and what happens when something is wrong."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.conftest import Server

RACE = "/topics/learning-rate?demo=race"
STILL = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


def frame(visit: Visit) -> int:
    return int(visit.page.locator("live-run").get_attribute("data-frame") or -1)


def test_the_player_pauses_steps_and_goes_to_both_ends(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.watched()
    last = frame(visit)
    page.get_by_label("One frame back").click()
    visit.wait_for(f"document.querySelector('live-run').dataset.frame === '{last - 1}'")
    assert page.url.endswith(f"#frame={last - 1}")
    page.get_by_label("To the first frame").click()
    visit.wait_for("document.querySelector('.readout').textContent === 'step 0'")
    page.locator(".speed select").select_option("1")
    page.get_by_label("Play", exact=True).click()
    visit.wait_for("Number(document.querySelector('live-run').dataset.frame) > 5")
    page.get_by_label("Pause", exact=True).click()
    held = frame(visit)
    page.wait_for_timeout(200)
    assert frame(visit) == held < last


def test_space_and_arrows_work_wherever_the_focus_rests(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.watched()
    last = frame(visit)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    visit.wait_for(f"document.querySelector('live-run').dataset.frame === '{last - 2}'")
    page.locator(".speed select").select_option("1")
    page.locator(".readout").click()
    page.keyboard.press("Space")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-playing')")


def test_dragging_the_bar_shows_that_moment_in_every_chart(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.locator(".moment").evaluate("bar => { bar.value = 3; bar.dispatchEvent(new Event('input', { bubbles: true })); }")
    visit.wait_for("document.querySelector('live-run').dataset.frame === '3'")
    points = page.evaluate("() => document.querySelector('.plot').data.find(one => one.uid).x.length")
    assert points == 4


def test_a_moment_is_a_link(visit: Visit) -> None:
    visit.open(f"{RACE}#frame=34")
    visit.wait_for("document.querySelector('live-run').dataset.frame === '34'")
    visit.page.wait_for_timeout(300)
    assert frame(visit) == 34


def test_a_faster_speed_plays_faster_and_max_shows_the_newest(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.locator(".speed select").select_option("4")
    page.get_by_label("Play", exact=True).click()
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-playing')")
    visit.watched()
    assert page.locator(".readout").inner_text() == "step 200"


@pytest.mark.parametrize("visit", [STILL], indirect=True)
def test_nothing_plays_by_itself_where_motion_is_unwanted(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.wait_for("document.querySelector('.readout').textContent === 'step 200'")
    assert int(page.locator(".plot").first.get_attribute("data-draws") or 0) <= 3


def test_claims_are_filled_in_from_the_run(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    rows = page.locator(".claims tbody tr")
    assert rows.count() == 4
    assert {row.get_attribute("data-holds") for row in rows.all()} == {"true"}
    assert "at most" in rows.nth(1).inner_text()


def test_dragging_a_slider_gives_the_last_value_and_few_runs(visit: Visit, server: Server) -> None:
    page = visit.open(RACE)
    visit.finished()
    slider = page.locator("form.controls .stops").first
    slider.focus()
    for key in ["ArrowLeft"] * 5 + ["ArrowRight"] * 2:
        slider.press(key)
    value = page.locator("[name=learning_rate]").input_value()
    visit.wait_for(f"new URLSearchParams(location.search).get('learning_rate') === '{value}'")
    visit.finished()
    assert page.locator("live-run").get_attribute("src").count(f"learning_rate={value}&") == 1  # type: ignore[union-attr]


def test_the_plots_stay_the_same_elements_from_run_to_run(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.evaluate("() => { document.querySelector('.plot').mark = true; }")
    page.locator("[name=seed]").fill("4")
    page.locator("[name=seed]").press("Enter")
    visit.wait_for("location.search.includes('seed=4')")
    visit.finished()
    assert page.evaluate("() => document.querySelector('.plot').mark === true")


def test_a_value_that_is_not_allowed_is_explained_at_its_field_and_can_be_mended(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    field = page.locator("[name=learning_rate]")
    field.fill("fast")
    field.press("Enter")
    page.locator("#learning_rate-error").get_by_text("give a number from").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "fast"
    field.fill("0.1")
    field.press("Enter")
    visit.wait_for("new URLSearchParams(location.search).get('learning_rate') === '0.1'")
    visit.finished()
    assert page.get_by_text("give a number from").count() == 0

    visit.open(f"{RACE}&learning_rate=fast")
    assert page.get_by_text("No run was started").is_visible()
    assert [place for place in (".charts", ".deck", ".claims") if page.locator(place).is_visible()] == []
    visit.problems.clear()  # the browser itself notes each 422
    field.fill("0.1")
    field.press("Enter")
    visit.wait_for("document.querySelector('live-run').dataset.frame !== undefined")
    visit.finished()
    assert page.locator(".charts").is_visible()


def test_tabs_and_presets_are_addresses_and_back_returns(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.get_by_role("link", name="Schedules").click()
    visit.wait_for("location.search.includes('demo=schedules')")
    visit.finished()
    page.locator(".presets a:not(.reset)").last.click()
    visit.wait_for("location.search.includes('noise=0.1')")
    visit.finished()
    page.go_back()
    visit.wait_for("!location.search.includes('noise=0.1')")
    visit.wait_for("document.querySelector('[name=noise]').value === '0.5'")
    visit.finished()
    page.go_back()
    visit.wait_for("!location.search.includes('demo=schedules')")
    visit.wait_for("document.querySelector('[data-chart=accuracy]') !== null")
    visit.finished()


def test_the_dice_throws_another_seed(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.evaluate("() => { Math.random = () => 0.123; }")
    page.get_by_label("Another seed").click()
    visit.wait_for("location.search.includes('seed=123')")


def test_the_theme_changes_and_is_remembered(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.get_by_label("Change between light and dark").click()
    visit.wait_for("document.documentElement.dataset.theme === 'dark'")
    visit.wait_for("document.querySelector('.plot').layout.font.color === '#e8e6e0'")
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_searching_narrows_the_catalogue_as_one_types(visit: Visit) -> None:
    page = visit.open("/")
    page.keyboard.press("/")
    page.keyboard.type("warm restarts")
    visit.wait_for("document.querySelectorAll('.card').length < 8")
    assert page.locator(".card[data-slug=learning-rate]").count() == 1


def test_opened_topics_are_marked_in_the_catalogue(visit: Visit) -> None:
    visit.open(RACE)
    page = visit.open("/")
    assert "opened" in (page.locator("[data-slug=learning-rate]").get_attribute("class") or "")


@pytest.mark.first_visit
def test_a_broken_connection_is_taken_up_again_without_loss(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        """const real = window.fetch; let cut = 0;
        window.fetch = async (url, options) => {
          const answer = await real(url, options);
          if (!String(url).includes('/stream') || cut++) return answer;
          const reader = answer.body.getReader();
          const { value } = await reader.read();
          reader.cancel();
          return new Response(value.slice(0, value.length - 7), answer);
        };"""
    )
    visit.open(RACE)
    visit.finished()
    assert page.evaluate("() => document.querySelector('.plot').data.find(one => one.uid).x.length") == 97


@pytest.mark.first_visit
def test_a_hidden_page_holds_no_connection_and_goes_on_when_seen(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => window.away === true, configurable: true }); window.away = true;"
    )
    visit.open(RACE)
    page.wait_for_timeout(500)
    assert not [url for url in visit.requests if "/stream?" in url]
    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    visit.finished()


def test_leaving_the_page_ends_the_run(visit: Visit, server: Server) -> None:
    visit.open(RACE)
    visit.finished()
    visit.page.goto("about:blank")
    assert "viewers 0.0" in server.get("/metrics").text


def test_the_controls_stick_beside_the_charts_and_never_over_the_text_below(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.finished()
    apart = """() => document.querySelector('.contents').getBoundingClientRect().top
      - document.querySelector('.controls').getBoundingClientRect().bottom"""
    for where in (".claims", "#fuller-answer", "#sources"):
        page.evaluate(f"() => document.querySelector('{where}').scrollIntoView()")
        assert page.evaluate(apart) >= 0
