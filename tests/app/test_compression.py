"""Compressed copies: made once, made again when the original is newer, and not missed where nothing may be written."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest

from app.compression import compress_ahead

TEXT = b"const answer = 42;\n" * 200


def test_a_copy_is_made_once_and_again_when_the_original_is_newer(tmp_path: Path) -> None:
    script, *copies = tmp_path / "a.js", tmp_path / "a.js.br", tmp_path / "a.js.gz"
    script.write_bytes(TEXT)
    assert compress_ahead(tmp_path) == copies
    assert brotli.decompress(copies[0].read_bytes()) == gzip.decompress(copies[1].read_bytes()) == TEXT
    assert compress_ahead(tmp_path) == []
    newer = copies[1].stat().st_mtime_ns + 1_000_000
    os.utime(script, ns=(newer, newer))
    assert compress_ahead(tmp_path) == copies


def test_what_is_small_or_compressed_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "small.css").write_bytes(b"a {}")
    (tmp_path / "font.woff2").write_bytes(TEXT)
    assert compress_ahead(tmp_path) == []


def test_a_disk_that_is_read_only_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> int:
        raise OSError

    (tmp_path / "a.js").write_bytes(TEXT)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert compress_ahead(tmp_path) == []


def test_the_copy_of_a_file_that_became_small_is_taken_away(tmp_path: Path) -> None:
    script = tmp_path / "a.js"
    script.write_bytes(TEXT)
    assert len(compress_ahead(tmp_path)) == 2
    script.write_bytes(b"const answer = 43;\n")
    assert compress_ahead(tmp_path) == []
    assert list(tmp_path.iterdir()) == [script]
