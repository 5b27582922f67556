"""The shared cell: what a worker wrote there can be read by the server, whatever became of the worker."""

from __future__ import annotations

import os
import time
from mmap import mmap

from app.runs import cell


def test_what_one_side_writes_the_other_reads() -> None:
    descriptor, ours = cell.new_cell()
    with mmap(descriptor, cell.CELL_BYTES) as theirs:
        os.close(descriptor)
        assert cell.read(ours) == ("", 0.0)
        cell.write(theirs, "1234567")
        time.sleep(0.02)
        serial, seconds = cell.read(ours)
        assert serial == "1234567"
        assert 0.02 <= seconds < 5
        cell.clear(theirs)
        assert cell.read(ours) == ("", 0.0)


def test_a_shorter_name_leaves_nothing_of_a_longer_one() -> None:
    descriptor, ours = cell.new_cell()
    os.close(descriptor)
    cell.write(ours, "99999")
    cell.write(ours, "7")
    assert cell.read(ours)[0] == "7"
