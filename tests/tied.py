"""`python tied.py PARENT COMMAND…` becomes the command, and ends when its parent does, even by SIGKILL (prctl(2), on Linux).

So a test session that is killed leaves no broker, server or worker machine behind. On other systems it is not tied.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tied(command: list[str]) -> list[str]:
    """The command, tied to the process that calls this; start it from the main thread, whose end counts."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):  # it ended before it could be told
            sys.exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # becomes another program, and no shell
