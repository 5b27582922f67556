"""A run as the tests of topics see it: what it said and what it cost, without keeping its frames.

As a program, `python -m tests.topics.measuring SLUG DEMO TIMES` makes a demo's default run that often and prints what it told, so
that `elsewhere` can measure in a process of one BLAS thread, as the workers are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.frames import read
from app.produce import events
from app.runs.supervisor import ONE_THREAD

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Told:
    """`cpu`: seconds by frame; `changes`: chart to the number of frames that showed something new; `done`: the last message."""

    digest: str
    planned_frames: int
    size: int
    cpu: list[float]
    changes: dict[str, int]
    done: dict[str, Any]


def told(topic: str, demo: str, values: Mapping[str, Any]) -> Told:
    """The run with these values, made once in this process and kept."""
    return _told(topic, demo, json.dumps(dict(values)))


@cache
def _told(topic: str, demo: str, values: str) -> Told:
    return measure(topic, demo, json.loads(values))


def measure(topic: str, demo: str, values: Mapping[str, Any]) -> Told:
    """The run, made now."""
    digest, size, cpu, before = sha256(), 0, [], time.process_time()
    changes: Counter[str] = Counter()
    newest: dict[str, Any] = {}
    for kind, sent in events(topic, demo, values):
        spent = time.process_time() - before
        digest.update(sent)
        size += len(sent)
        payload = read(sent)[1]
        if kind == "start":
            planned = payload["planned_frames"]
            changes.update(dict.fromkeys(payload["charts"], 0))
        elif kind == "frame":
            cpu.append(spent)
            shown = {name: _seen(update, payload["step"]) for name, update in payload["charts"].items()}
            changes.update(name for name, update in shown.items() if update and update != newest.get(name))
            newest |= shown
        before = time.process_time()
    return Told(digest.hexdigest(), planned, size, cpu, dict(changes), payload)


def _seen(update: Mapping[str, Any], step: int) -> dict[str, Any]:
    """What an update shows; that a point stands at a later step than the last is nothing new."""
    append = {uid: [value for value in point if value != step] for uid, point in update.get("append", {}).items()}
    return {**({"append": append} if append else {}), **({"set": update["set"]} if update.get("set") else {})}


@cache
def elsewhere(topic: str, demo: str, times: int, hash_seed: int) -> tuple[Told, ...]:
    """The demo's default run, so many times over in a fresh process with its own order of sets and hashes."""
    program = [sys.executable, "-m", "tests.topics.measuring", topic, demo, str(times)]
    environment = os.environ | ONE_THREAD | {"PYTHONHASHSEED": str(hash_seed)}
    said = subprocess.run(program, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120).stdout
    return tuple(Told(**each) for each in json.loads(said))


if __name__ == "__main__":
    slug, name, count = sys.argv[1:]
    sys.stdout.write(json.dumps([asdict(measure(slug, name, {})) for _ in range(int(count))]))
