"""What is taken away of a chart, from a menu of one button: a picture that explains itself, and its numbers."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Visit
from tests.conftest import Server

RACE = "/topics/learning-rate?demo=race"
GRAPH = "/topics/computational-graph?demo=expression"
DARK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#1b1e23"


def saved(chart: Locator, choice: str, *, dark: bool = False) -> tuple[str, bytes]:
    """Name and bytes of what a choice of a chart's menu saves."""
    chart.locator("summary").click()
    if dark:
        chart.get_by_label("on dark paper").check()
    with chart.page.expect_download() as coming:
        chart.get_by_role("button", name=choice).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def texts(svg: bytes) -> str:
    """All that stands in a drawing."""
    return " ".join(ET.fromstring(svg).itertext())  # noqa: S314  # our own


def test_a_chart_has_one_button_whose_menu_closes_by_escape_by_a_choice_and_by_a_click_elsewhere(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    chart = page.locator(".chart").first
    assert chart.locator("summary, button:not(.legend *)").filter(visible=True).count() == 1
    choices = chart.locator(".choices")
    chart.locator("summary").focus()
    page.keyboard.press("Enter")
    choices.wait_for()
    page.keyboard.press("Escape")
    assert choices.is_hidden()
    assert page.evaluate("() => document.activeElement.matches('.chart summary')")
    chart.locator("summary").click()
    page.locator(".chart summary").nth(1).click()
    assert page.locator(".choices").filter(visible=True).count() == 1, "one menu at a time"
    page.locator("h1").click()
    assert page.locator(".choices").filter(visible=True).count() == 0
    assert saved(chart, "Drawing")[0] == "learning-rate-loss.svg"
    assert choices.is_hidden()


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_touch_screen_the_button_is_large_enough_to_hit_and_takes_no_room_of_the_picture(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    chart = page.locator(".chart").first
    button, plot = chart.locator("summary").bounding_box(), chart.locator(".plot").bounding_box()
    assert button
    assert plot
    assert min(button["width"], button["height"]) >= 24
    assert button["y"] + button["height"] <= plot["y"] + 1
    chart.locator("summary").tap()
    menu = chart.locator(".choices").bounding_box()
    assert menu
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= 390


@pytest.mark.parametrize("visit", [DARK], indirect=True)
@pytest.mark.parametrize("path", [RACE, GRAPH])
def test_a_picture_says_what_it_shows_with_which_values_and_where_on_light_paper(visit: Visit, server: Server, path: str) -> None:
    page = visit.open(path)
    visit.finished()
    chart = page.locator(".chart:has(.plot:not([data-kind=working]))").first
    name, svg = saved(chart, "Drawing")
    assert (
        name
        == f"{path.split('?', maxsplit=1)[0].removeprefix('/topics/')}-{chart.locator('.plot').get_attribute('data-chart')}.svg"
    )
    told = re.sub(r"\s+", "", texts(svg))
    address = page.locator("[data-do=copy]").get_attribute("data-url")
    values, title = page.locator(".sheet").text_content(), chart.locator("figcaption").text_content()
    readout = page.locator(".readout").text_content()
    legend = chart.locator(".legend li[aria-hidden]").all_text_contents()
    assert legend
    for said in (title, *legend, values, f"At {readout}.", f"{server.url}{address}"):
        assert re.sub(r"\s+", "", said or "") in told, said
    assert b"var(--" not in svg
    assert page.evaluate("() => document.documentElement.dataset.theme") is None, "the page keeps its theme"
    first = ET.fromstring(svg)[0]  # noqa: S314  # our own
    assert first.get("fill") == LIGHT_PAPER
    _, dark = saved(chart, "Drawing", dark=True)
    assert ET.fromstring(dark)[0].get("fill") == DARK_PAPER  # noqa: S314  # our own


def test_a_picture_of_a_moment_links_to_the_moment(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    page.get_by_label("One frame back").click()
    visit.wait_for("location.hash.startsWith('#frame=')")
    frame = page.evaluate("() => location.hash")
    assert frame in re.sub(r"\s+", "", texts(saved(page.locator(".chart").first, "Drawing")[1]))


@pytest.mark.parametrize("path", [RACE, GRAPH])
def test_a_picture_has_twice_the_pixels_of_the_drawing(visit: Visit, path: str) -> None:
    page = visit.open(path)
    visit.finished()
    chart = page.locator(".chart:has(.plot:not([data-kind=working]))").first
    _, svg = saved(chart, "Drawing")
    name, png = saved(chart, "Picture")
    assert name.endswith(".png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    drawing = ET.fromstring(svg)  # noqa: S314  # our own
    assert struct.unpack(">II", png[16:24]) == tuple(2 * round(float(drawing.get(side, 0))) for side in ("width", "height"))


def test_the_numbers_of_every_chart_are_tables_and_files(visit: Visit, server: Server) -> None:
    page = visit.open(RACE)
    visit.finished()
    opener = page.get_by_role("button", name="Data", exact=True)
    opener.click()
    assert opener.get_attribute("aria-expanded") == "true"
    charts = page.locator("#data .numbers").evaluate_all("all => all.map((one) => one.dataset.chart)")
    assert charts == page.locator(".plot").evaluate_all("all => all.map((one) => one.dataset.chart)")
    table = page.locator("#data table").first
    assert table.locator("caption").inner_text() == page.locator(".chart figcaption").first.inner_text()
    heads = table.locator("thead th[scope=col]").all_inner_texts()
    run = server.get("/topics/learning-rate/run.json?demo=race").json()
    last = run["frames"][-1]
    assert heads[0] == run["charts"]["loss"]["layout"]["xaxis"]["title"]["text"]
    assert table.locator("tbody th[scope=row]").last.inner_text() == str(last["step"])
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download as CSV").first.click()
    assert coming.value.suggested_filename == "learning-rate-loss.csv"
    rows = list(csv.reader(io.StringIO(Path(coming.value.path()).read_text(encoding="utf-8"))))
    assert rows[0] == heads
    assert len(rows) == len(run["frames"]) + 1
    told = [last["charts"]["loss"]["append"][trace["uid"]][1] for trace in run["charts"]["loss"]["data"]]
    assert [float(cell) if cell else None for cell in rows[-1][1:]] == told
    page.get_by_label("To the first frame").click()
    visit.wait_for("document.querySelectorAll('#data table')[0].querySelectorAll('tbody tr').length === 1")
    opener.click()
    assert page.locator("#data").is_hidden()


def test_the_menu_of_a_chart_leads_to_its_numbers(visit: Visit) -> None:
    page = visit.open(RACE)
    visit.finished()
    chart = page.locator(".chart").nth(1)
    name = chart.locator(".plot").get_attribute("data-chart")
    chart.locator("summary").click()
    chart.get_by_role("button", name="Numbers").click()
    assert page.evaluate("() => document.activeElement.closest('.numbers')?.dataset.chart") == name
    assert page.get_by_role("button", name="Data", exact=True).get_attribute("aria-expanded") == "true"


def test_fields_points_and_lines_of_arithmetic_are_told_in_numbers_as_well(visit: Visit) -> None:
    page = visit.open("/topics/gan")
    visit.finished()
    page.get_by_role("button", name="Data", exact=True).click()
    captions = page.locator("#data .numbers[data-chart=shop] caption").all_inner_texts()
    assert len(captions) == 2
    assert "points" in captions[1]
    points = page.locator("#data .numbers[data-chart=shop] table").nth(1)
    assert points.locator("tbody th").first.inner_text() in {"real wines", "forged wines"}
    assert not re.search(r"undefined|NaN|\[object|series-\d", page.locator("#data").inner_text())
    page = visit.open("/topics/computational-graph?demo=expression")
    visit.finished()
    page.get_by_role("button", name="Data", exact=True).click()
    lines = page.locator("#data .numbers:has(table)").filter(has_text="\\partial")
    assert lines.locator("tbody tr").count() > 1
    assert not re.search(r"undefined|NaN|\[object|series-\d", page.locator("#data").inner_text())
