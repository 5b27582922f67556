"""The containers of both compose files: what they may do, who may reach them, and how they are known to be well."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes with genanki

from tests.conftest import ROOT

FILES = ("compose.yaml", "compose.scale.yaml")
MANY = "compose.scale.yaml"
RIGHTS = {"owner": ["CHOWN"], "proxy": ["NET_BIND_SERVICE"]}
"""What is given back, to whom: compose.scale.yaml says why."""


def services(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["services"]
    return found


EACH = [pytest.param(name, service, id=f"{name}-{service}") for name in FILES for service in services(name)]


@pytest.mark.parametrize(("name", "service"), EACH)
def test_a_container_can_write_nowhere_but_where_it_must_and_has_no_rights(name: str, service: str) -> None:
    said = services(name)[service]
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said.get("cap_add", []) == RIGHTS.get(service, [])
    assert said["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in said


def test_whoever_runs_as_root_reaches_no_network_and_ends_at_once() -> None:
    roots = {service: said for service, said in services(MANY).items() if str(said.get("user", "10001")).startswith("0")}
    assert set(roots) == {"owner"}
    assert roots["owner"]["network_mode"] == "none"
    assert roots["owner"]["restart"] == "no"


def test_only_the_proxy_is_reached_from_outside() -> None:
    text = yaml.safe_load((ROOT / MANY).read_text(encoding="utf-8"))
    outside = {name for name, said in text["networks"].items() if not (said or {}).get("internal")}
    reached = {name for name, said in text["services"].items() if said.get("ports") or outside & set(said.get("networks", []))}
    assert reached == {"proxy"}


def test_memory_of_what_keeps_things_is_bounded_and_its_password_must_be_set() -> None:
    text = (ROOT / MANY).read_text(encoding="utf-8")
    assert all("mem_limit" in services(MANY)[service] for service in ("broker", "counts"))
    assert re.search(r"\$\{BROKER_PASSWORD:\?", text)
    assert not re.search(r"\$\{BROKER_PASSWORD:-", text)
    assert "password: $BROKER_PASSWORD" in (ROOT / "deploy" / "nats.conf").read_text(encoding="utf-8")


def test_no_password_stands_in_a_command() -> None:
    commands = [str(said.get("command", "")) for said in services(MANY).values()]
    assert not [command for command in commands if "BROKER_PASSWORD" in command]


def test_each_container_that_others_wait_for_says_how_it_is() -> None:
    silent = {service for service, said in services(MANY).items() if said.get("healthcheck", {}).get("disable")}
    assert silent == {"owner", "worker"}, "one ends at once, the other serves nothing"
    assert all("healthcheck" in services(MANY)[service] for service in ("broker", "counts"))


@pytest.mark.parametrize("name", FILES)
def test_every_setting_of_a_web_server_can_be_handed_on(name: str) -> None:
    said = services(name)["site"]["environment"]
    handed = {each.partition("=")[0] for each in said} if isinstance(said, list) else set(said)
    assert {"BASE_PATH", "VIEWERS", "LIMITS_STORE", "TAB_LIVE_RUNS", "ROOM_HOURS"} <= handed
