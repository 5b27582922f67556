"""What a chart looks like, as pixels: to compare what `quick.js` moved with what Plotly draws of the same data."""

from __future__ import annotations

from playwright.sync_api import Page

COMPARED = """async () => {
  const pixels = async (plot) => {
    const svg = plot.querySelector('.main-svg').cloneNode(true);
    const third = (size) => Math.round(size / 3); // a pixel more or less is no difference
    const [width, height] = [third(plot.clientWidth), third(plot.clientHeight)];
    const src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(svg));
    const image = Object.assign(new Image(), { src });
    await image.decode();
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0, width, height);
    return canvas.getImageData(0, 0, width, height).data;
  };
  const different = {};
  for (const plot of document.querySelectorAll('.plot')) {
    const moved = await pixels(plot);
    plot.dispatchEvent(new Event('pointerenter'));
    const drawn = await pixels(plot);
    let inked = 0, off = 0;
    for (let at = 0; at < drawn.length; at += 4) {
      inked += drawn[at + 3] > 40;
      off += [0, 1, 2, 3].some((channel) => Math.abs(drawn[at + channel] - moved[at + channel]) > 96);
    }
    different[plot.dataset.chart] = off / Math.max(1, inked);
  }
  return different;
}"""
"""Chart -> the share of its inked pixels that change visibly when Plotly draws what is shown (which the pointer makes it do)."""


def shares_that_plotly_would_change(page: Page) -> dict[str, float]:
    """By chart, at the moment that is shown."""
    found: dict[str, float] = page.evaluate(COMPARED)
    return found
