"""The dashboard and the alerts: they ask for what `/metrics` says, and for all that the public contract names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from app.runs.limits import Limits
from app.runs.metrics import Metrics
from tests.conftest import ROOT

SAID = set(re.findall(r"^(\w+?)(?:\{.*\})? ", Metrics().text().decode(), re.MULTILINE))
FOLDER = ROOT / "docs" / "monitoring"
FILES = ("dashboard.json", "alerts.yaml")
NO_METRICS = r"histogram_quantile|min_over_time|increase|rate|sum|by|le|and|up|job"


def board() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return said


def expressions(name: str) -> list[str]:
    if name == "dashboard.json":
        return [target["expr"] for panel in board()["panels"] for target in panel["targets"]]
    return re.findall(r"^ +expr: (.+)$", (FOLDER / name).read_text(encoding="utf-8"), re.MULTILINE)


def named(expression: str) -> set[str]:
    """The metrics in an expression: words that are no function, no label and no length of time."""
    bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
    return {word for word in re.findall(r"\b[a-z_]+\b", bare) if not re.fullmatch(NO_METRICS, word)}


@pytest.mark.parametrize("name", FILES)
def test_every_metric_that_is_asked_for_is_told(name: str) -> None:
    asked = {metric for expression in expressions(name) for metric in named(expression)}
    assert asked
    assert asked - SAID == set()


def test_every_metric_stands_on_the_dashboard() -> None:
    shown = {metric for expression in expressions("dashboard.json") for metric in named(expression)}
    bookkeeping = {name for name in SAID if name.endswith(("_created", "_sum", "_count"))}
    assert SAID - bookkeeping - shown == set()


def test_no_two_panels_stand_in_one_place() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board()["panels"]]
    assert len(set(places)) == len(places)
    assert all(panel["title"] and panel["description"] for panel in board()["panels"])


def test_it_is_nearly_full_at_four_fifths_of_its_viewers() -> None:
    assert f"viewers > {Limits.viewers * 4 // 5}" in expressions("alerts.yaml")


def test_every_alert_says_in_the_document_what_to_do() -> None:
    alerts = re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert alerts
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)[-len(alerts) :] == alerts
