"""Several servers count together where they share a store, a real one; while it is away or frozen, each counts alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial

import pytest

from app.budgets import Budgets, Client
from app.runs import Limits
from tests.app import stores
from tests.app.stores import Store
from tests.app.test_budgets import spent

ONE, OTHER = Client("192.0.2.1", "1" * 16), Client("192.0.2.1", "2" * 16)
with_two_servers = partial(stores.with_two_servers, Limits(tab_runs_a_minute=5, address_runs_a_minute=8))


def test_the_budgets_of_a_tab_and_of_an_address_hold_over_two_servers_together() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        assert await spent(here, *[ONE] * 3) == [True] * 3
        assert await spent(there, *[ONE] * 3) == [True] * 2 + [False]
        assert await spent(here, *[OTHER] * 4) == [True] * 3 + [False]
        assert await spent(there, OTHER, ONE) == [False] * 2

    with_two_servers(test)


def stop(there: Store) -> None:
    os.kill(there.process.pid, signal.SIGSTOP)


@pytest.mark.parametrize("lose", [Store.kill, stop], ids=["killed", "frozen"])
def test_while_the_store_is_away_each_server_serves_and_counts_alone(
    lose: Callable[[Store], None],
) -> None:
    async def test(here: Budgets, there: Budgets, shared: Store) -> None:
        assert await spent(here, *[ONE] * 5, ONE) == [True] * 5 + [False]
        lose(shared)
        for each in (here, there):
            assert await spent(each, *[ONE] * 5, ONE) == [True] * 5 + [False]

    with_two_servers(test)


def test_servers_count_together_again_once_the_store_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.AWAY_SECONDS", 0.0)

    async def test(here: Budgets, there: Budgets, shared: Store) -> None:
        shared.kill()
        assert await spent(here, ONE) == [True]
        shared.start()
        assert await spent(here, *[ONE] * 3) == [True] * 3
        assert await spent(there, *[ONE] * 3) == [True] * 2 + [False]

    with_two_servers(test)
