"""Guess, then see: a question before the run, by pointer, keyboard and touch. The run judges, and nothing tells before it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

RACE = "/topics/learning-rate"
ASKED = "/topics/learning-rate?learning_rate=10#guess=rate-10"
DRAWN = "/topics/learning-rate?demo=schedules#guess=constant-rate"
WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
both = pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True)

TOLD_BY_EVENT = "document.addEventListener('guess', (event) => { window.guessed = event.detail; })"


def open_guess(visit: Visit, name: str, address: str = RACE) -> None:
    """Opens it by its link, and waits for the run that it is about, at its first frame."""
    visit.open(address)
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    visit.page.locator(f"a[data-guess={name}]").click()
    held(visit, name)


def held(visit: Visit, name: str) -> None:
    visit.wait_for(
        f"document.querySelector('live-run').getAttribute('src') === document.getElementById('guess-{name}').dataset.src"
        " && document.querySelector('live-run').timeline?.done && document.querySelector('live-run').dataset.frame === '0'"
    )


def verdict(visit: Visit, name: str) -> str:
    """What is said at the end of the run."""
    visit.page.evaluate("() => { document.querySelector('.speed select').value = '0'; }")
    visit.wait_for(f"document.getElementById('guess-{name}').dataset.state === 'told'")
    return visit.page.locator(f"#guess-{name} .verdict").inner_text()


def choose(visit: Visit, name: str, text: str) -> None:
    form = visit.page.locator(f"#guess-{name}")
    form.get_by_role("radio", name=text, exact=True).check()
    form.get_by_role("button", name="Play the run").click()


@both
def test_a_wrong_guess_is_told_what_was_measured_and_why_and_led_to_the_moment_that_shows_it(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    assert visit.page.url.endswith("?learning_rate=10#guess=rate-10")
    choose(visit, "rate-10", "Stay about where it began")
    said = verdict(visit, "rate-10")
    assert "Not so. It is: Blow up." in said
    assert "Measured: the training loss of rate 10 at the end: no finite number." in said
    assert "Each step is far longer" in said
    visit.wait_for("document.querySelector('live-run').dataset.frame !== '0'")
    frame = int(visit.page.locator("live-run").get_attribute("data-frame") or 0)
    assert frame == visit.page.evaluate("() => document.querySelector('live-run').timeline.done.guesses[0].frame")
    assert visit.page.url.endswith(f"#frame={frame}")


@both
def test_a_right_guess_stays_at_the_end_and_can_see_the_moment(visit: Visit) -> None:
    open_guess(visit, "rate-0001")
    choose(visit, "rate-0001", "Not even halfway")
    assert verdict(visit, "rate-0001").startswith("Right. Measured: the training loss of rate 0.001 after 200 steps: 0.")
    last = visit.page.evaluate("() => document.querySelector('live-run').timeline.length - 1")
    assert visit.page.locator("live-run").get_attribute("data-frame") == str(last)
    visit.page.get_by_role("button", name="One frame back").click()
    visit.page.get_by_role("button", name="See the moment").click()
    visit.wait_for(f"document.querySelector('live-run').dataset.frame === '{last}'")
    box = visit.page.locator(".charts").bounding_box()
    assert box is not None
    assert box["y"] < 844


def test_until_the_guess_is_made_nothing_on_the_page_tells_the_answer(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    page = visit.page
    seen = page.locator("main").inner_text()
    for told in ("diverged", "Diverged", "no finite number", "Too low hardly falls", "Each step is far longer", "too high\n"):
        assert told not in seen, told
    page.locator("h1").click()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.evaluate("() => document.querySelector('.player .play').click()")
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert page.locator("live-run").get_attribute("data-frame") == "0"
    assert page.locator(".player").is_hidden()


def test_the_page_as_it_is_sent_holds_no_answer(visit: Visit) -> None:
    html = visit.page.request.get(visit.server.url + ASKED).text()
    assert "Fall even faster than at rate 1" in html
    assert "Each step is far longer" not in html
    assert "The loss leaves for good" not in html


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit.open(ASKED)
    held(visit, "rate-10")
    page.evaluate(f"() => {{ {TOLD_BY_EVENT} }}")
    assert page.evaluate("() => document.activeElement.value") == "0"
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert verdict(visit, "rate-10").startswith("Right.")
    assert page.evaluate("() => window.guessed") == {"demo": "race", "name": "rate-10", "option": 3, "sketch": None}
    page.get_by_role("button", name="Close").press("Escape")
    assert page.evaluate("() => document.activeElement.dataset.guess") == "rate-10"
    assert page.locator("#guess-rate-10").is_hidden()


def test_without_a_choice_nothing_plays(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    visit.page.get_by_role("button", name="Play the run").click()
    assert visit.page.locator("#guess-rate-10").get_attribute("data-state") == "asking"


def test_a_guess_that_is_closed_lets_the_run_play_and_so_does_a_control_that_moves(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    visit.page.get_by_role("button", name="Close").click()
    visit.finished()
    assert visit.page.locator("live-run").get_attribute("data-frame") != "0"
    visit.page.locator("a[data-guess=rate-10]").click()
    visit.wait_for("document.querySelector('live-run').dataset.frame === '0'")
    visit.page.locator(".stops").first.press("ArrowLeft")
    visit.wait_for("!document.querySelector('.guess[data-state]')")
    visit.finished()
    assert visit.page.locator("live-run").get_attribute("data-frame") != "0"


def test_whoever_prevents_the_event_decides_when_the_run_plays(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    page = visit.page
    page.evaluate("() => document.addEventListener('guess', (event) => event.preventDefault())")
    choose(visit, "rate-10", "Blow up")
    assert page.locator("#guess-rate-10").get_attribute("data-state") == "made"
    assert page.locator("live-run").get_attribute("data-frame") == "0"
    main = page.locator('script[src$="/js/main.js"]').get_attribute("src") or ""
    page.evaluate("async (path) => (await import(path)).playGuess()", main.replace("main.js", "guess.js"))
    assert verdict(visit, "rate-10").startswith("Right.")


@both
def test_a_line_is_drawn_by_the_pointer_and_judged_by_the_area_to_the_curve(visit: Visit) -> None:
    page = visit.open(DRAWN)
    held(visit, "constant-rate")
    box = page.locator(".sketch").bounding_box()
    assert box is not None
    page.locator(".sketch").scroll_into_view_if_needed()
    box = page.locator(".sketch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 0.9 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 0.9 * box["height"])
    page.mouse.up()
    heights = page.locator(".sketch circle").evaluate_all("(all) => all.map((one) => Number(one.getAttribute('aria-valuenow')))")
    assert all(abs(height - 10) <= 3 for height in heights), heights
    page.get_by_role("button", name="Play the run").click()
    said = verdict(visit, "constant-rate")
    assert said.startswith("Some way off. The area between your line and the curve is ")
    assert page.locator(".sketch circle").count() == 0
    assert page.locator(".sketch polyline").get_attribute("points"), "it stays, and the curve is drawn under it"


def test_a_line_is_drawn_point_by_point_with_the_arrow_keys_and_the_same_line_gets_the_same_score(visit: Visit) -> None:
    said = []
    for _ in range(2):
        page = visit.open(DRAWN)
        held(visit, "constant-rate")
        points = page.get_by_role("slider", name="loss above its minimum")
        assert points.count() == 7
        first = points.first
        before = first.get_attribute("aria-valuetext")
        first.focus()
        for key in ("ArrowDown", "ArrowRight", "PageDown", "PageDown", "ArrowRight", "PageDown", "PageDown", "PageDown"):
            page.keyboard.press(key)
        assert first.get_attribute("aria-valuetext") != before
        assert page.evaluate("() => document.activeElement.dataset.place") == "2"
        page.get_by_role("button", name="Play the run").click()
        said.append(verdict(visit, "constant-rate"))
        page.goto("about:blank")
    assert said[0] == said[1]
    assert "% of the chart" in said[0]


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_questions_and_options_read_and_lead_to_the_run(visit: Visit) -> None:
    page = visit.open(RACE)
    form = page.locator("#guess-rate-10")
    assert form.get_by_text("Rate 10: what will its training loss do?").first.is_visible()
    assert form.get_by_text("Stay about where it began").is_visible()
    assert form.get_by_role("button").count() == 0
    form.get_by_role("link").click()
    assert page.url.endswith("?learning_rate=10")


def test_a_page_in_a_frame_asks_nothing_and_one_before_a_class_asks_by_a_key(visit: Visit) -> None:
    page = visit.open(f"{RACE}?embed=1")
    assert page.locator(".guesses").count() == 0
    visit.open(f"{RACE}?present=1")
    visit.wait_for("document.querySelector('live-run').hasAttribute('data-frame')")
    assert page.locator(".guesses").is_hidden()
    page.keyboard.press("g")
    held(visit, "rate-10")
    choose(visit, "rate-10", "Blow up")
    assert verdict(visit, "rate-10").startswith("Right.")
    assert "present=1" in page.url


@pytest.mark.first_visit
def test_with_reduced_motion_the_guess_is_judged_at_once(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    open_guess(visit, "rate-10")
    choose(visit, "rate-10", "Blow up")
    visit.wait_for("document.getElementById('guess-rate-10').dataset.state === 'told'")
    assert visit.page.locator("live-run").get_attribute("data-playing") is None


def test_another_demo_is_opened_while_a_guess_is_asked(visit: Visit) -> None:
    open_guess(visit, "rate-10")
    visit.page.locator(".tabs").get_by_text("The edge at 2").click()
    visit.wait_for("document.querySelector('[data-guess=two-point-one]')")
    visit.finished()
    assert visit.page.locator("live-run").get_attribute("data-frame") != "0"
