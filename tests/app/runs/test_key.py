"""The key of a run: equal for equal experiments, another for another build."""

from __future__ import annotations

import pytest

from app.runs import key
from app.runs.key import run_key


def test_the_order_of_values_makes_no_other_key() -> None:
    assert run_key("t", "d", {"a": 1, "b": 0.5}) == run_key("t", "d", {"b": 0.5, "a": 1})


def test_every_part_of_an_experiment_makes_another_key() -> None:
    keys = {run_key(*each) for each in (("t", "d", {"a": 1}), ("u", "d", {"a": 1}), ("t", "e", {"a": 1}), ("t", "d", {"a": 2}))}
    assert len(keys) == 4


def test_another_build_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    old = run_key("t", "d", {})
    monkeypatch.setattr(key, "build", lambda: "another")
    assert run_key("t", "d", {}) != old
