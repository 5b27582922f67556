"""What a visitor feels: from a slider to the first new frame, redraws a second, from a cold page to the first chart.

A real server and a real Chromium on this machine. Each figure stands against what we promise, in milliseconds, and against a peer
that is measured in the same browser in turn, since the machine may be slow or busy: a Dash app of the same charts
(`benchmarks/dash_app.py`), and Plotly.js alone redrawing the same two plots.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.rows import Row
from benchmarks.server import serving

QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
TWEAKS, COLD_PAGES = 20, 7
IN_HAND = 200
"""Milliseconds from taking a slider to moving it."""

ARM = """drawn => {
  let begin;
  addEventListener('keydown', () => { begin = performance.now(); }, { once: true, capture: true });
  const plots = [...document.querySelectorAll('.js-plotly-plot')];
  const ends = drawn
    ? [new Promise(go => document.addEventListener(drawn, go, { once: true }))]
    : plots.map(plot => new Promise(go => plot.once('plotly_afterplot', go)));
  window.taken = Promise.all(ends).then(() => new Promise(go => requestAnimationFrame(() => go(performance.now() - begin))));
}"""
"""Milliseconds from the next key to the animation frame after all charts were drawn: by our page's own event, or by Plotly's."""
REDRAWS = """names => new Promise(resolve => {
  const drawn = () => names.map(name => Number(document.querySelector(`[data-chart=${name}]`).dataset.draws));
  document.querySelectorAll('figure.chart').forEach(figure => names.includes(figure.id.slice(6)) || figure.remove());
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
PLOTLY_REDRAWS = """names => new Promise(resolve => {
  const anew = (trace, key) => trace[key] ? { [key]: trace[key].slice() } : {};
  const copied = trace => ({ ...trace, ...anew(trace, 'y'), ...anew(trace, 'z') });
  const plots = names.map(name => document.querySelector(`[data-chart=${name}]`));
  const begin = performance.now();
  let rounds = 0;
  const again = async () => {
    for (const plot of plots) await Plotly.react(plot, plot.data.map(copied), plot.layout, plot._context);
    rounds += 1;
    const seconds = (performance.now() - begin) / 1000;
    if (seconds < 1.5) requestAnimationFrame(again);
    else resolve(rounds / seconds);
  };
  requestAnimationFrame(again);
})"""
AT_END = """() => {
  const run = document.querySelector('live-run');
  return ['finished', 'diverged'].includes(run.dataset.state) && !run.hasAttribute('data-playing');
}"""
FIRST_CHART = """new MutationObserver(() => {
  if (document.querySelector('.js-plotly-plot .trace')) window.drawn ??= performance.now();
}).observe(document, { subtree: true, childList: true });"""


def chromium() -> str | None:
    """Where Chromium is: `$CHROMIUM`, which `make bench` sets, or by its usual names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def tweaked(page: Page, drawn: str | None, key: str) -> float:
    """Milliseconds from a key on the slider that has the focus to the new charts on the screen."""
    page.evaluate(ARM, drawn)
    page.keyboard.press(key)
    return float(page.evaluate("() => window.taken"))


def open_ours(page: Page, address: str) -> None:
    """Our race of learning rates, at its end, the first slider focused; from then on the player goes to the newest frame."""
    page.goto(f"{address}/topics/learning-rate?demo=race")
    page.locator(".speed select").select_option("0")
    page.wait_for_function(AT_END)
    page.locator(".stops").first.focus()


def open_dash(page: Page, address: str) -> None:
    """The peer's slider, focused, with its charts drawn."""
    page.goto(address)
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot .trace').length > 6")
    page.locator("[role=slider]").first.focus()


def sliders(ours: Page, dash: Page | None) -> tuple[float, float]:
    """Medians of both, in turn; NaN for a peer that is not there.

    Each tweak of ours asks for a run that nobody has watched, of a seed that is new, by a slider that was taken in hand just
    before: in that time the server makes first frames ahead (static/js/hands.js).
    """
    taken: list[list[float]] = [[], []]
    for turn in range(TWEAKS):
        key = "ArrowLeft" if turn % 2 else "ArrowRight"
        ours.evaluate("seed => { document.querySelector('[name=seed]').value = seed; }", 1000 + turn)
        ours.locator(".stops").first.blur()
        ours.locator(".stops").first.focus()
        ours.wait_for_timeout(IN_HAND)
        taken[0].append(tweaked(ours, "run:drawn", key))
        ours.wait_for_function(AT_END)
        if dash is not None:
            taken[1].append(tweaked(dash, None, key))
    return median(taken[0]), median(taken[1] or [float("nan")])


def redraws(page: Page, address: str) -> tuple[float, float]:
    """How often a second a line chart and a 50x50 field, alone on their page, are redrawn together: by a run, and by Plotly."""
    page.goto(f"{address}/topics/activation-functions?demo=dead-relu")
    page.wait_for_function(AT_END)
    rates: list[list[float]] = [[], []]
    for _ in range(3):
        rates[0].append(page.evaluate(REDRAWS, ["accuracy", "field"]))
        page.wait_for_function(AT_END)
        rates[1].append(page.evaluate(PLOTLY_REDRAWS, ["accuracy", "field"]))
    return median(rates[0]), median(rates[1])


def cold_page(browser: Browser, url: str) -> float:
    """Milliseconds from asking for a page, nothing cached, to its first chart drawn."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(FIRST_CHART)
        page.goto(url)
        page.wait_for_function("() => window.drawn !== undefined")
        return float(page.evaluate("() => window.drawn"))


def cold_pages(browser: Browser, ours: str, dash: str | None) -> tuple[float, float]:
    """Medians of both, in turn."""
    taken: list[list[float]] = [[], []]
    for turn in range(COLD_PAGES):
        taken[0].append(cold_page(browser, f"{ours}/topics/learning-rate?seed={2000 + turn}"))
        if dash is not None:
            taken[1].append(cold_page(browser, dash))
    return median(taken[0]), median(taken[1] or [float("nan")])


@contextmanager
def dash_served() -> Iterator[str | None]:
    """The peer's address; None where Dash is not installed."""
    try:
        import dash  # noqa: F401  # the peer's process imports it
    except ImportError as missing:
        print(f"browser: no dash ({missing})")
        yield None
        return
    with serving("benchmarks.dash_app", ready="/") as peer:
        yield peer.url


def rows() -> list[Row]:
    """The three figures against what we promise and against the peers."""
    with serving() as site, dash_served() as dash, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split())
        cold = cold_pages(browser, site.url, dash)
        pages = [browser.new_page() for _ in range(2)]
        open_ours(pages[0], site.url)
        if dash is not None:
            open_dash(pages[1], dash)
        tweak = sliders(pages[0], pages[1] if dash is not None else None)
        rate = redraws(browser.new_page(), site.url)
        browser.close()
    table = [
        Row("slider-to-frame", "promise", 30 / tweak[0], tweak[0], 30, "ms"),
        Row("slider-to-frame", "dash", tweak[1] / tweak[0], *tweak, "ms"),
        Row("redraw-lines-and-field", "promise", rate[0] / 20, rate[0], 20, "redraws/s"),
        Row("redraw-lines-and-field", "plotly-react", rate[0] / rate[1], *rate, "redraws/s"),
        Row("cold-page-to-chart", "promise", 500 / cold[0], cold[0], 500, "ms"),
        Row("cold-page-to-chart", "dash", cold[1] / cold[0], *cold, "ms"),
    ]
    return [row for row in table if row.ratio == row.ratio]  # a peer that is not there has no number
