"""Every demo of every topic in a real browser: it draws, it answers its controls, its address is the experiment."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app.charts import Working
from app.topics import topics
from tests.app.events import frames
from tests.browser.conftest import Visit
from tests.browser.drawn import shares_that_plotly_would_change
from tests.browser.places import (
    begun,
    needs_no_scrolling_on_a_laptop,
    needs_no_scrolling_on_a_phone,
    nothing_overflows,
    sees_every_chart,
)
from tests.conftest import Server

OPENING = pytest.mark.parametrize(("slug", "demo"), [(slug, topic.demos[0].name) for slug, topic in topics().items()])
FURTHER = pytest.mark.parametrize(
    ("slug", "demo"), [(slug, demo.name) for slug, topic in topics().items() for demo in topic.demos[1:]]
)

WITH_A_BOARD = [
    (slug, topic.demos[0].name)
    for slug, topic in topics().items()
    if any(isinstance(chart, Working) for chart in topic.demos[0].charts(topic.demos[0].params()).values())
]


def planned_frames(slug: str, demo: str) -> int:
    chosen = topics()[slug].demo(demo)
    return chosen.planned_frames(chosen.params())


LEGENDS = """async () => {
  const of = (page) => [...page.querySelectorAll('figure.chart > .legend')].map((list) =>
    [...list.children].map((one) => `${one.firstElementChild.className} ${one.textContent}`));
  const sent = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  return [of(sent), of(document)];
}"""


def draws(visit: Visit) -> dict[str, int]:
    script = (
        "() => Object.fromEntries([...document.querySelectorAll('.plot')].map(p => [p.dataset.chart, Number(p.dataset.draws)]))"
    )
    found: dict[str, int] = visit.page.evaluate(script)
    return found


def moved(page: Page) -> str:
    """Moves the first slider by keyboard, or throws the dice for the seed, or takes the second preset where there is neither; the
    parameter’s name, if one was moved by hand.
    """
    slider, dice = page.locator("form.controls .stops").first, page.locator("form.controls [data-action=dice]")
    if not slider.count():
        (dice if dice.count() else page.locator(".presets a").nth(1)).press("Enter")
        return "seed" if dice.count() else ""
    slider.focus()
    at_end = slider.evaluate("range => range.value === range.max")
    slider.press("ArrowLeft" if at_end else "ArrowRight")
    return slider.get_attribute("data-for") or ""


def all_is_drawn(page: Page, charts: int) -> None:
    """Every chart, with the legend that the page kept room for."""
    assert page.locator(".plot:has(.main-svg, math, code, .node)").count() == charts
    promised, written = page.evaluate(LEGENDS)
    alone = [[name.partition(" (same line as ")[0] for name in legend] for legend in written]  # named once all has come
    assert promised == alone, "the page keeps room for just the legend that comes"


def boards_fit(page: Page) -> None:
    """Nothing of a board of lines is out of sight."""
    for board in page.locator("[data-kind=working]").all():
        beyond = board.evaluate("board => [board.scrollWidth - board.clientWidth, board.scrollHeight - board.clientHeight]")
        assert beyond == [0, 0]


def answers(visit: Visit, server: Server) -> tuple[str, list[bytes]]:
    """Moves a control and waits for its run: the stream, and its frames, which the page's address names as well."""
    page = visit.page
    before = page.locator("live-run").get_attribute("data-key")
    name = moved(page)
    visit.wait_for(f"document.querySelector('live-run').dataset.key !== '{before}'")
    visit.finished()
    address = page.url.removeprefix(server.url).partition("#")[0]
    assert not name or f"{name}={page.locator(f'[name={name}]').input_value()}" in address
    stream = page.locator("live-run").get_attribute("src") or ""
    run = frames(server.get(stream))
    assert run == frames(server.get(address.replace("?", "/stream?"))), "the address and the form name one run"
    return stream, run


