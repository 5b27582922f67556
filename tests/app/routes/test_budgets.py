"""Budgets as a visitor meets them: 429, when to come back, in words; and what costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.app.stores import store
from tests.conftest import NO_TLS, Server

RACE = "/topics/learning-rate/stream?demo=race&seed="
ONE, OTHER = {"Tab": "1" * 16}, {"Tab": "2" * 16}


@contextmanager
def serving(*command: str, **environment: str) -> Iterator[Server]:
    running = Server(WORKERS="1", **environment)
    running.command = command or running.command
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_a_run_past_the_budget_is_refused_in_words_and_one_that_is_there_costs_nothing() -> None:
    with serving(TAB_RUNS_A_MINUTE="2") as server:
        assert [server.get(f"{RACE}{seed}", headers=ONE).status_code for seed in (1, 2, 1, 2, 1)] == [200] * 5
        refused = server.get(f"{RACE}3", headers=ONE)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert "the most allowed. Try again in" in refused.json()["message"]
        assert refused.headers["cache-control"] == "no-store"
        file = server.get("/topics/learning-rate/run.csv?demo=race&seed=3", headers=ONE)
        assert file.status_code == 429
        part = server.get("/topics/learning-rate?seed=4", headers=ONE | {"HX-Request": "true", "HX-Target": "run"})
        assert part.status_code == 200, "a page is not a run, and begins none for who may not have one"
        assert "\nruns_started_total 2.0" in server.get("/metrics").text
        assert server.get(f"{RACE}3", headers=OTHER).status_code == 200


def test_requests_past_the_budget_are_refused_as_a_page_that_comes_again_by_itself_and_probes_are_not() -> None:
    with serving(TAB_REQUESTS_A_MINUTE="3") as server:
        assert [server.get("/", headers=ONE).status_code for _ in range(5)] == [200] * 3 + [429] * 2
        refused = server.get("/", headers=ONE | {"Accept": "text/html"})
        assert "Too many requests" in refused.text
        assert refused.headers["refresh"] == refused.headers["retry-after"]
        assert "content-security-policy" in refused.headers
        assert [server.get(path, headers=ONE).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3
        assert server.get("/", headers=OTHER).status_code == 200


def test_a_stream_too_many_is_refused_until_another_ends() -> None:
    with serving("-m", "tests.app.serve", "tests.app.runs.producers:long", TAB_LIVE_RUNS="1") as server:
        with watching(server, ONE) as first:
            assert first.status_code == 200
            coming = first.iter_bytes()  # kept, since a response is closed with its iterator
            next(coming)
            with watching(server, ONE) as refused, watching(server, OTHER) as other:
                assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
                assert other.status_code == 200
        while True:
            with watching(server, ONE) as after:
                if after.status_code == 200:
                    break


def test_a_stream_on_one_server_counts_on_another_that_shares_its_store() -> None:
    with store() as shared:
        settings = {"TAB_LIVE_RUNS": "1", "LIMITS_STORE": shared.url}
        long = ("-m", "tests.app.serve", "tests.app.runs.producers:long")
        with serving(*long, **settings) as here, serving(*long, **settings) as there:
            with watching(here, ONE) as first:
                coming = first.iter_bytes()
                next(coming)
                with watching(there, ONE) as refused, watching(there, OTHER) as other:
                    assert (refused.status_code, other.status_code) == (429, 200)
            while True:
                with watching(there, ONE) as after:
                    if after.status_code == 200:
                        break


@contextmanager
def watching(server: Server, headers: dict[str, str]) -> Iterator[httpx.Response]:
    with httpx.stream("GET", f"{server.url}{RACE}5", headers=headers, timeout=60, verify=NO_TLS) as answer:
        yield answer


def test_the_address_is_that_which_a_trusted_proxy_says() -> None:
    with serving(ADDRESS_RUNS_A_MINUTE="1") as server:
        for client in ("203.0.113.1", "203.0.113.2"):
            said = {"X-Forwarded-For": client}
            assert server.get(f"{RACE}{client[-1]}", headers=ONE | said).status_code == 200
            assert server.get(f"{RACE}{client[-1]}0", headers=OTHER | said).status_code == 429
