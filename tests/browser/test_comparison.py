"""Runs side by side, numbers beside charts, charts as files, and the two ways to show a topic."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.app.events import said
from tests.browser.conftest import Visit
from tests.conftest import Server

RACE = "/topics/learning-rate?demo=race"
SCHEDULES = "/topics/learning-rate?demo=schedules"
PINNED = "[...document.querySelectorAll('.plot')].flatMap(p => p.data ?? []).filter(one => String(one.uid).startsWith('pin-'))"


def pin_and_change(visit: Visit, rate: str) -> None:
    visit.page.get_by_role("button", name="Keep this run").click()
    visit.wait_for("document.querySelectorAll('.pins li').length > 0 && location.search.includes('pin=')")
    visit.page.locator("[name=learning_rate]").fill(rate)
    visit.page.locator("[name=learning_rate]").press("Enter")
    visit.wait_for(f"new URLSearchParams(location.search).get('learning_rate') === '{rate}'")
    visit.finished()
    visit.wait_for(f"{PINNED}.length > 0")


def test_a_pinned_run_stays_beneath_the_next_named_by_what_differs(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    before = page.locator("[name=learning_rate]").input_value()
    pin_and_change(visit, "0.03")
    visit.wait_for(f"document.querySelector('.pins li a').textContent.includes('{before}')")
    faint = page.evaluate(f"() => {PINNED}.map(one => [one.opacity, one.line?.dash ?? 'dash'])")
    assert all(opacity < 1 and dash == "dash" for opacity, dash in faint)


def test_the_link_carries_the_pins_and_a_pin_is_taken_away(visit: Visit) -> None:
    page = visit.open(f"{RACE}&learning_rate=0.03&pin={quote('learning_rate=0.1')}")
    visit.finished()
    visit.wait_for(f"{PINNED}.length > 0")
    page.locator("[data-do=unpin]").click()
    visit.wait_for("!location.search.includes('pin=')")
    visit.wait_for(f"{PINNED}.length === 0 && document.querySelector('.comparison table') === null")


CELLS = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"


def table(visit: Visit) -> dict[str, list[str]]:
    """The comparison's rows by their heads, the first of a head that two charts share, and its column heads under ""."""
    rows = visit.page.locator(".comparison tr").evaluate_all(CELLS)
    return {head: cells for head, *cells in reversed(rows)}


def test_the_table_says_what_was_changed_what_was_measured_and_the_numbers_at_the_end(visit: Visit) -> None:
    page = visit.open(f"{SCHEDULES}&learning_rate=0.03&pin={quote('learning_rate=0.1&seed=2')}")
    visit.finished()
    visit.wait_for("/^[^…]+$/.test(document.querySelector('.comparison').textContent)")
    rows = table(visit)
    assert rows[""] == ["this run", "learning rate 0.1, seed 2"]
    assert rows["learning rate"] == ["0.03", "0.1"]
    assert rows["seed"] == ["0", "2"]
    claims = page.locator(".claims tbody tr").evaluate_all(CELLS)
    for text, measured, _, holds in claims:
        mark = {"holds": " ✓", "does not hold": " ✗", "does not apply": " (does not apply)"}[holds]
        assert rows[text][0] == measured + mark
    line = "(plot) => { const { name, y } = plot.data.find((one) => one.uid?.startsWith('series')); return [name, y.at(-1)]; }"
    series, newest = page.locator(".plot").first.evaluate(line)
    assert float(rows[series][0].replace("−", "-")) == pytest.approx(newest, rel=1e-3)
    assert all(len(cells) in {0, 2} for cells in rows.values())


HELD = """const real = window.fetch;
window.held = null;
window.fetch = async (url, options) => {
  const answer = await real(url, options);
  if (!window.held || !String(url).includes('/stream')) return answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  const cut = text.indexOf('\\n\\n', text.indexOf('event: frame')) + 2;
  const start = async (stream) => {
    stream.enqueue(bytes.slice(0, cut));
    await window.held;
    stream.enqueue(bytes.slice(cut));
    stream.close();
  };
  return new Response(new ReadableStream({ start }), { headers: answer.headers });
};"""
WATCH = """(place) => { window.seen = []; window.held = new Promise((go) => { window.release = go; });
  new MutationObserver(() => window.seen.push(place.textContent)).observe(place, { childList: true }); }"""


