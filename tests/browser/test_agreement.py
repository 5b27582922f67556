"""What a page says agrees with itself: after Back and reload, by keyboard, by ear, in contrast themes, right to left."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest
from playwright.sync_api import Page, Route

from app.catalogue import entries
from tests.browser.conftest import Visit

RACE = "/topics/learning-rate?demo=race"
STATE = """() => ({
  form: new URLSearchParams(new FormData(document.getElementById('controls'))).toString(),
  sliders: [...document.querySelectorAll('.stops')].map((range) =>
    [range.dataset.stops.split(' ')[range.value], range.form.elements[range.dataset.for].value]),
  run: document.querySelector('live-run').getAttribute('src').split('?')[1],
})"""


def agrees(page: Page) -> None:
    """Fields, sliders and run say the same."""
    state = page.evaluate(STATE)
    assert state["form"] == state["run"]
    assert all(float(stop) == float(value) for stop, value in state["sliders"])


def test_form_and_run_agree_after_a_refused_value_another_choice_and_back(visit: Visit) -> None:
    page = visit.open("/topics/activation-functions")
    visit.finished()
    field = page.locator(".typed input[name=learning_rate]")
    field.fill("99")
    field.press("Enter")
    page.locator("#learning_rate-error").get_by_text("give a number from").wait_for()
    page.locator("select[name=activation]").select_option("elu")
    visit.wait_for("document.querySelector('live-run').getAttribute('src').includes('elu')")
    page.locator(".speed select").select_option("4")
    page.goto(visit.server.url + "/topics/gan")
    page.go_back()
    visit.wait_for("document.readyState === 'complete' && document.querySelector('live-run').dataset.frame !== undefined")
    agrees(page)
    page.locator("select[name=activation]").select_option("elu")
    visit.wait_for("location.search.includes('activation=elu')")
    page.reload()
    visit.wait_for("document.readyState === 'complete' && document.querySelector('live-run').dataset.frame !== undefined")
    agrees(page)
    assert "activation=elu" in page.evaluate(STATE)["run"]
    visit.problems.clear()  # the browser itself notes each 422


@pytest.mark.first_visit
def test_fields_that_a_browser_fills_in_anew_are_put_back_to_what_the_run_was_made_with(visit: Visit) -> None:
    visit.page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
          for (const range of document.querySelectorAll('.stops')) range.value = range.max;
          for (const typed of document.querySelectorAll('.typed input')) typed.value = '7';
        });"""
    )
    page = visit.open(RACE)
    visit.wait_for("document.readyState === 'complete' && document.querySelector('[name=seed]').value === '0'")
    agrees(page)


