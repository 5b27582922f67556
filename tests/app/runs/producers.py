"""Runs that behave and runs that do not, for the executor to prove itself on. Imported inside worker processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

from app.frames import message


def events(topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes] | None]:
    """`frames` messages of some CPU each, after `pieces` of preparing; `demo` says what goes wrong at frame `at`."""
    burn(params.get("start", 0.0))
    yield "start", message("start", {"topic": topic, **params})
    for _ in range(params.get("pieces", 0)):
        burn(params["piece"])
        yield None
    for index in range(params["frames"]):
        if index == params.get("at"):
            go_wrong(demo, params)
        burn(params.get("cpu", 0.0))
        yield "frame", message("frame", {"step": index, "value": params.get("value", 0) * 1000 + index}, index)
    yield "done", message("done", {"frames": params["frames"]})


def small(topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """A run of 40 frames of 2 KB and no work, of any demo: `seed` says which. For tests of many runs or viewers."""
    yield "start", message("start", {"topic": topic, "demo": demo, **params})
    for index in range(40):
        yield "frame", message("frame", {"step": index, "value": f"{params['seed']}-{index} " * 150}, index)
    yield "done", message("done", {"frames": 40, "outcome": "finished", "claims": []})


def paced(topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """As `small`, taking two seconds whatever the machine: for viewers that come and go while it is going."""
    for kind, sent in small(topic, demo, params):
        yield kind, sent
        time.sleep(0.05)


def long(topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """As `small`, taking twelve seconds: for what comes before the end."""
    for kind, sent in small(topic, demo, params):
        yield kind, sent
        time.sleep(0.3)


def large(topic: str, demo: str, params: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """A run of 4 MB, at once."""
    yield "start", message("start", {"topic": topic, "demo": demo, **params})
    for index in range(40):
        yield "frame", message("frame", {"step": index, "value": "x" * 100_000}, index)
    yield "done", message("done", {"frames": 40, "outcome": "finished", "claims": []})


def burn(seconds: float) -> None:
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        sum(range(200))


def go_wrong(how: str, params: dict[str, Any]) -> None:
    if how == "raise":
        raise RuntimeError("secret internals")
    if how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "loop":
        while True:
            pass
    if how == "hang":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])  # as a call that never comes back to Python
        time.sleep(3600)
    if how == "allocate":
        hoard = [bytearray(1 << 26) for _ in range(32)]
        raise AssertionError(f"{len(hoard) * 64} MiB should not be there")
    if how == "crash once":
        try:
            os.open(params["mark"], os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "kill the machine":
        assert os.getpgrp() == os.getpgid(os.getppid()) == os.getsid(0), (
            "a machine of its own, as tests/app/runs/test_blame.py starts it"
        )
        os.killpg(os.getpgrp(), signal.SIGKILL)
