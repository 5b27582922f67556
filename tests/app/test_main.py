"""Starting the server: what it cannot start with is named, with what was got and what is allowed; it never starts half."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from app.settings import Settings
from tests.conftest import ROOT


def refused(*arguments: str, **environment: str) -> str:
    """What a server that does not start says last."""
    command = [sys.executable, "-m", "app", *arguments]
    said = os.environ | environment
    ended = subprocess.run(command, cwd=ROOT, env=said, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Watch It Learn is at" not in ended.stdout
    return ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("PORT", "70000"), ("WORKERS", "-1"), ("CACHE_MIB", "1 GB"), ("PORT", "²")]
)
def test_a_setting_that_cannot_be_is_named_with_its_value(name: str, value: str) -> None:
    said = refused(**{name: value})
    assert said.startswith("Cannot start: ")
    assert name in said
    assert value in said


def test_an_argument_is_refused_and_not_passed_over() -> None:
    assert "--port=8001 is no argument" in refused("--port=8001")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Cannot start: no listening at 127.0.0.1:{port}." in refused(HOST="127.0.0.1", PORT=str(port))


def test_a_setting_of_nothing_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "FRAME_ANCESTORS", "WORKERS", "CACHE_MIB"):
        monkeypatch.setenv(name, "")
    assert Settings.from_environment() == Settings()
