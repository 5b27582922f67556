"""Charts are read: by the pointer at a step, by keys point by point, aloud; and a click goes to the moment that it shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.places import sees_every_chart
from tests.browser.test_clicks import pixel

RACE = "/topics/learning-rate?demo=race"
BY_LAYER = "/topics/vanishing-gradients?demo=initialization"
SAMPLES = "/topics/batch-vs-stochastic?demo=clocks"
TOUCH = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAYOUTS = """() => { window.relaid = 0; window.shifted = 0;
  for (const name of ['relayout', 'react', 'restyle', 'update'])
    { const draw = Plotly[name]; Plotly[name] = (...all) => { window.relaid += 1; return draw(...all); }; }
  const sum = (list) => list.getEntries().forEach((one) => { window.shifted += one.value; });
  new PerformanceObserver(sum).observe({ type: 'layout-shift' });
}"""


def point_at(page: Page, chart: str, x: float, y: float) -> None:
    """The pointer goes there and rests."""
    page.mouse.move(*pixel(page, chart, x, y))


def box(page: Page, chart: str) -> dict[str, str]:
    """What the box beside the crosshair says: its head under "", and each series with its number."""
    place = page.locator(f"#chart-{chart} .box")
    place.wait_for(state="visible")
    rows = place.locator("li").evaluate_all(
        "(all) => all.map((one) => [...one.querySelectorAll('span, b')].map((cell) => cell.textContent))"
    )
    return {"": place.locator(".head").inner_text()} | dict(rows)


def moment(page: Page) -> str:
    return page.locator(".readout").inner_text()


def spoken(page: Page) -> str:
    return page.locator(".status .read").text_content() or ""


def test_the_pointer_at_a_step_shows_every_series_there_in_the_words_of_the_chart(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    run = page.evaluate("() => fetch(location.pathname + '/run.json').then((answer) => answer.json())")
    frame = next(one for one in run["frames"] if one["step"] >= 100)
    point_at(page, "loss", frame["step"], 1)
    said = box(page, "loss")
    assert said[""] == f"step {frame['step']}"
    assert page.locator("#chart-loss .box .note").first.inner_text() == "training loss"
    seen = [line["uid"] for line in run["charts"]["loss"]["data"] if line.get("visible") != "legendonly"]
    added = frame["charts"]["loss"]["append"]
    points = [added[uid][1] for uid in seen if added[uid][1] is not None]
    numbers = [float(number.replace(",", "")) for name, number in said.items() if name]
    assert sorted(numbers) == pytest.approx(sorted(points), rel=1e-3)
    assert page.locator("#chart-loss .hoverlayer .hovertext").count() == 0, "Plotly's own is replaced"


def test_a_click_goes_to_the_moment_and_back_again_to_one_that_the_line_has_not_reached(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    for step in (50, 150):
        point_at(page, "loss", step, 1)
        head = box(page, "loss")[""]
        assert abs(int(head.removeprefix("step ")) - step) <= 3
        assert ("later in this run" in page.locator("#chart-loss .box").inner_text()) is (step == 150)
        page.mouse.click(*pixel(page, "loss", step, 1))
        visit.wait_for(f"document.querySelector('.readout').textContent === '{head}'")
        assert re.search(r"#frame=\d+$", page.url)


@pytest.mark.parametrize(("address", "chart", "x", "y"), [(BY_LAYER, "gradient", 5, 0.1), (SAMPLES, "samples", 100, 0.1)])
def test_where_the_axis_is_not_the_trainings_a_click_does_nothing(
    visit: Visit, address: str, chart: str, x: float, y: float
) -> None:
    page = visit.open(address)
    visit.finished()
    before = page.url, moment(page)
    page.mouse.click(*pixel(page, chart, x, y))
    said = box(page, chart)
    assert len(said) >= 3
    assert "click" not in page.locator(f"#chart-{chart} .box").inner_text()
    assert (page.url, moment(page)) == before


def test_a_chart_that_takes_clicks_keeps_their_meaning_and_shows_what_is_there(visit: Visit) -> None:
    page = visit.open("/topics/overfitting-and-underfitting?demo=capacity")
    visit.finished()
    before = moment(page)
    point_at(page, "fit", 0.5, 0)
    assert "true wave" in box(page, "fit")
    page.mouse.click(*pixel(page, "fit", 0.5, 0))
    visit.wait_for("document.querySelector('[name=added]').value !== ''")
    assert moment(page) == before


def test_the_crosshair_asks_plotly_for_nothing_and_moves_nothing(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    point_at(page, "loss", 20, 1)
    page.evaluate(LAYOUTS)
    for step in range(20, 180, 4):
        point_at(page, "loss", step, 1)
    assert box(page, "loss")[""].startswith("step 17")
    assert page.evaluate("[relaid, shifted]") == [0, 0]


def test_the_crosshair_follows_a_run_that_plays_and_one_that_lies_beneath(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.locator(".stops").first.press("ArrowLeft")
    visit.wait_for("/[?&]learning_rate=/.test(location.search)")
    visit.finished()
    point_at(page, "loss", 100, 1)
    said = box(page, "loss")
    assert [name for name in said if "last run" in name]
    assert page.locator("#chart-loss .box li.faint").count() == len([name for name in said if "last run" in name])


@pytest.mark.parametrize("visit", [TOUCH], indirect=True)
def test_a_finger_reads_too_and_a_touch_elsewhere_takes_the_box_away(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.touchscreen.tap(*pixel(page, "loss", 100, 1))
    assert box(page, "loss")[""].startswith(("step 9", "step 10"))
    page.locator("h1").tap()
    page.locator("#chart-loss .box").wait_for(state="hidden")


@pytest.fixture
def race(visit: Visit) -> Page:
    """The race at its end, its first chart reached by the tab key."""
    page = visit.open(RACE)
    visit.finished()
    page.locator("#chart-loss .more").focus()
    page.keyboard.press("Tab")
    return page


def test_the_arrow_keys_read_a_chart_point_by_point_and_leave_the_player_alone(visit: Visit, race: Page) -> None:
    before = moment(race)
    assert race.evaluate("() => document.activeElement.matches('#chart-loss .plot')")
    assert race.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    race.keyboard.press("Home")
    assert re.fullmatch(r"0\.001 1\.\d+, step 0", spoken(race))
    race.keyboard.press("ArrowRight")
    assert re.fullmatch(r"step 1, 0\.001 1\.\d+", spoken(race))
    race.keyboard.press("ArrowDown")
    assert re.fullmatch(r"1 \d\.\d+, step 1", spoken(race)), "the next line that is seen"
    race.keyboard.press("End")
    assert spoken(race).startswith("step 200, 1 0.")
    race.keyboard.press("ArrowUp")
    assert spoken(race).startswith("0.001 0.")
    assert moment(race) == before
    race.keyboard.press("Home")
    race.keyboard.press("Enter")
    visit.wait_for("document.querySelector('.readout').textContent === 'step 0'")


def test_off_the_charts_the_arrow_keys_are_the_players_also_after_a_click_on_one(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.mouse.click(*pixel(page, "loss", 100, 1))
    visit.wait_for("document.querySelector('.readout').textContent !== 'step 200'")
    frame = int(page.locator("live-run").get_attribute("data-frame") or "")
    page.keyboard.press("ArrowRight")
    visit.wait_for(f"document.querySelector('live-run').dataset.frame === '{frame + 1}'")


@pytest.mark.parametrize(
    ("address", "chart", "keys", "said"),
    [
        (RACE, "accuracy", ["Home", "ArrowRight"], r"learning rate 0\.01, test accuracy [\d.]+"),
        ("/topics/gan", "shop", ["Home", "ArrowDown"], r"\S.* .*"),
        ("/topics/cnn-layers", "maps", ["Home", "ArrowRight", "ArrowDown"], r"\S.* −?[\d.e−]+, .*"),
        ("/topics/neural-network", "network", ["Home", "ArrowRight"], r"\S.*"),
    ],
)
def test_charts_of_every_kind_are_read_by_keys(visit: Visit, address: str, chart: str, keys: list[str], said: str) -> None:
    page = visit.open(address)
    visit.finished()
    page.locator(f"#chart-{chart} .plot").focus()
    heard = set()
    for key in keys:
        page.keyboard.press(key)
        heard.add(spoken(page))
    assert re.fullmatch(said, spoken(page)), heard
    assert len(heard) == len(keys), "each key says something new"
    page.keyboard.press("Escape")
    page.locator(f"#chart-{chart} .box").wait_for(state="hidden")


def test_in_front_of_a_class_a_focused_chart_is_read_and_does_not_give_way(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?present=1")
    visit.finished()
    shown = page.locator(".chart.shown").get_attribute("id")
    page.locator(".chart.shown .plot").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert spoken(page).startswith("1 ")
    assert page.locator(".chart.shown").get_attribute("id") == shown


LABELS = """() => [...document.querySelectorAll('.chart .plot.along')].map((plot) => {
  const chart = plot.closest('.chart');
  const { xaxis, yaxis } = plot._fullLayout;
  const { left, top } = plot.getBoundingClientRect();
  const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((one) => linear(one / 255))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const paper = luminance(getComputedStyle(chart).backgroundColor);
  const room = [left + xaxis._offset, top + yaxis._offset];
  const legend = [...chart.querySelectorAll('.legend li:not(.compared, :has(.more))')];
  return {
    room: [...room, room[0] + xaxis._length, room[1] + yaxis._length],
    labels: [...plot.querySelectorAll('.ends text')].map((one) => {
      const box = one.getBoundingClientRect();
      const [low, high] = [paper, luminance(getComputedStyle(one).fill)].sort((a, b) => a - b);
      return { name: one.textContent, box: [box.left, box.top, box.right, box.bottom], contrast: (high + 0.05) / (low + 0.05) };
    }),
    legend: legend.filter((one) => getComputedStyle(one).visibility === 'visible').map((one) => one.textContent),
    names: plot.data.filter((one) => one.name && one.showlegend !== false && !one.z).map((one) => one.name),
  };
})"""


@pytest.mark.parametrize(
    "visit",
    [{"viewport": {"width": 1280, "height": 800}, "color_scheme": theme} for theme in ("light", "dark")],
    indirect=True,
    ids=["light", "dark"],
)
@pytest.mark.parametrize(
    "address", [RACE, "/topics/boltzmann-machine", "/topics/vanishing-gradients?demo=training", "/topics/activation-functions"]
)
def test_at_rest_names_stand_at_the_ends_of_lines_where_they_fit_and_the_legend_has_the_rest(visit: Visit, address: str) -> None:
    page = visit.open(address)
    sees_every_chart(visit)
    visit.finished()
    charts = page.evaluate(LABELS)
    assert sum(len(chart["labels"]) for chart in charts) >= 2
    for chart in charts:
        left, top, right, bottom = chart["room"]
        boxes = [label["box"] for label in chart["labels"]]
        assert all(one[0] >= left - 1 and one[1] >= top - 3 and one[2] <= right + 1 and one[3] <= bottom + 3 for one in boxes)
        assert not any(overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
        assert all(label["contrast"] >= 4.5 for label in chart["labels"])
        named = chart["names"] if len(chart["names"]) > 1 else []
        legend = [name.partition(" (same line as ")[0] for name in chart["legend"]]
        assert sorted([*legend, *(label["name"] for label in chart["labels"])]) == sorted(named), "each line once"


def overlap(one: list[float], other: list[float]) -> bool:
    """Whether two boxes share more than their edges: the room that a font keeps above its letters is nobody's."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0 and high > 3


