"""Runs side by side, numbers beside charts, charts as files, and the two ways to show a topic."""

from __future__ import annotations

from pathlib import Path
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
    visit.page.get_by_role("button", name="Pin this run").click()
    visit.wait_for("document.querySelectorAll('.pins li').length > 0 && location.search.includes('pin=')")
    visit.page.locator("[name=learning_rate]").fill(rate)
    visit.page.locator("[name=learning_rate]").press("Enter")
    visit.wait_for(f"location.search.includes('learning_rate={rate}&')")
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
    assert page.locator(".comparison tbody tr").count() == page.locator(".claims tbody tr").count() + 2
    page.locator("[data-do=unpin]").click()
    visit.wait_for("!location.search.includes('pin=')")
    visit.wait_for(f"{PINNED}.length === 0 && document.querySelector('.comparison table') === null")


def test_three_runs_are_the_most(visit: Visit) -> None:
    pins = "".join(f"&pin={quote(f'seed={seed}')}" for seed in (1, 2, 3))
    page = visit.open(f"{RACE}{pins}")
    visit.finished()
    assert page.locator(".pins li").count() == 3
    assert page.get_by_role("button", name="Pin this run").is_disabled()


def first_points(server: Server, address: str) -> dict[str, Any]:
    """What the first frame says of every chart: all of it is measured before any training."""
    return next(payload for kind, payload in said(server.get(address.replace("?", "/stream?"))) if kind == "frame")["charts"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("address", [f"{SCHEDULES}&learning_rate=", f"{RACE}&learning_rate="])
def test_runs_that_differ_in_one_control_begin_alike(server: Server, address: str) -> None:
    one, other = (first_points(server, address + rate)["loss"] for rate in ("0.1", "0.03"))
    assert one == other


def test_a_run_beside_itself_lies_on_itself(visit: Visit) -> None:
    """Same data, weights and batch order: a control moved there and back gives the same run to the last digit."""
    page = visit.open(f"{SCHEDULES}&pin={quote('seed=0')}&seed=0")
    visit.finished()
    visit.wait_for(f"{PINNED}.length > 0")
    script = """() => [...document.querySelectorAll('.plot')].flatMap((plot) => {
      const pins = plot.data.filter((one) => String(one.uid).startsWith('pin-'));
      const live = (pin) => plot.data.find((one) => one !== pin && pin.uid.endsWith('-' + one.uid));
      return pins.map((pin) => JSON.stringify([...live(pin).y]) === JSON.stringify([...pin.y]));
    })"""
    alike = page.evaluate(script)
    assert alike
    assert all(alike)


def test_the_data_table_holds_the_numbers_of_every_chart(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    button = page.get_by_role("button", name="Data", exact=True)
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("#data table").count() == page.locator(".plot").count()
    first = page.locator("#data tbody tr").first
    newest = page.evaluate(
        "() => { const t = document.querySelector('.plot').data.find(one => one.uid); return [t.y.length, t.name]; }"
    )
    assert first.locator("td").last.inner_text() == str(newest[0])
    page.get_by_label("To the first frame").click()
    visit.wait_for("document.querySelector('#data tbody td:last-child').textContent === '1'")
    button.click()
    assert page.locator("#data").is_hidden()


@pytest.mark.parametrize(("label", "start"), [("PNG", b"\x89PNG\r\n\x1a\n"), ("SVG", b"<svg")])
def test_a_chart_is_saved_as_a_file_named_after_topic_and_chart(visit: Visit, tmp_path: Path, label: str, start: bytes) -> None:
    page = visit.open(RACE)
    visit.finished()
    figure = page.locator("figure.chart").first
    figure.hover()
    with page.expect_download() as coming:
        figure.get_by_text(label, exact=True).click()
    chart = figure.locator(".plot").get_attribute("data-chart")
    assert coming.value.suggested_filename == f"learning-rate-{chart}.{label.lower()}"
    path = tmp_path / "chart"
    coming.value.save_as(path)
    assert path.read_bytes().startswith(start)


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
    assert [place for place in hidden if page.locator(place).first.is_visible()] == []
    assert page.locator(".plot .main-svg").first.is_visible()
    page.locator("[name=learning_rate]").fill("0.03")
    page.locator("[name=learning_rate]").press("Enter")
    visit.wait_for(f"location.search.includes('learning_rate=0.03&') && location.search.includes('{mode}=1')")
    visit.finished()


def test_a_pin_and_a_mode_change_nothing_of_the_run(server: Server) -> None:
    plain, dressed = server.get(f"{RACE}&seed=3").text, server.get(f"{RACE}&seed=3&present=1&pin={quote('seed=4')}").text
    keys = [html.partition('data-key="')[2].partition('"')[0] for html in (plain, dressed)]
    assert keys[0]
    assert keys[0] == keys[1]
