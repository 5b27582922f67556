"""A run saved as one HTML page: opened from the disk, in a browser without a network, it shows every chart."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import Server

RUNS = [
    "learning-rate/run.html?demo=race&learning_rate=10",
    "gan/run.html",
    "backpropagation/run.html",
    "boltzmann-machine/run.html",
]
DRAWN = "[...document.querySelectorAll('.plot')].every((plot) => plot.querySelector('svg .layer-above, math'))"
SHAPES = ".trace path, .trace text, .trace image, .points path, .hm image, .heatmaplayer image, math"
INK = f"plot => plot.querySelectorAll('{SHAPES}').length"


@pytest.mark.parametrize("path", RUNS)
def test_a_saved_run_opens_from_the_disk_without_a_network(path: str, server: Server, browser: Browser, tmp_path: Path) -> None:
    answer, told = server.get(f"/topics/{path}"), server.get(f"/topics/{path.replace('run.html', 'run.json')}").json()
    file = tmp_path / "run.html"
    file.write_bytes(answer.content)
    context = browser.new_context(offline=True)
    page, problems, requests = context.new_page(), list[str](), list[str]()
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda sent: requests.append(sent.url))
    page.goto(file.as_uri())
    page.wait_for_function(f"() => {DRAWN}", timeout=20_000)
    plots = page.locator(".plot")
    assert plots.count() == len(told["charts"])
    assert [plot.get_attribute("data-chart") for plot in plots.all() if plot.evaluate(INK) == 0] == []
    assert page.locator(".claims tbody tr").count() == len(told["claims"])
    assert page.locator(".parameters tbody tr").count() == len(told["params"])
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert problems == []
    assert [url for url in requests if not url.startswith((file.as_uri(), "data:", "blob:"))] == []


def test_its_last_points_are_those_of_the_run(server: Server, browser: Browser, tmp_path: Path) -> None:
    run = server.get("/topics/learning-rate/run.json?demo=race").json()
    file = tmp_path / "run.html"
    file.write_bytes(server.get("/topics/learning-rate/run.html?demo=race").content)
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_function(f"() => {DRAWN}", timeout=20_000)
    shown = page.evaluate(
        "() => document.querySelector('[data-chart=loss]').data.map((one) => [one.x.at(-1), one.y.at(-1), one.x.length])"
    )
    last = run["frames"][-1]["charts"]["loss"]["append"]
    assert shown == [[*point, len(run["frames"])] for point in last.values()]
    page.close()
