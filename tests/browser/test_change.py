"""What a change did: the last run under the next one, a sentence by the player, runs that are kept, and the moment that stays."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import Visit

SCHEDULES = "/topics/learning-rate?demo=schedules"
TRACES = "[...document.querySelectorAll('.plot')].flatMap((plot) => plot.data ?? [])"
LAST = f"{TRACES}.filter((one) => String(one.uid).startsWith('last-'))"
KEYS = "figure:first-of-type .legend .compared"


def change(visit: Visit, value: str, name: str = "learning_rate") -> None:
    """Until the run at that value has ended and what stands around it has come."""
    field = visit.page.locator(f"[name={name}]")
    field.fill(value)
    field.press("Enter")
    visit.wait_for(f"(new URLSearchParams(location.search).get('{name}') ?? '{value}') === '{value}'")  # a default is left out
    visit.wait_for(f"/[?&]{name}={value}(&|$)/.test(document.querySelector('live-run').getAttribute('src'))")
    visit.finished()


def around(request: Request) -> bool:
    """Whether it asks for what stands around a run."""
    return request.headers.get("hx-target", "").startswith("live-run")


def series(page: Page) -> list[list[Any]]:
    """The live lines of the first chart as they end."""
    return page.locator(".plot").first.evaluate(  # type: ignore[no-any-return]
        "(plot) => plot.data.filter((one) => String(one.uid).startsWith('series-')).map((one) => [...one.y])"
    )


def last_series(page: Page) -> list[list[Any]]:
    return page.locator(".plot").first.evaluate(  # type: ignore[no-any-return]
        "(plot) => plot.data.filter((one) => String(one.uid).startsWith('last-')).map((one) => [...one.y])"
    )


def test_after_a_change_the_last_run_stays_under_the_next_one_without_a_stream_or_an_address_of_its_own(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    before = series(page)
    change(visit, "0.03")
    assert last_series(page) == before, "the very numbers"
    assert page.locator(KEYS).all_inner_texts() == ["last run: learning rate 0.1"]
    assert len([url for url in visit.requests if "/stream?" in url]) == 2, "one a run"
    assert "pin=" not in page.url


def test_a_sentence_by_the_player_says_what_was_changed_and_what_it_did(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    before = series(page)[0][-1]
    assert page.locator(".change span").inner_text() == ""
    change(visit, "0.03")
    said = page.locator(".change span").inner_text()
    told = re.fullmatch(r"Learning rate 0\.1 to 0\.03: loss above its minimum: constant ([\d.]+), before ([\d.]+); .*\.", said)
    assert told, said
    assert float(told[1]) == float(f"{series(page)[0][-1]:.3g}")
    assert float(told[2]) == float(f"{before:.3g}")
    assert page.locator(".deck .change").is_visible()
    assert said in (page.locator(".status .unseen").text_content() or ""), "in the one announcement of the run"


def test_the_claims_say_what_was_measured_before(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    before = page.locator(".claims tbody td:first-of-type").first.inner_text()
    change(visit, "3", name="seed")
    assert page.locator(".claims tbody td:first-of-type small").first.inner_text() == f"before {before}"


def test_a_run_is_not_compared_with_itself(visit: Visit) -> None:
    """A control moved there and back gives the same run to the last digit, and neither a kept nor a last run lies on itself."""
    page = visit.open(f"{SCHEDULES}&pin={quote('seed=0')}")
    visit.finished()
    visit.wait_for("document.querySelector('.keep').disabled")
    first = series(page)
    assert page.locator(".legend .compared, .comparison table").count() == 0
    change(visit, "3", name="seed")
    visit.wait_for(
        f"document.querySelectorAll('{KEYS}').length === 1 && document.querySelector('{KEYS}').textContent === 'seed 0'"
    )
    assert page.evaluate(f"() => {LAST}.length") == 0, "it is kept, and drawn once"
    change(visit, "0", name="seed")
    assert series(page) == first
    visit.wait_for(f"document.querySelector('{KEYS}').textContent === 'last run: seed 3'")


def test_a_kept_run_has_its_dashes_as_long_as_it_is_kept(visit: Visit) -> None:
    page = visit.open(SCHEDULES + "".join(f"&pin={quote(f'seed={seed}')}" for seed in (1, 2)))
    visit.finished()
    dashes = f"""Object.fromEntries({TRACES}.filter((one) => String(one.uid).startsWith('pin-'))
      .map((one) => [one.name.split(' · ').at(-1), one.line.dash]))"""
    visit.wait_for(f"Object.keys({dashes}).length === 2")
    assert page.evaluate(f"() => {dashes}") == {"seed 1": "dash", "seed 2": "dot"}
    page.get_by_role("button", name="Let go: seed 1").click()
    visit.wait_for(f"Object.keys({dashes}).length === 1")
    assert page.evaluate(f"() => {dashes}") == {"seed 2": "dot"}
    page.get_by_role("button", name="Keep this run").click()
    visit.wait_for("document.querySelectorAll('.pins li').length === 2")
    change(visit, "3", name="seed")
    visit.wait_for(f"'seed 0' in {dashes}")
    assert page.evaluate(f"() => {dashes}") == {"seed 2": "dot", "seed 0": "dash"}
    samples = page.locator(f"{KEYS} path").evaluate_all("(all) => all.map((one) => one.getAttribute('stroke-dasharray'))")
    assert samples == page.locator(".pins .line path").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('stroke-dasharray'))"
    )
    assert len(set(samples)) == 2


def test_held_at_a_moment_a_new_run_shows_that_moment(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    page.get_by_role("slider", name="Moment of the training").evaluate(
        "(bar) => { bar.value = 40; bar.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    visit.wait_for("document.querySelector('live-run').dataset.frame === '40'")
    said = page.locator(".readout").inner_text()
    change(visit, "0.03")
    assert page.locator("live-run").get_attribute("data-frame") == "40"
    assert page.locator(".readout").inner_text() == said
    page.get_by_label("To the newest frame").click()
    change(visit, "0.3")
    bar = page.get_by_role("slider", name="Moment of the training")
    assert bar.input_value() == bar.get_attribute("max"), "held at the end, the next run shows its end"


def test_keep_stands_by_the_player(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    boxes = [page.locator(place).bounding_box() for place in (".player", ".keep")]
    assert boxes[0]
    assert boxes[1]
    assert abs(boxes[0]["y"] + boxes[0]["height"] / 2 - boxes[1]["y"] - boxes[1]["height"] / 2) < 4


def test_one_mistake_has_one_message_at_its_field(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    page.locator("[name=learning_rate]").fill("fast")
    page.locator("[name=learning_rate]").press("Enter")
    page.locator("#learning_rate-error").get_by_text("Give a number from").wait_for()
    assert page.get_by_text("“fast”").count() == 1
    assert page.get_by_text(re.compile("not allowed|No run was started")).locator("visible=true").count() == 1
    visit.problems.clear()  # the browser itself notes each 422


def test_a_decimal_comma_is_read_as_a_point_and_the_field_says_so(visit: Visit) -> None:
    page = visit.open(SCHEDULES)
    visit.finished()
    field = page.locator("[name=learning_rate]")
    field.fill("0,03")
    field.press("Enter")
    visit.wait_for("new URLSearchParams(location.search).get('learning_rate') === '0.03'")
    visit.finished()
    assert field.input_value() == "0.03"
    assert page.locator(".slider:has(#learning_rate) .note").inner_text() == "Read 0,03 as 0.03."
    change(visit, "0.3")
    assert page.locator(".note").all_inner_texts() == [""] * page.locator(".note").count()


COUNT = """() => {
  window.drawings = 0;
  const react = Plotly.react;
  Plotly.react = (...said) => (window.drawings += 1, react(...said));
}"""


def test_a_new_run_moves_the_shapes_of_the_last_one_and_has_no_chart_laid_out_anew(visit: Visit) -> None:
    """From a slider to the first new frame there is no time for Plotly: bars without a height ask for none, nor does the page."""
    page = visit.open("/topics/learning-rate?demo=race")
    visit.finished()
    assert None in page.evaluate("() => Array.from(document.querySelector('#chart-accuracy .plot').data.at(-1).y)")
    change(visit, "0.1")  # from here on the last run lies beneath
    page.evaluate(COUNT)
    change(visit, "0.03")
    visit.wait_for("location.search.includes('learning_rate=0.03')")
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert page.evaluate("() => window.drawings") == 0


def test_a_line_that_lies_under_another_is_named_in_the_key(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race&learning_rate=1")
    visit.finished()
    visit.wait_for("document.querySelector('#chart-loss .legend').textContent.includes('same line')")
    assert "1 (same line as yours: 1)" in page.locator("#chart-loss .legend li").all_inner_texts()
    change(visit, "0.3")
    assert "same line" not in page.locator("#chart-loss .legend").inner_text()


CHOSEN = "() => [...document.querySelectorAll('.presets [aria-current]')].map((one) => one.textContent)"


def test_a_preset_is_the_current_one_as_long_as_the_values_are_its_own(visit: Visit) -> None:
    page = visit.open("/topics/gan?demo=ring")
    visit.finished()
    (first,) = page.evaluate(CHOSEN)
    usual = page.locator("[name=seed]").input_value()
    change(visit, "7", "seed")
    visit.wait_for(f"({CHOSEN})().length === 0")
    change(visit, usual, "seed")
    visit.wait_for(f"({CHOSEN})()[0] === {first!r}")


def test_bars_keep_their_width_when_those_of_the_last_run_come_behind_them(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race")
    visit.finished()
    widths = "(chart) => [...chart.querySelectorAll('.trace.bars')].map((one) => one.querySelector('path').getBBox().width)"
    (alone,) = page.locator("[data-chart=accuracy]").evaluate(widths)
    change(visit, "0.1")
    behind, live = page.locator("[data-chart=accuracy]").evaluate(widths)
    assert live == pytest.approx(alone, abs=0.5)
    assert behind > live + 2


@pytest.mark.first_visit
def test_what_a_moved_control_asked_for_comes_to_nothing_once_a_preset_is_chosen(visit: Visit) -> None:
    """The run begins at once, and what stands around it is asked for after it: then the preset may be the newer wish."""
    page = visit.open("/topics/learning-rate?demo=race")
    visit.finished()
    page.route("**/*", lambda route: None if around(route.request) else route.continue_())  # its answer does not come
    with page.expect_request(around):
        page.locator(".stops").first.press("ArrowLeft")
    with page.expect_event("requestfailed", around):
        page.get_by_role("link", name="too high").click()
    visit.wait_for("location.search.includes('learning_rate=10')")
    visit.finished()
    assert page.locator("[name=learning_rate]").input_value() == "10"


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_where_there_are_pictures_the_last_run_can_be_kept_and_the_sentence_takes_one_line(visit: Visit) -> None:
    page = visit.open("/topics/what-is-deep-learning")
    visit.finished()
    keep = page.get_by_role("button", name="Keep the last run")
    assert keep.is_hidden()
    before = page.locator(".keep").get_attribute("data-pin")
    change(visit, "5", "seed")
    assert page.locator(".change").evaluate("(said) => said.offsetHeight") < 40
    keep.click()
    visit.wait_for("document.querySelectorAll('.beside .picture[data-draws]').length > 0")
    assert page.locator("[data-do=unpin]").get_attribute("data-pin") == before
    assert keep.is_hidden()
