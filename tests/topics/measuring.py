"""A run as the tests of topics see it: what it said and what it cost, without keeping its frames."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.frames import read
from app.produce import pieces
from app.runs.key import run_key
from app.topics import topics
from tests.cost import with_its_own_garbage_alone
from tests.once import once

ROOT = Path(__file__).resolve().parents[2]
FIRST = {"seed": 0}
"""The values of the run that is looked at most closely: the defaults."""
SOME_SEEDS = (0, 9)
"""Of ten seeds, those that `make test` makes again. The table of measured.json speaks of all ten, and every claim must hold in
it too; that it is as new as the code these two show, since what changes a run changes it at any seed.
"""
EXHAUSTIVE = (pytest.mark.thorough, pytest.mark.exhaustive)
"""The marks of what `make exhaustive` adds: the other eight seeds, both ends of every range, and the corners of what claims speak
of, where `make test` goes to the presets and to where the prose links.
"""
USUAL_PACE = 0.0004
"""CPU seconds of one `pace` on an idle core of the two-core machine that the budgets were set on."""
PACES_APART = 8
"""Frames from one look at the machine's pace to the next."""


@dataclass(frozen=True)
class Told:
    """`cpu`: seconds by frame and by piece of preparing, at the usual pace; `changes`: chart to the number of frames that showed
    something new; `done`: the last message.
    """

    digest: str
    planned_frames: int
    size: int
    cpu: list[float]
    changes: dict[str, int]
    done: dict[str, Any]


def told(topic: str, demo: str, values: Mapping[str, Any]) -> Told:
    """The run with these values, made once for all tests however the values are said: one left out is its default."""
    said = topics()[topic].demo(demo).params.model_validate(dict(values)).values()
    return Told(**once(run_key(topic, demo, said), lambda: asdict(measure(topic, demo, said))))


@with_its_own_garbage_alone()
def measure(topic: str, demo: str, values: Mapping[str, Any]) -> Told:
    """The run, made now."""
    digest, size, cpu, paces = sha256(), 0, list[float](), [pace()]
    changes: Counter[str] = Counter()
    newest: dict[str, Any] = {}
    before = time.process_time()
    for piece in pieces(topic, demo, values):
        spent = time.process_time() - before
        kind, sent = piece or ("preparing", b"")
        cpu += [spent] if kind in ("preparing", "frame") else []
        digest.update(sent)
        size += len(sent)
        payload = read(sent)[1] if sent else {}
        if kind == "start":
            planned = payload["planned_frames"]
            changes.update(dict.fromkeys(payload["charts"], 0))
        elif kind == "frame":
            shown = {name: _seen(update, payload["step"]) for name, update in payload["charts"].items()}
            changes.update(name for name, update in shown.items() if update and update != newest.get(name))
            newest |= shown
            paces += [pace()] if len(cpu) % PACES_APART == 0 else []
        before = time.process_time()
    slowness = max(1.0, float(np.median(paces)) / USUAL_PACE)
    return Told(digest.hexdigest(), planned, size, [seconds / slowness for seconds in cpu], dict(changes), payload)


def pace() -> float:
    """CPU seconds that a fixed piece of work takes now: small NumPy calls and plain Python, which is what runs are made of.

    A core that it shares with others, or an older one, is slow for a run and for this alike: budgets are kept at one pace.
    """
    before = time.process_time()
    values = np.full((32, 32), 0.01, np.float32)
    for _ in range(40):
        values = np.tanh(values @ values + 0.1)
    sum(range(20_000))
    return time.process_time() - before


def _seen(update: Mapping[str, Any], step: int) -> dict[str, Any]:
    """What an update shows; that a point stands at a later step than the last is nothing new."""
    append = {uid: [value for value in point if value != step] for uid, point in update.get("append", {}).items()}
    return {**({"append": append} if append else {}), **({"set": update["set"]} if update.get("set") else {})}
