"""Writes docs/measures.md: what the first screen of each topic shows, and how soon on a slow line, in real Chromium.

Shares are of an element's own area that stands in the window before anyone scrolls: of the main chart's plot, of the presets, and
of the first two controls. Times are with nothing cached, the line at 400 kbit/s and the processor slowed down four times, as on a
cheap phone far from its mast: to the largest paint so far when the first live frame is drawn, and to that frame.
Run it on a machine at rest: `.venv/bin/python scripts/measure_pages.py [slug ...]` (a few pages only are printed, not written).
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.topics import topics  # noqa: E402  # after the path is set
from benchmarks.browser import QUIET, chromium  # noqa: E402  # as above
from benchmarks.server import serving  # noqa: E402  # as above

SCREENS = {"laptop": (1280, 800), "phone": (390, 844), "turned": (844, 390)}
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s both ways, in bytes a second; milliseconds to and fro."""
LIVE = "() => document.querySelector('live-run[data-frame]') !== null"
SEEN = """(selectors) => selectors.map((selector) => {
  const found = [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length);
  const [seen, all] = found.slice(0, 2).reduce(([seen, all], one) => {
    const { top, bottom, left, right, width, height } = one.getBoundingClientRect();
    const across = Math.max(0, Math.min(right, innerWidth) - Math.max(left, 0));
    const up = Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
    return [seen + across * up, all + width * height];
  }, [0, 0]);
  return all ? seen / all : null;
})"""
PARTS = [".chart:first-child .plot", ".presets", ".control"]
WATCH = """() => {
  new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  addEventListener('DOMContentLoaded', () => {
    const run = document.querySelector('live-run');
    new MutationObserver(() => { window.live ??= performance.now(); }).observe(run, { attributeFilter: ['data-frame'] });
  });
}"""


def shares(page: Page, url: str) -> list[str]:
    """Of chart, presets and controls, in per cent; a dash where a page has none."""
    page.goto(url)
    page.wait_for_function(LIVE)
    return ["–" if share is None else f"{100 * share:.0f}" for share in page.evaluate(SEEN, PARTS)]


def paints(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds to the largest paint and to the first live frame, on a slow line and a slow phone."""
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(url, wait_until="commit")
        page.wait_for_function("() => window.live !== undefined", timeout=60_000)
        largest, live = page.evaluate("() => [window.largest, window.live]")
        return largest / 1000, live / 1000


def row(browser: Browser, address: str, slug: str) -> str:
    """A line of the table."""
    cells = list[str]()
    for width, height in SCREENS.values():
        with browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 1000) as context:
            cells.append(" / ".join(shares(context.new_page(), f"{address}/topics/{slug}")))
    largest, live = paints(browser, f"{address}/topics/{slug}")
    return f"| {slug} | {' | '.join(cells)} | {largest:.1f} | {live:.1f} |"


HEAD = """# What the first screen shows, and how soon

Made by `scripts/measure_pages.py`, whose docstring says how. Shares, in per cent: of the main chart, of the presets, of the first
two controls; on a phone one control at a time stands in the sheet. Seconds: of one visit each, at 400 kbit/s, with a processor
slowed down four times. The first live frame waits for the line: a first visit is some 560 KB, of which 320 are plotly.js.

Lighthouse 12 on a machine at rest gave the catalogue and every topic 97 to 100 for performance on the desktop and 93 to 100 on
its phone preset, and 100 for accessibility, best practices and SEO on both: one visit each. A visit varies by some five points.

| page | 1280x800 | 390x844 | 844x390 | largest paint, s | first live frame, s |
|---|---|---|---|---|---|
"""


def main(slugs: list[str]) -> None:
    """Prints the rows of these topics; of all where none is named, and then writes the document."""
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split())
        rows = list[str]()
        for slug in slugs or list(topics()):
            rows.append(row(browser, site.url, slug))
            print(rows[-1], flush=True)
        browser.close()
    if not slugs:
        (ROOT / "docs" / "measures.md").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
