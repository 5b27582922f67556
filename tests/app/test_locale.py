"""Under a locale that is not UTF-8, everything reads, writes and prints as elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.topics import topics
from tests.conftest import ROOT, Server

ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def printed(*command: str) -> str:
    """What a program prints there."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"} | ASCII
    ended = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120)
    return ended.stdout.decode("ascii")


def test_the_locale_of_these_tests_is_not_utf_8() -> None:
    assert "utf" not in printed("-c", "import locale; print(locale.getpreferredencoding(False).lower())")


ALIKE = {"Host": "learn.example.org"}
"""Both servers are asked by one name: cards for elsewhere say it."""


@pytest.mark.thorough
def test_pages_search_problems_streams_and_exports_are_the_same_there(server: Server) -> None:
    there = Server(**ASCII).start()
    try:
        run = "/topics/learning-rate"
        for path in ("/", "/?q=TensorFlow’s", "/?q=ü", "/topics/löss", *(f"{run}/run.{kind}" for kind in ("html", "py", "csv"))):
            assert there.get(path, headers=ALIKE).content == server.get(path, headers=ALIKE).content, path
        for slug in topics():
            page = f"/topics/{slug}"
            assert there.get(page, headers=ALIKE).content == server.get(page, headers=ALIKE).content, slug
        assert there.get(f"{run}/stream").content == server.get(f"{run}/stream").content
    finally:
        there.stop()


@pytest.mark.thorough
@pytest.mark.parametrize("slug", ["gradient-descent", "backpropagation"])
def test_what_the_terminal_cannot_write_is_escaped_and_ends_nothing(slug: str) -> None:
    assert "holds" in printed("-m", "app.table", slug)
