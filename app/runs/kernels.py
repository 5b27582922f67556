"""What this machine's arithmetic is like, in a few digits: two machines with the same give the same bytes for the same run.

The linear algebra library picks its kernels by the kind of processor, and kernels differ in the order in which they add, so in
the last digits, so in a run's bytes. A log that two machines write must not be a mixture. `python -m app.runs.kernels` prints the
fingerprint; it is taken in a process of its own, with one thread, as workers have.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import Any

import numpy as np

from app.runs.supervisor import ONE_THREAD

SIZES = ((2, 8, 10), (32, 32, 64), (64, 128, 100), (129, 257, 65))
"""Rows, inner size and columns: the shapes of the site's networks, and one that no kernel's blocks divide."""


def fingerprint() -> str:
    """Eight hexadecimal digits. Raises OSError or CalledProcessError when it cannot be taken."""
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "app.runs.kernels"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603  # our own interpreter
    return done.stdout.decode().strip()


def _taken() -> str:
    """A hash of products, sums and functions of random numbers, in both precisions."""
    digest, random = hashlib.sha256(), np.random.default_rng(0)
    for kind in (np.float32, np.float64):
        for rows, inner, columns in SIZES:
            left: np.ndarray[Any, Any] = random.standard_normal((rows, inner)).astype(kind)
            right: np.ndarray[Any, Any] = random.standard_normal((inner, columns)).astype(kind)
            for value in (left @ right, left.T @ left, right.sum(0), left @ right[:, 0], np.exp(left), np.tanh(right)):
                digest.update(np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()[:8]


if __name__ == "__main__":
    print(_taken())  # the one who asked reads it
