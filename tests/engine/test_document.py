"""The document on the engine shows what the engine does: its pictures, drawn again, are the ones in it."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_pictures_of_the_engine_are_what_the_engine_does() -> None:
    text = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    drawn = runpy.run_path(str(ROOT / "scripts" / "draw_engine_example.py"))["document"](text)
    assert text == drawn, "draw them again: PYTHONPATH=. python scripts/draw_engine_example.py"
