"""`python -m app`: serves the site. HOST and PORT say where; Ctrl-C or SIGTERM ends it within three seconds, whatever is open."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

import uvicorn
from fastapi import FastAPI

from app import logs
from app.main import create_app, with_files
from app.protocol import StreamsInTurn
from app.settings import Settings

SEND_BUFFER_BYTES = 1 << 18
"""What the system holds for a connection that reads slowly, beside the 64 KiB that the server holds."""


class Server(uvicorn.Server):
    """Ends the streams before it waits for what is open: left to itself it waits in vain, then cuts each with a traceback."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What SIGTERM and Ctrl-C lead to."""
        self._app.state.executor.end_streams()
        self._app.state.rooms.stop()
        await super().shutdown(sockets)


def main(*arguments: str) -> None:
    """Reads the settings, says the address, serves until told to stop. It takes no arguments, and says so to who gives one."""
    settings = _settings(arguments)
    logs.configure()
    logs.speak_anywhere()
    app = create_app(settings)
    config = uvicorn.Config(
        with_files(app),
        http=StreamsInTurn,
        host=settings.host,
        port=settings.port,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    listener = bound(config)
    send_at_once(listener)
    let_go_of_the_gone(listener, settings.limits.stalled_seconds)
    print(f"Watch It Learn is at {address(settings.host, listener.getsockname()[1], settings.base_path)}", flush=True)
    server = Server(config, app)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(3)


def _settings(arguments: Sequence[str]) -> Settings:
    """The settings; ends with what is wrong with them."""
    if arguments:
        sys.exit(f"Cannot start: {arguments[0]} is no argument, there are none. The environment holds HOST, PORT and the limits.")
    try:
        return Settings.from_environment()
    except ValueError as problem:
        sys.exit(f"Cannot start: {problem}")


def bound(config: uvicorn.Config) -> socket.socket:
    """The socket that listens; ends with what to do where it cannot be had, after uvicorn has said why."""
    try:
        return config.bind_socket()
    except SystemExit:
        sys.exit(f"Cannot start: no listening at {place(config.host, config.port)}. HOST and PORT choose another place.")


def place(host: str, port: int) -> str:
    """Host and port as they stand in a URL: an IPv6 address in brackets (RFC 3986, 3.2.2)."""
    return f"[{host.replace('%', '%25')}]:{port}" if ":" in host else f"{host}:{port}"


def address(host: str, port: int, path: str = "") -> str:
    """What to open: where it listens at every address, this machine's own for itself."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host)  # noqa: S104  # read here, not bound
    return f"http://{place(own or host, port)}{path}{', and at every other address of this machine' if own else ''}"


def send_at_once(listener: socket.socket) -> None:
    """Every connection accepted here sends what is written without waiting for the other end to acknowledge what came before.

    asyncio sets this on sockets whose protocol is said to be TCP, and `bind_socket` does not say it: each answer of two writes
    (its head, its body), and each frame after the first, then waits up to 40 ms (Nagle's algorithm and delayed acknowledgement).
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def let_go_of_the_gone(listener: socket.socket, seconds: int) -> None:
    """Every connection accepted here ends when, for so long, it took or acknowledged nothing of what was sent.

    Both a viewer that stopped reading and one whose machine is gone: what is sent, or the system's own question to a connection
    that is silent for so long, is something to miss. Where the system has no such options, it gives up by itself, in hours.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
    if hasattr(socket, "TCP_KEEPIDLE"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
