"""The one line that the log has about a run."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from app.runs import Executor
from tests.app.runs.executors import counted, direct, request, watch, with_executor


def test_every_run_leaves_one_line_in_the_log_that_names_it_and_no_visitor(caplog: pytest.LogCaptureFixture) -> None:
    async def test(executor: Executor) -> None:
        await watch(executor, request(1, cpu=0.002))
        await watch(executor, request(2, "raise", at=3))
        stream = executor.frames(request(3, frames=100_000, cpu=0.01))
        await anext(stream)
        await stream.aclose()
        while counted(executor, "runs_cancelled_total") == 0:
            await asyncio.sleep(0.05)

    with caplog.at_level(logging.INFO, "watchitlearn.runs"):
        with_executor(test)
    lines: list[dict[str, Any]] = [record.fields for record in caplog.records if record.getMessage() == "run"]  # type: ignore[attr-defined]  # ours
    assert [(line["outcome"], line["demo"]) for line in lines] == [
        ("finished", "fine"),
        ("failed", "raise"),
        ("cancelled", "fine"),
    ]
    first, failed, _ = lines
    assert first["run"] == request(1, cpu=0.002).key
    assert (first["frames"], first["bytes"]) == (20, sum(map(len, direct(request(1, cpu=0.002)))))
    assert 0.02 < first["cpu_seconds"] <= first["seconds"] + 0.1
    assert failed["reason"] == "error"
    assert "secret internals" in failed["details"]
