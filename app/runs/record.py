"""The one line that the operator's log has about a run, written when it ends."""

from __future__ import annotations

import logging
import time

from app.runs.log import RunLog

logger = logging.getLogger("watchitlearn.runs")


def record(log: RunLog, outcome: str, **more: str) -> None:
    """Says how a run ended and what it took. It names no visitor."""
    fields = {
        "run": log.request.key,
        "topic": log.request.topic,
        "demo": log.request.demo,
        "outcome": outcome,
        "frames": sum(sent.startswith(b"event: frame") for sent in log.messages),
        "bytes": log.size,
        "seconds": round(time.monotonic() - log.asked_at, 3),
        "cpu_seconds": round(log.cpu_seconds, 3),
    }
    said = {name: text for name, text in more.items() if text}
    logger.log(logging.ERROR if outcome == "failed" else logging.INFO, "run", extra={"fields": fields | said})
