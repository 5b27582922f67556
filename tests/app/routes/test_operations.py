"""For the operator: health, readiness, numbers; and ending in time."""

from __future__ import annotations

import re
import threading
import time

import httpx
import pytest

from app import VERSION
from tests.conftest import NO_TLS, Server

COUNTED = (
    "runs_started_total runs_finished_total runs_failed_total runs_cancelled_total run_cache_hits_total run_cache_misses_total "
    "frames_sent_total runs_running runs_waiting viewers first_frame_seconds_bucket"
)


def test_it_says_that_it_lives_and_can_take_a_run(server: Server) -> None:
    assert server.get("/healthz").text == f"ok, version {VERSION}\n"
    assert server.get("/readyz").status_code == 200


def test_the_metrics_name_everything_in_the_contract(server: Server) -> None:
    server.get("/topics/learning-rate/stream")
    text = server.get("/metrics").text
    assert [name for name in COUNTED.split() if f"\n{name}" not in text] == []


@pytest.mark.thorough
@pytest.mark.timed
def test_a_term_signal_ends_it_within_three_seconds_with_streams_open() -> None:
    server = Server().start()
    url = f"{server.url}/topics/gan/stream"
    opened = threading.Event()

    def watch() -> None:
        try:
            with httpx.stream("GET", url, timeout=30, verify=NO_TLS) as answer:
                for _ in answer.iter_bytes():
                    opened.set()
        except httpx.TransportError:
            opened.set()

    viewers = [threading.Thread(target=watch, daemon=True) for _ in range(3)]
    for viewer in viewers:
        viewer.start()
    assert opened.wait(20)
    time.sleep(0.2)
    assert server.stop() < 3
    assert server.process.returncode in {0, -15}


@pytest.mark.thorough
def test_a_restarted_server_goes_on_after_the_last_frame() -> None:
    server = Server().start()
    path = "/topics/learning-rate/stream?seed=11"
    whole = server.get(path).content
    server.process.kill()
    server.process.wait(10)
    server.start()
    rest = server.get(path, headers={"Last-Event-ID": "40"}).content
    server.stop()
    assert whole.endswith(rest)
    assert re.match(rb"event: frame\nid: \w+:41\n", rest)
