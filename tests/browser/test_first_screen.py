"""What is on the screen before anyone scrolls, and before the run: what every topic promises of it is in test_topics.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Visit
from tests.browser.places import place
from tests.conftest import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("slug", ["lora", "quantization", "attention"])
def test_on_a_phone_the_first_chart_is_seen_down_to_its_axis_and_its_upright_title_is_whole(visit: Visit, slug: str) -> None:
    visit.open(f"/topics/{slug}")
    visit.wait_for("document.querySelector('.chart .ytitle') !== null")
    plot, title = place(visit, ".chart .plot"), place(visit, ".chart .ytitle")
    assert plot["bottom"] <= place(visit, ".player")["top"]
    assert plot["top"] <= title["top"] <= title["bottom"] <= plot["bottom"]


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


SHIFTS = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: 'layout-shift', buffered: true });"""


def read(visit: Visit, path: str) -> Page:
    """The page once its HTML is here, not waiting for a script that is held."""
    visit.page.goto(visit.server.url + path, wait_until="domcontentloaded")
    return visit.page


@pytest.mark.first_visit
def test_until_its_first_frame_is_drawn_a_still_stands_where_the_chart_will_be_and_nothing_moves_then(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route("**/vendor/plotly-*", hold)
    visit.page.add_init_script(SHIFTS)
    page = read(visit, "/topics/learning-rate")
    visit.wait_for("document.querySelector('live-run').dataset.state === 'finished'")
    plot, still = place(visit, ".plot"), place(visit, ".plot .still")
    assert still == plot, "before the script that draws is here"
    assert page.locator(".still").evaluate("(still) => still.naturalWidth") > 0
    assert page.locator(".training").first.inner_text() == "training …"
    held[0].continue_()
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    assert page.locator(":is(.still, .training)").filter(visible=True).count() == 0
    assert place(visit, ".plot") == plot
    assert page.evaluate("() => window.moved") <= 0.002


@pytest.mark.first_visit
def test_a_still_does_not_pose_as_a_run_with_other_values(visit: Visit) -> None:
    visit.page.route("**/vendor/plotly-*", lambda _: None)
    page = read(visit, "/topics/learning-rate?seed=3")
    assert "The picture is of a run at the default values." in page.locator(".training").first.inner_text()


@pytest.mark.first_visit
def test_on_a_slow_line_the_still_comes_before_what_the_first_paint_does_not_need(visit: Visit, server: Server) -> None:
    """At 400 kbit/s 60 KB take 1.2 s: with the time to draw, the largest paint comes within 1.5 s."""
    line = visit.page.context.new_cdp_session(visit.page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    line.send("Network.emulateNetworkConditions", slow)
    names, received = {}, []
    line.on("Network.requestWillBeSent", lambda said: names.update({said["requestId"]: said["request"]["url"]}))
    line.on("Network.dataReceived", lambda said: received.append((said["requestId"], said["encodedDataLength"])))
    read(visit, "/topics/neural-network")
    visit.wait_for("document.querySelector('.still').complete")
    last = max(place for place, (request, _) in enumerate(received) if "/stills/" in names[request])
    assert sum(size for _, size in received[: last + 1]) <= 60_000


@pytest.mark.parametrize("size", [(844, 390), (640, 400)], ids=["turned", "zoomed"])
@pytest.mark.parametrize("slug", ["learning-rate", "gan", "tensorflow-elements", "what-is-deep-learning"])
def test_on_a_low_screen_the_main_chart_stands_beside_the_controls_and_above_its_player(
    visit: Visit, slug: str, size: tuple[int, int]
) -> None:
    """A phone on its side, and a laptop's page at twice its size."""
    width, height = size
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.open(f"/topics/{slug}")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    plot, player, presets = (place(visit, selector) for selector in (".chart .plot", ".player", ".presets"))
    assert plot["top"] < player["top"] - 100
    assert player["bottom"] <= height
    assert presets["top"] < height
    assert presets["right"] <= plot["left"]
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width
