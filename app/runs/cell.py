"""The shared cell: a few bytes of memory in which a worker says what it is stepping and since when.

The server reads it when the worker died or seems to hang, which is when no message can be sent any more.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
from mmap import mmap

CELL_BYTES = 64
_LAYOUT = "d56s"


def new_cell() -> tuple[int, mmap]:
    """A file descriptor to hand to the worker (the caller closes it) and our own view of the memory behind it.

    In memory where the system has such files, so that a server with a read-only disk works.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("cell", 0)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, CELL_BYTES)
    return descriptor, mmap(descriptor, CELL_BYTES)


def write(cell: mmap, serial: str) -> None:
    """A step of the run `serial` begins now."""
    cell[:CELL_BYTES] = struct.pack(_LAYOUT, time.monotonic(), serial.encode())


def clear(cell: mmap) -> None:
    """The step is over."""
    cell[:8] = struct.pack("d", 0.0)


def read(cell: mmap) -> tuple[str, float]:
    """The serial of the run being stepped and for how many seconds; ("", 0) when the worker is idle."""
    began, serial = struct.unpack(_LAYOUT, cell[:CELL_BYTES])
    return (serial.rstrip(b"\0").decode(), time.monotonic() - began) if began else ("", 0.0)
