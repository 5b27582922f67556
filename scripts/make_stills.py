"""Makes the still pictures, each a chart of a real run on a real server, drawn by the page's own code in Chromium, without words.

`static/stills/<slug>.webp` is the catalogue's picture of a topic: the chart and the moment that its `Still` names, redrawn small.
`static/stills/<slug>/<demo>.webp` stands on the demo's page where its main chart will be: that chart at the end of the run at the
defaults, with the lines where a window of 1280 x 800 has them. The ground of all is clear, so that they suit both themes.
Run it when a demo's look has changed: `.venv/bin/python scripts/make_stills.py [slug ...]`
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.topic import Demo, Topic  # noqa: E402  # after the path is set
from app.topics import topics  # noqa: E402  # as above
from benchmarks.browser import AT_END, QUIET, chromium  # noqa: E402  # as above
from benchmarks.server import serving  # noqa: E402  # as above

STILLS = ROOT / "static" / "stills"
WIDTH, HEIGHT = 480, 270
QUALITY = 0.6
HEAVIEST = 12_000
"""Bytes of a picture that stands where a chart will be: 0.24 s on a slow line. One of many lines is made coarser."""

PLOT = """async (plot, fixed) => {
  const { l, r, t, b } = plot._fullLayout._size;
  const [size, margin] = fixed
    ? [fixed, { l: 14, r: 14, t: 14, b: 14 }]
    : [{ width: plot.clientWidth, height: plot.clientHeight }, { l, r, t, b, autoexpand: false }];
  const clear = 'rgba(0,0,0,0)', faint = 'rgba(128,128,128,0.22)';
  const quiet = axis => ({
    ...axis, title: { text: '' }, showticklabels: false, ticks: '', gridcolor: faint, automargin: false,
  });
  const layout = {
    ...plot.layout, ...size, margin, showlegend: false, annotations: [],
    xaxis: quiet(plot.layout.xaxis), yaxis: quiet(plot.layout.yaxis), paper_bgcolor: clear, plot_bgcolor: clear,
  };
  const wordless = mode => mode?.replace('+text', '').replace(/^text$/, 'none');
  const data = plot.data.map(trace => ({ ...trace, showscale: false, mode: wordless(trace.mode) }));
  return { ...size, src: await Plotly.toImage({ data, layout }, { format: 'svg', ...size }) };
}"""
GRAPH = """async (plot, { width, height }) => {
  const { alone } = await import(new URL('picture.js', document.querySelector('script[type=module]').src));
  const svg = alone(plot.querySelector('svg'));
  for (const words of svg.querySelectorAll('text, .ground')) words.remove();
  svg.setAttribute('width', width);
  svg.setAttribute('height', height);
  return { width, height, src: 'data:image/svg+xml,' + encodeURIComponent(new XMLSerializer().serializeToString(svg)) };
}"""
DRAW = """async ([plot, kind, fixed, widest, quality, heaviest]) => {
  const { src, width, height } = await kind(plot, fixed);
  const image = Object.assign(new Image(), { src });
  await image.decode();
  for (let wide = widest; ; wide *= 0.9) {
    const [across, down] = [wide, wide * height / width].map(Math.round);
    const canvas = Object.assign(document.createElement('canvas'), { width: across, height: down });
    canvas.getContext('2d').drawImage(image, 0, 0, across, down);
    const made = canvas.toDataURL('image/webp', quality).split(',')[1];
    if (fixed || made.length * 3 / 4 <= heaviest) return made;
  }
}"""


def drawn(page: Page, chart: str | None, fixed: dict[str, int] | None) -> bytes:
    """A chart of the page, the first unless it is named, as a picture; as it stands there where no size is said."""
    plot = page.locator(f".plot[data-chart={chart}]" if chart else ".plot").first
    kind = page.evaluate_handle("() => " + (GRAPH if plot.get_attribute("data-kind") == "graph" else PLOT))
    made: str = page.evaluate(DRAW, [plot.element_handle(), kind, fixed, WIDTH, QUALITY, HEAVIEST])
    return base64.b64decode(made)


def run(page: Page, address: str, topic: Topic, demo: Demo, frame: int | None = None) -> None:
    """Makes a demo's run and goes to a frame of it, the last where none is said."""
    page.goto(f"{address}/topics/{topic.slug}?demo={demo.name}" + ("" if frame is None else f"#frame={frame}"))
    page.locator(".speed select").select_option("0")
    page.wait_for_function(AT_END, timeout=60_000)


def card(page: Page, address: str, topic: Topic) -> None:
    """Writes the catalogue's picture of a topic."""
    shown = topic.still
    run(page, address, topic, topic.demo(shown.demo), shown.frame)
    (STILLS / f"{topic.slug}.webp").write_bytes(drawn(page, shown.chart, {"width": WIDTH, "height": HEIGHT}))


def openings(page: Page, address: str, topic: Topic) -> None:
    """Writes the picture of each demo whose main chart is a plot."""
    folder = STILLS / topic.slug
    folder.mkdir(exist_ok=True)
    for demo in topic.demos:
        if next(iter(demo.charts(demo.params()).values())).kind == "plot":
            run(page, address, topic, demo)
            (folder / f"{demo.name}.webp").write_bytes(drawn(page, None, None))


def main() -> None:
    """All live topics, or those named."""
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split())
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for slug in sys.argv[1:] or topics():
            card(page, site.url, topics()[slug])
            openings(page, site.url, topics()[slug])


if __name__ == "__main__":
    main()
