"""What a chart looks like, as pixels: to compare what `quick.js` moved with what Plotly draws of the same data."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
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
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
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


LOOKS = """async () => {
  const found = {};
  for (const [place, plot] of [...document.querySelectorAll('.js-plotly-plot')].entries()) {
    const svg = plot.querySelector('.main-svg').cloneNode(true);
    const [width, height] = [128, 96];
    svg.setAttribute('viewBox', `0 0 ${plot.clientWidth} ${plot.clientHeight}`);
    const src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(svg));
    const image = Object.assign(new Image(), { src });
    await image.decode();
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.fillStyle = 'white';
    canvas.fillRect(0, 0, width, height);
    canvas.drawImage(image, 0, 0, width, height);
    const { data } = canvas.getImageData(0, 0, width, height);
    found[`${place} ${plot.dataset.chart ?? 'pinned'}`] = btoa(String.fromCharCode(...data));
  }
  return found;
}"""


def looks(page: Page) -> dict[str, str]:
    """Every chart and every picture of a pinned run, small: 128 x 96 pixels of red, green, blue and alpha on white, in base64."""
    found: dict[str, str] = page.evaluate(LOOKS)
    return found


def share_that_differs(one: str, other: str) -> float:
    """The share of the inked pixels of `other` that look different in `one`."""
    first, second = (np.frombuffer(b64decode(pixels), np.uint8).astype(float).reshape(-1, 4) for pixels in (one, other))
    off = (np.abs(first - second).max(axis=1) > 64).sum()
    return float(off / max(1, (second.min(axis=1) < 215).sum()))
