"""Work that tests share is done once, whichever process asks first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.once import FOLDER, once

PROGRAM = """
import os, sys
from pathlib import Path
from tests.once import once
asking = Path(sys.argv[1])
(asking / str(os.getpid())).touch()
def make():
    while len(list(asking.iterdir())) < 3:
        pass
    return os.getpid()
print(once("work", make))
"""


def test_processes_that_ask_at_the_same_time_get_the_work_of_one(tmp_path: Path) -> None:
    (marks := tmp_path / "asking").mkdir()
    program = [sys.executable, "-c", PROGRAM, str(marks)]
    environment = os.environ | {FOLDER: str(tmp_path)}
    asking = [subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(3)]
    said = {process.communicate(timeout=60)[0] for process in asking}
    assert len(said) == 1
    assert int(said.pop()) in {process.pid for process in asking}


def test_work_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    with pytest.raises(ZeroDivisionError):
        once("work", lambda: 1 / 0)
    assert once("work", lambda: 2) == 2
    assert once("work", lambda: 3) == 2