@OPENING
def test_a_topic_opens_with_a_demo_that_plays_and_answers_a_control_with_a_run_that_its_address_names(
    visit: Visit, server: Server, slug: str, demo: str
) -> None:
    """One visit for all, since most of its time is the page's own: what is seen before any scrolling, the charts as they play,
    whether they end as Plotly itself would draw them, then a control moved by keyboard.
    """
    page = visit.open(f"/topics/{slug}?demo={demo}")
    page.locator(".speed select").select_option("4" if planned_frames(slug, demo) >= 160 else "2")  # still changes enough
    begun(visit)
    needs_no_scrolling_on_a_laptop(visit)
    sees_every_chart(visit)
    page.evaluate("() => ['first', 'toggle'].forEach((what) => document.querySelector(`[data-do=${what}]`).click())")
    visit.watched(or_once="[...document.querySelectorAll('.plot')].every((plot) => plot.dataset.draws >= 5)")
    counted = draws(visit)
    assert len(counted) >= 2
    assert {name: count for name, count in counted.items() if not count >= 5} == {}
    visit.finished()
    all_is_drawn(page, len(counted))
    changes = shares_that_plotly_would_change(page)
    assert {name: share for name, share in changes.items() if share > 0.06} == {}
    answers(visit, server)


@pytest.mark.parametrize("path", ["/topics/gan", "/topics/backpropagation?demo=edges", "/topics/tokenization"])
def test_a_moved_control_is_in_the_address_and_a_page_that_is_loaded_again_has_its_run(
    visit: Visit, server: Server, path: str
) -> None:
    page = visit.open(path)
    visit.finished()
    stream, run = answers(visit, server)
    page.reload()
    visit.wait_for("['finished', 'diverged'].includes(document.querySelector('live-run').dataset.state)")
    assert page.locator("live-run").get_attribute("src") == stream
    assert frames(server.get(stream)) == run


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"}


@OPENING
@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["390"])
def test_on_a_phone_a_topic_shows_its_chart_above_a_sheet_of_controls_and_nothing_overflows(
    visit: Visit, slug: str, demo: str
) -> None:
    visit.open(f"/topics/{slug}?demo={demo}")
    begun(visit)
    needs_no_scrolling_on_a_phone(visit)
    nothing_overflows(visit)


@FURTHER
@pytest.mark.parametrize("visit", [PHONE | {"reduced_motion": "reduce"}], indirect=True, ids=["still"])
def test_a_further_demo_shows_every_chart_at_its_end_and_fits_a_phone(visit: Visit, slug: str, demo: str) -> None:
    page = visit.open(f"/topics/{slug}?demo={demo}")
    sees_every_chart(visit)
    visit.watched()
    visit.wait_for("[...document.querySelectorAll('.plot')].every((plot) => plot.dataset.draws)")  # soon after it is in sight
    counted = draws(visit)
    assert len(counted) >= 2
    all_is_drawn(page, len(counted))
    boards_fit(page)
    nothing_overflows(visit)


@pytest.mark.parametrize(("slug", "demo"), WITH_A_BOARD)
@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["390"])
def test_the_lines_of_a_board_are_broken_on_a_phone_and_fit(visit: Visit, slug: str, demo: str) -> None:
    page = visit.open(f"/topics/{slug}?demo={demo}")
    sees_every_chart(visit)
    visit.wait_for("document.querySelector('live-run').dataset.state === 'finished'")
    page.evaluate("() => document.querySelector('[data-do=last]').click()")
    visit.wait_for("document.querySelector('[data-kind=working] math')")
    boards_fit(page)


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["390"])
def test_a_grid_of_images_is_no_higher_on_a_phone_than_its_squares(visit: Visit) -> None:
    page = visit.open("/topics/autoencoder")
    sees_every_chart(visit)
    visit.wait_for("document.querySelector('#chart-images .plot')._fullLayout?.yaxis._length > 0")
    around = page.evaluate(
        "() => { const p = document.querySelector('#chart-images .plot'); return p.clientHeight - p._fullLayout.yaxis._length; }"
    )
    assert around < 90, "names, margins and no more"
