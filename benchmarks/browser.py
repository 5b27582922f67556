"""What a visitor feels: from a slider to the first new frame, redraws a second, from a cold page to the first chart.

A real server and a real Chromium on this machine. The peers are the figures we set ourselves (what the best live demos reach,
measured the same way); a noisy machine makes ours look worse, never better.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.rows import Row

ROOT = Path(__file__).resolve().parent.parent
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
TWEAKS = 20

FIRST_NEW_FRAME = """seed => new Promise(resolve => {
  document.querySelector('[name=seed]').value = seed;
  const range = document.querySelector('.stops');
  document.addEventListener('run:drawn', () => requestAnimationFrame(() => resolve(performance.now() - begin)), { once: true });
  const begin = performance.now();
  range.value = Number(range.value) === Number(range.max) ? range.value - 1 : Number(range.value) + 1;
  range.dispatchEvent(new Event('input', { bubbles: true }));
})"""
REDRAWS = """names => new Promise(resolve => {
  const drawn = () => names.map(name => Number(document.querySelector(`[data-chart=${name}]`).dataset.draws));
  const speed = document.querySelector('.speed select');
  speed.value = '2';
  speed.dispatchEvent(new Event('change', { bubbles: true }));
  document.querySelector('[data-do=toggle]').click();
  const before = drawn(), begin = performance.now();
  setTimeout(() => {
    const seconds = (performance.now() - begin) / 1000;
    resolve(Math.min(...drawn().map((count, place) => count - before[place])) / seconds);
  }, 1500);
})"""
AT_END = """() => {
  const run = document.querySelector('live-run');
  return ['finished', 'diverged'].includes(run.dataset.state) && !run.hasAttribute('data-playing');
}"""


def chromium() -> str | None:
    """Where Chromium is: `$CHROMIUM`, which `make bench` sets, or by its usual names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def served() -> Iterator[str]:
    """The address of a server of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=os.environ | {"PORT": port})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/readyz", timeout=2)  # noqa: S310  # our own server
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def slider(page: Page, address: str) -> float:
    """Median milliseconds from a slider's first input to the new run's first frame on the screen."""
    page.goto(f"{address}/topics/learning-rate?demo=race")
    page.wait_for_function(AT_END)
    taken = []
    for seed in range(1000, 1000 + TWEAKS):
        taken.append(page.evaluate(FIRST_NEW_FRAME, seed))
        page.wait_for_function(AT_END)
    return float(median(taken))


def redraws(page: Page, address: str) -> float:
    """How often a second a line chart and a 50x50 field are redrawn together while a finished run plays."""
    page.goto(f"{address}/topics/activation-functions?demo=dead-relu")
    page.wait_for_function(AT_END)
    rates = []
    for _ in range(3):
        rates.append(page.evaluate(REDRAWS, ["accuracy", "field"]))
        page.wait_for_function(AT_END)
    return float(median(rates))


def cold_page(browser: Browser, address: str) -> float:
    """Median milliseconds from asking for a page, nothing cached, to its first chart drawn."""
    taken = []
    for seed in range(2000, 2007):
        with browser.new_context() as context:
            page = context.new_page()
            page.add_init_script("document.addEventListener('run:drawn', () => { window.drawn ??= performance.now(); }, true);")
            page.goto(f"{address}/topics/learning-rate?seed={seed}")
            page.wait_for_function("() => window.drawn !== undefined")
            taken.append(page.evaluate("() => window.drawn"))
    return float(median(taken))


def rows() -> list[Row]:
    """The three figures against what we promise."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split())
        tweak = slider(browser.new_page(), address)
        rate = redraws(browser.new_page(), address)
        cold = cold_page(browser, address)
        browser.close()
    return [
        Row("slider-to-frame", "promise", 60 / tweak, tweak, 60, "ms"),
        Row("redraw-lines-and-field", "promise", rate / 20, rate, 20, "redraws/s"),
        Row("cold-page-to-chart", "promise", 500 / cold, cold, 500, "ms"),
    ]
