"""Work that several tests read, done once in a test session: whichever process asks first does it, the others read it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "TESTS_SHARED_FOLDER"
"""The environment variable that names where this session keeps it (see tests/conftest.py)."""


def once(name: str, make: Callable[[], Any]) -> Any:
    """What `make` gave when this name was first asked for in this session, as JSON keeps it. Raises what `make` raises."""
    path = Path(os.environ[FOLDER]) / name
    with path.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(json.dumps(make()).encode())
    return json.loads(path.read_bytes())
