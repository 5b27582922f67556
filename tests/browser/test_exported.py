"""A run saved as one HTML page: opened from the disk, in a browser without a network, it plays as it did on the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import AT_ONCE
from tests.conftest import Server

RUNS = [
    "learning-rate/run.html?demo=race&learning_rate=10",
    "gan/run.html",
    "backpropagation/run.html",
    "boltzmann-machine/run.html",
    "computational-graph/run.html",
]
ENDED = (
    "() => ['finished', 'diverged'].includes(document.querySelector('live-run').dataset.state)"
    " && !document.querySelector('live-run').hasAttribute('data-playing')"
)
SHAPES = ".trace path, .trace text, .trace image, .points path, .hm image, .heatmaplayer image, math, .node path"
INK = f"plot => plot.querySelectorAll('{SHAPES}').length"


@contextmanager
def kept(browser: Browser, file: Path, content: bytes, **how: Any) -> Iterator[Page]:
    """The page opened from the disk without a network. It ends without a word on the console and without a request."""
    file.write_bytes(content)
    context = browser.new_context(offline=True, accept_downloads=True, **how)
    page, problems, requests = context.new_page(), list[str](), list[str]()
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda sent: requests.append(sent.url))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert problems == []
    assert [url for url in requests if not url.startswith((file.as_uri(), "data:", "blob:"))] == []


@pytest.mark.parametrize("path", RUNS)
def test_a_saved_run_opens_from_the_disk_without_a_network(path: str, server: Server, browser: Browser, tmp_path: Path) -> None:
    answer, told = server.get(f"/topics/{path}"), server.get(f"/topics/{path.replace('run.html', 'run.json')}").json()
    with kept(browser, tmp_path / "run.html", answer.content) as page:
        page.set_viewport_size({"width": 1280, "height": 5000})  # charts are drawn once they are in sight
        page.evaluate(AT_ONCE)
        page.wait_for_function(ENDED, timeout=30_000)
        plots = page.locator(".plot")
        assert plots.count() == len(told["charts"])
        assert [plot.get_attribute("data-chart") for plot in plots.all() if plot.evaluate(INK) == 0] == []
        assert page.locator(".claims tbody tr").count() == len(told["claims"])
        assert page.locator(".parameters tbody tr").count() == len(told["params"])
        assert page.locator(".status .said").inner_text() == told["done"].get("message", "")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_its_player_plays_steps_and_goes_to_any_moment(server: Server, browser: Browser, tmp_path: Path) -> None:
    run = server.get("/topics/learning-rate/run.json?demo=race").json()
    with kept(browser, tmp_path / "run.html", server.get("/topics/learning-rate/run.html?demo=race").content) as page:
        page.wait_for_function("() => Number(document.querySelector('live-run').dataset.frame) > 2")  # it plays by itself
        page.get_by_label("To the first frame").click()
        page.wait_for_function("() => document.querySelector('live-run').dataset.frame === '0'")
        page.get_by_label("One frame forward").click()
        page.wait_for_function("() => document.querySelector('live-run').dataset.frame === '1'")
        page.locator(".moment").fill("40")
        page.wait_for_function("() => document.querySelector('live-run').dataset.frame === '40'")
        assert page.locator(".readout").inner_text().startswith(f"step {run['frames'][40]['step']}")
        shown = page.evaluate("() => document.querySelector('[data-chart=loss]').data.map((one) => [one.x.at(-1), one.y.at(-1)])")
        seen = [line["uid"] for line in run["charts"]["loss"]["data"] if line.get("visible") != "legendonly"]
        assert shown == [run["frames"][40]["charts"]["loss"]["append"][uid] for uid in seen]
        page.evaluate(AT_ONCE)
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(f"() => document.querySelector('live-run').dataset.frame === '{len(run['frames']) - 1}'")


def test_its_charts_are_saved_and_read_as_on_the_site(server: Server, browser: Browser, tmp_path: Path) -> None:
    with kept(browser, tmp_path / "run.html", server.get("/topics/learning-rate/run.html?demo=race").content) as page:
        page.evaluate(AT_ONCE)
        page.wait_for_function(ENDED, timeout=30_000)
        page.locator(".chart summary").first.click()
        with page.expect_download() as coming:
            page.get_by_role("button", name="Drawing").first.click()
        assert "momentum 0" in Path(coming.value.path()).read_text(encoding="utf-8")
        page.get_by_role("button", name="Data", exact=True).click()
        assert page.locator("#data table").count() == page.locator(".plot").count()


def test_its_tables_read_without_scripts(server: Server, browser: Browser, tmp_path: Path) -> None:
    path = "learning-rate/run.html?demo=race&learning_rate=10"
    told = server.get(f"/topics/{path.replace('run.html', 'run.json')}").json()
    with kept(browser, tmp_path / "run.html", server.get(f"/topics/{path}").content, java_script_enabled=False) as page:
        cells = [row.locator("td").all_inner_texts() for row in page.locator(".claims tbody tr").all()]
        holds = {True: "holds", False: "does not hold", None: "does not apply"}
        assert [row[-1] for row in cells] == [holds[claim["holds"]] for claim in told["claims"]]
        assert all(cell for row in cells for cell in row)
        notice = page.locator("noscript .notice").first
        assert notice.is_visible()
        assert notice.inner_text() == told["done"]["message"]
        assert page.locator(".deck, .of-chart").filter(visible=True).count() == 0
