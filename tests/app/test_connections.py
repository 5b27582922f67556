"""What the listening socket hands on to every connection that is accepted from it."""

from __future__ import annotations

import socket

import uvicorn

from app.__main__ import send_at_once


def test_an_accepted_connection_sends_at_once() -> None:
    with uvicorn.Config("app.main:create_asgi", port=0, log_config=None).bind_socket() as listener:
        send_at_once(listener)
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
