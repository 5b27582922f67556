"""Starting the server: what it cannot start with is named, with what was got and what is allowed; it never starts half."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from dataclasses import fields

import httpx
import pytest

from app.__main__ import address, main
from app.runs import Limits
from app.settings import Settings
from tests.conftest import NO_TLS, ROOT


def refused(*arguments: str, **environment: str) -> str:
    """What a server that does not start says last."""
    command = [sys.executable, "-m", "app", *arguments]
    said = os.environ | environment
    ended = subprocess.run(command, cwd=ROOT, env=said, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Watch It Learn is at" not in ended.stdout
    return ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("PORT", "70000"), ("WORKERS", "-1"), ("CACHE_MIB", "1 GB"), ("PORT", "²")]
    + [("PORT", "9" * 5000), ("WORKERS", "9" * 5000), ("FRAME_ANCESTORS", "https://ü.example"), ("FRAME_ANCESTORS", "a\nb")]
    + [("BASE_PATH", path) for path in ("learn", "/a b", "//learn", "/learn/../x", "https://example.org/learn", "/löss", '/"x')]
    + [("ALLOWED_HOSTS", host) for host in ("https://example.org", "example.org:80", "*.*", "a,", "*example.org", "::1")]
    + [("FORWARDED_ALLOW_IPS", said) for said in ("proxy", "10.0.0.0/40", "127.0.0.1,", "10.0.0.1/8", "*,127.0.0.1")]
    + [("LIMITS_STORE", store) for store in ("memory://", "redis", "async+nothing://", "async+redis://localhost:6379")]
    + [("TAB_LIVE_RUNS", "0"), ("HSTS_SECONDS", "-1"), ("HSTS_SECONDS", "a year")]
    + [("HOST", host) for host in ("http://127.0.0.1", "127.0.0.1:8000", "[::1]:80", "::g", "a b", "..", "a" * 70, "[127.0.0.1")],
)
def test_a_setting_that_cannot_be_is_named_with_its_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main()
    said = str(ended.value)
    assert said.startswith("Cannot start: ")
    assert name in said
    assert repr(value) in said


def test_a_server_that_is_set_wrongly_ends_with_a_line_and_not_with_a_traceback() -> None:
    assert refused(PORT="eighty").startswith("Cannot start: PORT = 'eighty'")


def test_an_argument_is_refused_and_not_passed_over() -> None:
    assert "--port=8001 is no argument" in refused("--port=8001")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Cannot start: no listening at 127.0.0.1:{port}." in refused(HOST="127.0.0.1", PORT=str(port))


def listens(host: str) -> bool:
    """Whether this machine has such an address."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.bind((host, 0))
        return True
    return False


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("0:0::1", "http://[::1]:8000"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000, and at every other address of this machine"),  # noqa: S104
        ("::", "http://[::1]:8000, and at every other address of this machine"),
        ("[::]", "http://[::1]:8000, and at every other address of this machine"),
    ],
)
def test_the_address_said_is_one_that_can_be_opened(host: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", host)
    assert address(Settings.from_environment().host, 8000) == said


@pytest.mark.parametrize("host", [host for host in ("::1", "[::1]", "::", "0.0.0.0") if listens(host.strip("[]"))])  # noqa: S104
def test_the_server_answers_at_the_address_it_says(host: str) -> None:
    command, environment = [sys.executable, "-m", "app"], os.environ | {"HOST": host, "PORT": "0", "WORKERS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as started:
        assert started.stdout
        url = started.stdout.readline().removeprefix("Watch It Learn is at ").strip().partition(",")[0]
        try:
            httpx.HTTPTransport(retries=5, verify=NO_TLS).handle_request(httpx.Request("GET", f"{url}/healthz")).close()
        finally:
            started.terminate()


def test_the_path_is_in_the_address_said() -> None:
    assert address("127.0.0.1", 8000, "/learn") == "http://127.0.0.1:8000/learn"


def test_an_ipv6_port_that_is_taken_is_named_in_brackets() -> None:
    assert "Cannot start: no listening at [2001:db8::1]:8000." in refused(HOST="2001:db8::1", PORT="8000")


def test_a_setting_of_nothing_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [field.name.upper() for field in (*fields(Settings), *fields(Limits))]:
        monkeypatch.setenv(name, "")
    assert Settings.from_environment() == Settings()