def test_the_search_is_in_the_address_and_back_finds_it(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("#search").fill("warm restarts")
    visit.wait_for("document.querySelectorAll('.card').length < 8 && location.search === '?q=warm%20restarts'")
    found = page.locator(".card").count()
    page.locator(".hit h2 a").first.click()
    visit.wait_for("location.pathname.startsWith('/topics/')")
    page.go_back()
    visit.wait_for(f"document.querySelectorAll('.card').length === {found}")
    assert page.locator("#search").input_value() == "warm restarts"
    page.reload()
    assert page.locator(".card").count() == found
    page.locator("#search").fill("")
    visit.wait_for(f"document.querySelectorAll('.card').length === {len(entries())} && location.search === ''")


def test_the_search_takes_curly_quotes_and_hyphens_as_the_texts_have_them(visit: Visit) -> None:
    page = visit.open("/")
    counts = set()
    for typed in ("network's", "network’s"):
        page.locator("#search").fill(typed)
        page.locator(".count").get_by_text(f"for “{typed}”").wait_for()
        counts.add(page.locator(".card").count())
    assert len(counts) == 1
    assert 0 not in counts


@pytest.mark.first_visit
def test_a_double_click_on_a_preset_or_tab_is_one_step_in_the_history(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.finished()
    before = page.evaluate("history.length")
    page.get_by_role("link", name="too low").dblclick()
    visit.wait_for("document.querySelector('.presets [aria-current]')?.textContent === 'too low'")
    visit.finished()
    page.get_by_role("link", name="too low").click()
    page.wait_for_timeout(500)
    assert page.evaluate("history.length") == before + 1


def scrolled_by(page: Page, key: str) -> int:
    before = page.evaluate("scrollY")
    page.keyboard.press(key)
    page.wait_for_timeout(500)
    return int(page.evaluate("scrollY") - before)


PLAYS = "() => document.querySelector('live-run').hasAttribute('data-playing')"


def test_in_the_prose_space_scrolls_and_the_run_out_of_sight_rests(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    frame = page.locator("live-run").get_attribute("data-frame")
    page.locator("#fuller-answer").scroll_into_view_if_needed()
    page.evaluate("() => document.querySelector('#fuller-answer').scrollIntoView()")
    assert scrolled_by(page, "Space") > 100
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(PLAYS) is False
    assert page.locator("live-run").get_attribute("data-frame") == frame
    assert scrolled_by(page, "Shift+Space") < -100
    page.evaluate("() => document.querySelector('.charts').scrollIntoView()")
    assert scrolled_by(page, "Shift+Space") < 0, "with a modifier the key is the browser's, in sight of the charts too"
    page.evaluate("() => document.querySelector('.charts').scrollIntoView()")
    page.locator(".speed select").select_option("0.25")
    page.locator("figcaption").first.click()
    assert scrolled_by(page, "Space") == 0
    assert page.evaluate(PLAYS) is True


def test_slash_begins_a_search_in_the_catalogue_alone_and_can_be_switched_off(visit: Visit) -> None:
    active = "() => document.activeElement.name ?? ''"
    page = visit.open(RACE)
    page.keyboard.press("/")
    assert page.evaluate(active) == ""
    page = visit.open("/")
    page.keyboard.press("/")
    assert page.evaluate(active) == "q"
    page.get_by_label("“/” begins a search").uncheck()
    page.keyboard.press("/")
    assert page.evaluate(active) != "q"
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate(active) != "q"
    assert page.locator("#search").get_attribute("aria-keyshortcuts") is None
    page.get_by_label("“/” begins a search").check()
    page.keyboard.press("/")
    assert page.evaluate(active) == "q"


LIVE = "output, progress, [aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log], [role=timer]"
LISTEN = f"""() => {{
  window.said = [];
  const hear = (element) => new MutationObserver(() => said.push(element.textContent.trim()))
    .observe(element, {{ childList: true, characterData: true, subtree: true }});
  document.querySelectorAll('{LIVE}').forEach(hear);
}}"""


def test_of_a_run_a_screen_reader_is_told_once_at_its_end_how_it_ended(visit: Visit) -> None:
    page = visit.open(f"{RACE}&seed=6")
    page.evaluate(LISTEN)
    visit.watched()
    (said,) = [words for words in page.evaluate("said") if words]
    first = page.locator(".claims tbody tr").first
    claim, number = first.locator("th").inner_text().removesuffix("."), first.locator("td").first.inner_text()
    assert re.match(r"Run finished after \d+ steps; (\d) of \1 claims hold\. ", said)
    assert f" hold. {claim}: {number}. " in said, "with the numbers of the claims that matter"
    assert page.locator(".status [role=status]").text_content() == said
    assert len(page.evaluate("said")) <= 2


@pytest.mark.parametrize("visit", [{"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"}], indirect=True)
def test_in_a_contrast_theme_what_is_chosen_looks_chosen_and_sliders_have_tracks(visit: Visit) -> None:
    page = visit.open("/topics/vanishing-gradients")
    visit.finished()
    look = """(all) => all.map((one) => { const style = getComputedStyle(one);
      return [style.backgroundColor, style.color, style.borderColor, style.textDecorationLine].join(); })"""
    chosen = set(page.locator(".segments input:checked + span").evaluate_all(look))
    others = set(page.locator(".segments input:not(:checked) + span").evaluate_all(look))
    assert len(chosen) == len(others) == 1
    assert chosen.isdisjoint(others)
    tab = "(all) => all.map((one) => getComputedStyle(one).borderBottomStyle)"
    current, rest = (page.locator(f".tabs a{which}").evaluate_all(tab) for which in ("[aria-current]", ":not([aria-current])"))
    assert set(current).isdisjoint(rest)
    for slider in (".stops", ".moment"):
        track = page.locator(slider).first
        assert colours_along(page, slider) >= 3, f"the ground, and the track before and after the thumb of {track}"
    mark = page.locator(".legend .line, .legend .dot, .legend .square").first
    assert mark.evaluate("(one) => getComputedStyle(one).forcedColorAdjust") == "none"
    page.locator(".stops").first.focus()
    assert page.locator(".stops").first.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


COLOURS = """async (png) => {
  const image = Object.assign(new Image(), { src: 'data:image/png;base64,' + png });
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.slice(at, at + 3).join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 60).length;
}"""


def colours_along(page: Page, slider: str) -> int:
    """How many colours a slider has that cover more than a line's end."""
    png = b64encode(page.locator(slider).first.screenshot()).decode()
    return int(page.evaluate(COLOURS, png))


def turned(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('<html lang="en"', '<html lang="ar" dir="rtl"', 1))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=nothing+at+all",
        "/topics/learning-rate",
        "/topics/what-is-deep-learning",
        "/topics/nothing",
        "/topics/learning-rate?embed=1",
        "/topics/learning-rate?present=1",
    ],
)
def test_a_page_that_is_turned_right_to_left_fits_the_window_and_its_charts_do_not_turn(
    visit: Visit, path: str, width: int
) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 800})
    page.route(visit.server.url + path, turned)
    visit.open(path)
    assert page.evaluate("() => document.documentElement.dir") == "rtl"
    if page.locator(".charts").is_visible():
        page.locator(".charts").scroll_into_view_if_needed()
        visit.finished()
        overlap = """() => [...document.querySelectorAll('.plot')].every((plot) => {
          const title = plot.querySelector('.ytitle')?.getBoundingClientRect();
          const ticks = [...plot.querySelectorAll('.ytick text')].map((tick) => tick.getBoundingClientRect());
          return !title || ticks.every(({ left }) => title.right <= left + 1);
        })"""
        assert page.evaluate(overlap)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width, "with the skip link in sight"
    visit.problems.clear()  # the browser itself notes a 404
