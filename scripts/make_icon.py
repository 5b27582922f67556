"""Makes static/favicon.ico of static/icon.svg, for what asks for that name: feed readers, bookmarks, old browsers.

Chromium draws each size; Pillow, which comes with Matplotlib, puts them into one file. Run it when the icon has changed:
`.venv/bin/python scripts/make_icon.py`
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.browser import QUIET, chromium  # noqa: E402  # after the path is set

STATIC = ROOT / "static"
SIZES = (48, 32, 16)


def main() -> None:
    """The largest size first, the others beside it."""
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=QUIET.split()).new_page()
        drawn = []
        for size in SIZES:
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{drawing}")
            drawn.append(Image.open(io.BytesIO(page.screenshot(omit_background=True))))
    largest, *others = drawn
    largest.save(STATIC / "favicon.ico", sizes=[(size, size) for size in SIZES], append_images=others)


if __name__ == "__main__":
    main()
