"""How long /healthz takes, asked again and again from a process of its own: `python -m tests.app.probe PORT`.

A line of seconds on standard output once standard input ends. It imports next to nothing, so that it is there at once.
"""

from __future__ import annotations

import select
import socket
import sys
import time

PAUSE_SECONDS = 0.02


def asked(port: int) -> float:
    """Seconds from the wish to connect to the answer."""
    begin = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 200")
    return time.perf_counter() - begin


def main() -> None:
    """Asks until told to stop."""
    taken = [asked(int(sys.argv[1]))]
    print("asking", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        taken.append(asked(int(sys.argv[1])))
    print(*taken)


if __name__ == "__main__":
    main()
