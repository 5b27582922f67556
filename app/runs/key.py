"""The key of a run: a hash of the build, the topic, the demo and the canonical values. Equal keys, equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

ROOT = Path(__file__).resolve().parents[2]


@cache
def build() -> str:
    """A hash of all that decides a run's bytes: the source and data of `engine` and `app`, and NumPy's version."""
    digest = hashlib.sha256(np.__version__.encode())
    files = [
        path for folder in ("engine", "app") for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".npz", ".json"}
    ]
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def run_key(topic: str, demo: str, values: Mapping[str, Any]) -> str:
    """24 hexadecimal digits; `values` must be canonical, as `Params.values` gives them."""
    said = orjson.dumps([build(), topic, demo, dict(values)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:24]