@pytest.mark.first_visit
def test_the_table_waits_for_the_live_run_and_never_shows_the_one_before(visit: Visit) -> None:
    """The new run's stream is held up after its first frame: however fast the machine is, there is something to wait for."""
    page = visit.page
    page.add_init_script(HELD)
    visit.open(f"{SCHEDULES}&learning_rate=0.03&pin={quote('learning_rate=0.1')}")
    visit.finished()
    visit.wait_for("/^[^…]+$/.test(document.querySelector('.comparison').textContent)")
    before = page.locator(".comparison").text_content()
    page.locator(".comparison").evaluate(WATCH)
    page.locator("[name=learning_rate]").fill("0.3")
    page.locator("[name=learning_rate]").press("Enter")
    visit.wait_for("window.seen.length > 0 && window.seen.at(-1).includes('…')")
    assert table(visit)["learning rate"] == ["0.3", "0.1"]
    page.evaluate("() => window.release()")
    visit.wait_for("!window.seen.at(-1).includes('…')")
    assert before not in page.evaluate("() => window.seen")


def test_three_runs_are_the_most(visit: Visit) -> None:
    pins = "".join(f"&pin={quote(f'seed={seed}')}" for seed in (1, 2, 3))
    page = visit.open(f"{RACE}{pins}")
    visit.finished()
    assert page.locator(".pins li").count() == 3
    assert page.get_by_role("button", name="Keep this run").is_disabled()


def first_points(server: Server, address: str) -> dict[str, Any]:
    """What the first frame says of every chart: all of it is measured before any training."""
    return next(payload for kind, payload in said(server.get(address.replace("?", "/stream?"))) if kind == "frame")["charts"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("address", [f"{SCHEDULES}&learning_rate=", f"{RACE}&learning_rate="])
def test_runs_that_differ_in_one_control_begin_alike(server: Server, address: str) -> None:
    one, other = (first_points(server, address + rate)["loss"] for rate in ("0.1", "0.03"))
    assert one == other


@pytest.mark.parametrize(
    ("mode", "hidden"),
    [
        ("embed", ["header.site", "footer.site", ".contents", ".topic > .prose"]),
        ("present", ["footer.site", ".topic > .prose", ".short-answer"]),
    ],
)
def test_a_mode_hides_what_is_in_its_way_and_lasts_from_run_to_run(visit: Visit, mode: str, hidden: list[str]) -> None:
    page = visit.open(f"{RACE}&{mode}=1")
    visit.finished()
    if mode == "present":
        assert page.locator(".controls").is_hidden(), "until they are asked for"
        page.keyboard.press("d")
    assert [place for place in hidden if page.locator(place).first.is_visible()] == []
    assert page.locator(".plot .main-svg").first.is_visible()
    page.locator("[name=learning_rate]").fill("0.03")
    page.locator("[name=learning_rate]").press("Enter")
    visit.wait_for(
        f"new URLSearchParams(location.search).get('learning_rate') === '0.03' && location.search.includes('{mode}=1')"
    )
    visit.finished()
    page.get_by_role("link", name="Schedules").click()
    visit.wait_for(f"location.search.includes('demo=schedules') && location.search.includes('{mode}=1')")
    visit.finished()
    page.get_by_role("link", name="The whole page").click()
    visit.wait_for(f"location.search.includes('demo=schedules') && !location.search.includes('{mode}=1')")
    page.locator(".short-answer").wait_for()
    visit.finished()


def test_a_pin_and_a_mode_change_nothing_of_the_run(server: Server) -> None:
    plain, dressed = server.get(f"{RACE}&seed=3").text, server.get(f"{RACE}&seed=3&present=1&pin={quote('seed=4')}").text
    keys = [html.partition('data-key="')[2].partition('"')[0] for html in (plain, dressed)]
    assert keys[0]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("visit", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_the_link_of_a_run_is_copied(visit: Visit, server: Server) -> None:
    page = visit.open(RACE)
    visit.finished()
    link = page.get_by_role("button", name="Copy link")
    address = link.get_attribute("data-url")
    link.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{server.url}{address}"


NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });"


@pytest.mark.first_visit
def test_where_a_browser_gives_no_clipboard_the_old_command_copies(visit: Visit, server: Server) -> None:
    visit.page.add_init_script(
        NO_CLIPBOARD + "document.addEventListener('copy', () => { window.copied = document.activeElement.value; });"
    )
    page = visit.open(RACE)
    visit.finished()
    link = page.get_by_role("button", name="Copy link")
    address = link.get_attribute("data-url")
    link.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => window.copied") == f"{server.url}{address}"
    assert page.evaluate("() => document.activeElement.dataset.do") == "copy"


@pytest.mark.first_visit
def test_where_nothing_may_be_copied_the_button_says_what_to_do(visit: Visit) -> None:
    visit.page.add_init_script(NO_CLIPBOARD + "Document.prototype.execCommand = () => false;")
    page = visit.open(RACE)
    visit.finished()
    page.get_by_label("One frame back").click()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="It is in the address bar").wait_for()
    assert "#frame=" in page.url