def test_while_lines_move_the_legend_has_all_names(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    assert page.locator("#chart-loss .ends text").count() >= 2
    page.locator(".speed select").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    visit.wait_for("document.querySelectorAll('#chart-loss .ends text').length === 0")
    assert page.locator("#chart-loss .legend [data-at-end]").count() == 0
    page.get_by_role("button", name="Pause").click()
    visit.wait_for("document.querySelectorAll('#chart-loss .ends text').length > 0")
    page.set_viewport_size({"width": 1100, "height": 800})
    visit.wait_for("document.querySelector('#chart-loss .plot').clientWidth < 350")
    visit.wait_for("document.querySelectorAll('#chart-loss .ends text').length > 0")


def link(page: Page, words: str) -> None:
    """Follows a link of the prose."""
    page.locator(".prose a", has_text=words).first.click()


OPACITIES = """(chart) => Object.fromEntries(document.querySelector(`#chart-${chart} .plot`).data
  .filter((one) => one.name && one.showlegend !== false).map((one) => [one.name, one.opacity ?? 1]))"""


def test_a_link_in_the_prose_sets_slider_and_moment_in_place_and_lights_the_series_until_the_next_action(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate")
    visit.finished()
    page.evaluate("() => { window.same = true; }")
    link(page, "Enter the race with a rate of 10")
    visit.wait_for("document.querySelector('.readout').textContent === 'step 3'")
    assert page.evaluate("() => window.same"), "without loading the page anew"
    assert page.url.endswith("/topics/learning-rate?learning_rate=10#step=3&light=yours%3A%2010")
    assert page.locator("[name=learning_rate]").input_value() == "10"
    visit.wait_for("document.querySelector('live-run').dataset.lit === 'yours: 10'")
    visit.wait_for("document.querySelector('#chart-loss .plot').data.some((one) => one.opacity < 0.3)")
    seen = page.evaluate(OPACITIES, "loss")
    assert {name for name, opacity in seen.items() if opacity == 1} == {"yours: 10"}
    assert page.locator("#chart-loss .legend li.faint").count() == len(seen) - 1
    assert page.locator(".charts").evaluate("(one) => one.getBoundingClientRect().bottom > 0"), "the charts come into sight"
    page.get_by_role("button", name="One frame forward").click()
    faint = "one.showlegend !== false && one.opacity < 0.3"
    visit.wait_for(f"!document.querySelector('#chart-loss .plot').data.some((one) => {faint})")
    page.go_back()
    visit.wait_for("!location.search && document.querySelector('[name=learning_rate]').value === '0.3'")


def test_such_a_link_is_an_address_like_any_other(visit: Visit) -> None:
    page = visit.open("/topics/cost-function?output_bias=-6.0#step=80&light=squared%20error")
    visit.wait_for("document.querySelector('.readout').textContent.startsWith('step 8')")
    assert page.evaluate(OPACITIES, "accuracy")["squared error"] == 1
    assert page.evaluate(OPACITIES, "accuracy")["cross-entropy"] < 0.3
    assert page.locator("live-run").get_attribute("data-playing") is None
    page.reload()
    visit.wait_for("document.querySelector('.readout').textContent.startsWith('step 8')")


def test_a_link_to_another_demo_brings_its_charts_and_one_to_the_run_on_the_page_asks_for_nothing(visit: Visit) -> None:
    page = visit.open("/topics/hyperparameters?demo=random-search")
    visit.finished()
    link(page, "The same 63 trials in random order")
    visit.wait_for("document.querySelector('.readout').textContent === 'step 10'")
    assert page.locator("#chart-search").count() == 1
    page.get_by_role("button", name="To the newest frame").click()
    asked = len(visit.requests)
    link(page, "The same 63 trials in random order")
    visit.wait_for("document.querySelector('.readout').textContent === 'step 10'")
    assert visit.requests[asked:] == []


WIDE = [{"viewport": {"width": width, "height": height}} for width, height in ((1400, 900), (1920, 1080))]


@pytest.mark.parametrize("visit", WIDE, indirect=True, ids=["1400", "1920"])
@pytest.mark.parametrize("path", ["/topics/learning-rate", "/topics/tensorflow-elements"])
def test_on_a_wide_screen_the_main_chart_and_its_player_stay_beside_the_text(visit: Visit, path: str) -> None:
    page = visit.open(path)
    visit.finished()
    high = page.evaluate("() => innerHeight")
    for place in ("#fuller-answer", "#try-this", "#follow-up"):
        page.locator(place).evaluate("(one) => one.scrollIntoView()")
        page.locator(f"{place} h2").evaluate("(one) => one.scrollIntoView()")
        text, chart, player = (corners(page, one) for one in (place, ".chart .plot", ".player"))
        assert text["right"] <= chart["left"]
        assert 0 <= chart["top"] <= player["top"] - 120
        assert player["bottom"] <= high
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    before = page.evaluate("() => scrollY")
    page.keyboard.press("Space")
    visit.wait_for(f"scrollY > {before}")
    assert page.locator("live-run").get_attribute("data-playing") is None, "in the text the space key scrolls"


def corners(page: Page, selector: str) -> dict[str, float]:
    """Where the first such element stands in the window."""
    found: dict[str, float] = page.locator(selector).first.evaluate("(one) => one.getBoundingClientRect().toJSON()")
    return found
