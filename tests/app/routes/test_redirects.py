"""Redirects name no scheme and no host: only the visitor knows by which the server is reached."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Server

AS_A_PROXY_SAYS = {"Host": "learn.example.org:8443", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/topics/gan/", "/topics/gan"),
        ("/topics/gan/?demo=wine&seed=1", "/topics/gan?demo=wine&seed=1"),
        ("/topics/gan///", "/topics/gan"),
        ("//topics/gan/", "/topics/gan"),
        ("/topics/gan/stream/?seed=2", "/topics/gan/stream?seed=2"),
        ("/topics/gan/run.json/", "/topics/gan/run.json"),
        ("/api/topics/", "/api/topics"),
        ("/healthz/", "/healthz"),
        ("/topics/a%0d%0ab:%20c/", "/topics/a%0D%0Ab:%20c"),
        ("/topics/a%3Fb%23c/", "/topics/a%3Fb%23c"),
        ("/topics/%5Cevil/", "/topics/%5Cevil"),
    ],
)
def test_a_slash_too_many_leads_to_the_address_on_whatever_host_was_asked(server: Server, path: str, location: str) -> None:
    answer = server.get(path, headers=AS_A_PROXY_SAYS)
    assert (answer.status_code, answer.headers["location"]) == (307, location)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example", "/%5Cevil.example/", "/%2F/evil.example/", "///evil.example/%2e%2e/"]
)
def test_no_address_leads_to_another_host(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


CARDS = re.compile(r'<(meta (property|name)="|link rel="canonical"|link rel="alternate"|button [^>]*data-do="embed")[^>]*>')
"""What is made for elsewhere, where an address without its host leads nowhere."""


@pytest.mark.parametrize("path", ["/", "/topics/gan", "/topics/gan/run.html", "/topics/gan/run.py", "/api/topics", "/nothing"])
def test_no_answer_names_the_host_that_was_asked_but_on_cards_for_elsewhere(server: Server, path: str) -> None:
    answer = server.get(path, headers=AS_A_PROXY_SAYS)
    assert "learn.example.org" not in CARDS.sub("", answer.text)
    assert "evil.example" not in answer.text
    assert not any("example" in value for value in answer.headers.values())
