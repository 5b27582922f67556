"""Makes static/stills/<slug>.webp: the catalogue's pictures, each a chart of a topic's run, at the moment its `Still` names.

A real run on a real server, drawn by the page's own code in Chromium, then redrawn small on a ground that suits both themes.
Run it when a demo's look has changed: `.venv/bin/python scripts/make_stills.py [slug ...]`
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.topics import topics  # noqa: E402  # after the path is set
from benchmarks.browser import AT_END, QUIET, chromium, served  # noqa: E402  # as above

STILLS = ROOT / "static" / "stills"

DRAW = """async (chart) => {
  const plot = document.querySelector(chart ? `.plot[data-chart=${chart}]` : '.plot');
  const clear = 'rgba(0,0,0,0)', faint = 'rgba(128,128,128,0.22)';
  const quiet = axis => ({
    ...axis, title: { text: '' }, showticklabels: false, ticks: '', gridcolor: faint, automargin: false,
  });
  const layout = {
    ...plot.layout, showlegend: false, width: 480, height: 270, margin: { l: 14, r: 14, t: 14, b: 14 }, annotations: [],
    xaxis: quiet(plot.layout.xaxis), yaxis: quiet(plot.layout.yaxis), paper_bgcolor: clear, plot_bgcolor: clear,
  };
  const wordless = mode => mode?.replace('+text', '').replace(/^text$/, 'none');
  const data = plot.data.map(trace => ({ ...trace, showscale: false, mode: wordless(trace.mode) }));
  return Plotly.toImage({ data, layout }, { format: 'webp', width: 480, height: 270, scale: 1 });
}"""


def still(page: Page, address: str, slug: str) -> None:
    """Makes the run, goes to the moment that the topic's `Still` names, and writes the picture of its chart."""
    shown = topics()[slug].still
    moment = "" if shown.frame is None else f"#frame={shown.frame}"
    page.goto(f"{address}/topics/{slug}?demo={topics()[slug].demo(shown.demo).name}{moment}")
    page.wait_for_function(AT_END, timeout=60_000)
    picture = page.evaluate(DRAW, shown.chart).partition(",")[2]
    (STILLS / f"{slug}.webp").write_bytes(base64.b64decode(picture))


def main() -> None:
    """All live topics, or those named."""
    STILLS.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split()).new_page()
        for slug in sys.argv[1:] or topics():
            still(page, address, slug)


if __name__ == "__main__":
    main()
