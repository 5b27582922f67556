"""Hosts and proxies: only those that the operator names are believed, and TLS is asked for where it stands before the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.conftest import Server

FORWARDED = {"Host": "learn.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


@contextmanager
def serving(**environment: str) -> Iterator[Server]:
    running = Server(WORKERS="1", **environment).start()
    try:
        yield running
    finally:
        running.stop()


def canonical(answer: httpx.Response) -> str:
    (found,) = re.findall(r'<link rel="canonical" href="([^"]*)">', answer.text)
    return str(found)


def test_a_proxy_on_this_machine_is_believed_and_no_other_unless_it_is_named() -> None:
    with serving() as server:
        assert canonical(server.get("/", headers=FORWARDED)) == "https://learn.example.org/"
    with serving(FORWARDED_ALLOW_IPS="10.0.0.0/8, 192.0.2.1") as server:
        answer = server.get("/", headers=FORWARDED)
        assert canonical(answer) == "http://learn.example.org/"
        assert "strict-transport-security" not in answer.headers


def test_tls_is_asked_for_by_tls_alone_and_for_as_long_as_is_set(server: Server) -> None:
    for path in ("/", "/topics/nothing", "/healthz", "/topics/gan/run.json?seed=x"):
        assert "strict-transport-security" not in server.get(path).headers
        assert server.get(path, headers=FORWARDED).headers["strict-transport-security"] == "max-age=2592000"
    with serving(HSTS_SECONDS="0") as never:
        assert "strict-transport-security" not in never.get("/", headers=FORWARDED).headers


def test_only_the_hosts_that_are_allowed_are_served_and_probes_come_by_any_name() -> None:
    with serving(ALLOWED_HOSTS="learn.example.org, *.school.example,[::1]") as server:
        for host in ("learn.example.org", "LEARN.example.org:8443", "a.school.example", "[::1]:8000"):
            assert server.get("/api/topics", headers={"Host": host}).status_code == 200, host
        for host in ("evil.example", "learn.example.org.evil.example", "school.example", "127.0.0.1", "[::2]"):
            answer = server.get("/api/topics", headers={"Host": host})
            assert answer.status_code == 400, host
            assert answer.headers["x-content-type-options"] == "nosniff"
        for path in ("/healthz", "/readyz", "/metrics"):
            assert server.get(path).status_code == 200
