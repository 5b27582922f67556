"""No password is said: neither that of a setting that is wrong nor that of an address which a library quotes."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from app.__main__ import main
from app.logs import Pairs
from app.masking import masked, masked_within
from app.settings import Settings
from tests.conftest import ROOT

SECRETS = ("hunter2", "pa/ss", "p@ss/w0rd", "pa?ss", "pa#ss", "pa,ss", "pa:ss", "pa%ss", "pa ss", "12/34", "ünd", "[x")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("nats://site:hunter2@broker:4222", "nats://***@broker:4222"),
        ("nats://a:one@b1:4222,nats://a:two@b2:4222", "nats://***@b2:4222"),
        ("async+valkey://:hunter2", "async+valkey://:***"),
        ("async+valkey://site:hunter2", "async+valkey://site:***"),
        ("async+valkey://counts:6379?password=hunter2", "async+valkey://counts:6379?***"),
        ("async+valkey:/:hunter2@counts:6379", "async+valkey:/***@counts:6379"),
        ("site:hunter2@counts", "site:***@counts"),
        (":hunter2@counts", "***@counts"),
    ],
)
def test_of_an_address_all_but_its_password_is_said(setting: str, said: str) -> None:
    assert masked(setting) == said


@pytest.mark.parametrize(
    "setting",
    [
        "eighty",
        "http://127.0.0.1",
        "127.0.0.1:8000",
        "nats://b1:4222,nats://b2:4222",
        "redis://[::1]:6379/0",
        "https://ü.example",
    ],
)
def test_what_holds_no_password_is_said_as_it_is(setting: str) -> None:
    assert masked(setting) == setting


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("LIMITS_STORE", "redis://:{}@counts:6379"),
        ("LIMITS_STORE", "async+nothing://site:{}@counts:6379"),
        ("LIMITS_STORE", "async+redis://site:{}@counts:6379"),
        ("LIMITS_STORE", "async+valkey://site:{}@counts:port"),
        ("LIMITS_STORE", "async+valkey://site:{}@counts:6379/zero"),
        ("LIMITS_STORE", "async+valkey+sentinel://:{}@counts:6379"),
        ("LIMITS_STORE", "async+valkey://counts:6379?password={}"),
        ("BROKER_URL", "http://site:{}@broker:4222"),
        ("BROKER_URL", "nats://site:{}@"),
        ("BROKER_URL", "nats://site:{}@broker:port"),
        ("BROKER_URL", "nats://b1:4222,nats:/site:{}@broker"),
        ("HOST", "https://site:{}@example.org"),
        ("BASE_PATH", "https://site:{}@example.org/learn"),
        ("ALLOWED_HOSTS", "site:{}@example.org"),
        ("FORWARDED_ALLOW_IPS", "http://site:{}@proxy"),
    ],
)
def test_a_wrong_setting_is_named_without_its_password(
    name: str, form: str, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, form.format(secret))
    with pytest.raises(SystemExit) as ended:
        main()
    said = str(ended.value)
    assert said.startswith(f"Cannot start: {name} = ")
    assert "***" in said
    assert secret not in said
    assert repr(secret)[1:-1] not in said


@pytest.mark.parametrize("name", ["LIMITS_STORE", "BROKER_URL"])
@pytest.mark.parametrize("secret", ["pa/ss", "pa?ss", "pa#ss"])
def test_a_password_that_an_address_cannot_hold_stops_the_start_and_is_not_taken_for_a_host(
    name: str, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = "nats" if name == "BROKER_URL" else "async+valkey"
    monkeypatch.setenv(name, f"{scheme}://site:{secret}@there:4222")
    with pytest.raises(SystemExit, match=r"\*\*\*@there:4222'"):
        main()


def test_a_worker_machine_says_no_password_either() -> None:
    command, said = [sys.executable, "-m", "app.agent"], {"BROKER_URL": "nats://site:hunter2@broker:port"}
    ended = subprocess.run(command, cwd=ROOT, env=said, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert ended.returncode == 1
    assert "BROKER_URL = 'nats://***@broker:port'" in ended.stderr
    assert "hunter2" not in ended.stderr


def test_a_line_of_the_log_masks_what_a_library_quotes_in_a_message_a_field_or_a_traceback() -> None:
    quoted = "no way to redis://:hunter2@counts:6379/0"
    try:
        raise ConnectionError(quoted)
    except ConnectionError:
        record = logging.LogRecord("x", logging.WARNING, "", 0, "lost nats://a:hunter2@b", None, sys.exc_info())
    record.fields = {"why": "nats://site:hunter2@broker:4222 is away"}
    line = Pairs().format(record)
    assert "hunter2" not in line
    assert line.count("***@") == 3


def test_a_sentence_without_an_address_is_left_as_it_is() -> None:
    assert masked_within("mail a@b.example about https://example.org/@x") == "mail a@b.example about https://example.org/@x"


def test_settings_that_are_printed_show_no_password() -> None:
    assert "hunter2" not in repr(Settings(limits_store="redis://:hunter2@counts", broker_url="nats://a:hunter2@b"))
