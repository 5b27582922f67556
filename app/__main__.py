"""`python -m app`: serves the site. HOST and PORT say where; Ctrl-C or SIGTERM ends it within three seconds, whatever is open."""

from __future__ import annotations

import socket
import sys

import uvicorn

from app import logs
from app.settings import Settings

SEND_BUFFER_BYTES = 1 << 18
"""What the system holds for a connection that reads slowly, beside the 64 KiB that the server holds."""


def main() -> None:
    """Reads the settings, says the address, serves until told to stop."""
    try:
        settings = Settings.from_environment()
    except ValueError as problem:
        sys.exit(f"Cannot start: {problem}")
    logs.configure()
    config = uvicorn.Config(
        "app.main:create_asgi",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    listener = config.bind_socket()
    let_go_of_the_gone(listener, settings.limits.stalled_seconds)
    print(f"Watch It Learn is at http://{settings.host}:{listener.getsockname()[1]}", flush=True)
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(3)


def let_go_of_the_gone(listener: socket.socket, seconds: int) -> None:
    """Every connection accepted here ends when, for so long, it took or acknowledged nothing of what was sent.

    Both a viewer that stopped reading and one whose machine is gone: the comment every 15 s gives the system something to miss.
    Where the system has no such option, a connection ends when it gives up by itself.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)


if __name__ == "__main__":
    main()
