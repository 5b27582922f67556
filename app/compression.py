"""Compressed copies of the static files, made ahead so that none is compressed while a visitor waits.

`with_files` calls it at start. In the image the copies are there already and the disk is read-only; in a checkout they are made
when they are missing or older than their original, once.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import brotli

SUFFIXES = {".css", ".js", ".svg", ".html", ".json"}
SMALLEST = 1024
"""Below this many bytes a compressed copy saves no packet."""
QUALITY = 10
"""1.5 s for plotly.js, and 1.5 % larger than at 11, which takes twice as long; at 9 it would be 7 % larger again."""


def compress_ahead(folder: Path) -> list[Path]:
    """Writes the `.br` copies that are missing or old, and returns them. Does nothing where it may not write."""
    made = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.rglob("*")):
            copy = path.with_name(f"{path.name}.br")
            if path.suffix not in SUFFIXES:
                continue
            if path.stat().st_size < SMALLEST:
                copy.unlink(missing_ok=True)  # of a time when the file was larger: it would be served in its place
            elif _is_old(copy, path):
                _write_whole(copy, brotli.compress(path.read_bytes(), quality=QUALITY))
                made.append(copy)
    return made


def _write_whole(path: Path, content: bytes) -> None:
    """Under another name first: a second server that starts at the same moment must never see half a file."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _is_old(copy: Path, path: Path) -> bool:
    return not copy.exists() or copy.stat().st_mtime_ns < path.stat().st_mtime_ns
