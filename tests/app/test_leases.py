"""Open streams are counted over all servers that share a store, a real one, and whatever is lost does not count for ever."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest

from app.budgets import Budgets, Client, TooMany
from app.leases import SERVERS
from app.runs import Limits
from tests.app import stores
from tests.app.stores import Store

with_two_servers = partial(stores.with_two_servers, Limits(tab_live_runs=2, address_live_runs=3))
pytestmark = pytest.mark.timed  # a server that gets no turn for a second has let its lease lapse
ONE, OTHER = Client("192.0.2.1", "1" * 16), Client("192.0.2.1", "2" * 16)


@pytest.fixture(autouse=True)
def _short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.leases.LEASE_SECONDS", 1)
    monkeypatch.setattr("app.leases.RENEW_SECONDS", 0.1)
    monkeypatch.setattr("app.store.AWAY_SECONDS", 0.0)


async def opened(budgets: Budgets, client: Client, streams: AsyncExitStack) -> bool:
    """Whether the client got one more stream, which is open as long as `streams` is."""
    try:
        await streams.enter_async_context(budgets.live(client))
    except TooMany:
        return False
    return True


async def at_last(budgets: Budgets, client: Client, streams: AsyncExitStack) -> None:
    """Waits until the client gets one more stream."""
    while not await opened(budgets, client, streams):
        await asyncio.sleep(0.01)


async def refused_at_last(budgets: Budgets, client: Client) -> None:
    """Waits until the client gets none."""
    while True:
        async with AsyncExitStack() as streams:
            if not await opened(budgets, client, streams):
                return
        await asyncio.sleep(0.01)


async def die(budgets: Budgets) -> None:
    """As a server that is killed: it renews nothing and takes nothing back."""
    leases = budgets._leases
    assert leases._writing
    leases._leaves = True
    leases._something.set()
    await leases._writing
    leases._writing = None


def client_of(budgets: Budgets) -> Any:
    return budgets._store._client


def test_the_streams_of_a_tab_and_of_an_address_are_counted_over_two_servers_together() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert [await opened(each, ONE, streams) for each in (here, there, here, there)] == [True, True, False, False]
            assert [await opened(each, OTHER, streams) for each in (there, here, there)] == [True, False, False]
            assert await opened(here, Client("192.0.2.2", ""), streams), "another address has a budget of its own"

    with_two_servers(test)


def test_who_is_refused_for_the_address_takes_nothing_from_the_tab() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            third = Client("192.0.2.1", "3" * 16)
            async with AsyncExitStack() as first:
                assert [await opened(here, each, first) for each in (ONE, ONE, OTHER)] == [True] * 3
                assert [await opened(there, third, streams) for _ in range(9)] == [False] * 9
            for _ in range(2):
                await at_last(there, third, streams)

    with_two_servers(test)


def test_a_stream_that_ends_on_one_server_makes_room_on_the_other() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            async with AsyncExitStack() as ending:
                assert [await opened(here, ONE, ending) for _ in range(2)] == [True, True]
                assert not await opened(there, ONE, streams)
            for _ in range(2):
                await at_last(there, ONE, streams)
            assert not await opened(there, ONE, streams)

    with_two_servers(test)


def test_fifty_who_come_in_the_same_moment_on_two_servers_get_no_more_than_there_is() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            asked = [opened((here, there)[place % 2], ONE, streams) for place in range(50)]
            assert sum(await asyncio.gather(*asked)) <= 2
            while sum([await opened(here, ONE, streams), await opened(there, ONE, streams)]):
                await asyncio.sleep(0.01)
            assert sum(each._leases._own["tab", ONE.address, ONE.tab] for each in (here, there)) == 2

    with_two_servers(test)


def test_the_streams_of_a_server_that_was_killed_count_no_longer_than_its_lease() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert [await opened(here, ONE, streams) for _ in range(2)] == [True, True]
            assert not await opened(there, ONE, streams)
            await die(here)
            for _ in range(2):
                await at_last(there, ONE, streams)
            assert not await opened(there, ONE, streams)

    with_two_servers(test)


def test_a_server_that_stops_gives_its_lease_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.leases.LEASE_SECONDS", 600)

    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert [await opened(here, ONE, streams) for _ in range(2)] == [True, True]
            await here._leases.stop()
            assert await opened(there, ONE, streams)

    with_two_servers(test)


def test_a_stream_that_outlives_many_leases_counts_to_its_end() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert [await opened(here, ONE, streams) for _ in range(2)] == [True, True]
            lapses = await lapse(here)
            while await lapse(here) < lapses + 2:
                assert not await opened(there, ONE, streams)
                await asyncio.sleep(0.01)

    with_two_servers(test)


async def lapse(budgets: Budgets) -> float:
    """When the lease of this server lapses, by the store's clock."""
    return float(await client_of(budgets).zscore(SERVERS, budgets._leases._server))


@pytest.mark.parametrize("kept", [False, True], ids=["all is lost", "the leases are lost"])
def test_what_the_store_has_lost_is_written_again(kept: bool) -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert [await opened(here, ONE, streams) for _ in range(2)] == [True, True]
            await (client_of(here).delete(SERVERS) if kept else client_of(here).flushall())
            await refused_at_last(there, ONE)

    with_two_servers(test)


def test_while_the_store_is_away_each_server_counts_alone_and_then_together_again_with_what_was_opened_meanwhile() -> None:
    async def test(here: Budgets, there: Budgets, store: Store) -> None:
        async with AsyncExitStack() as streams:
            assert await opened(here, ONE, streams)
            store.kill()
            assert [await opened(here, ONE, streams) for _ in range(2)] == [True, False]
            async with AsyncExitStack() as elsewhere:
                assert [await opened(there, ONE, elsewhere) for _ in range(3)] == [True, True, False]
            store.start()
            await refused_at_last(there, ONE)

    with_two_servers(test)


def test_a_stream_that_is_cancelled_while_the_store_is_asked_is_not_counted() -> None:
    async def test(here: Budgets, there: Budgets, _store: Store) -> None:
        for turns in range(20):
            async with AsyncExitStack() as ending:
                asking = asyncio.create_task(opened(here, ONE, ending))
                for _ in range(turns):
                    await asyncio.sleep(0)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
        assert not here._leases._own
        async with AsyncExitStack() as streams:
            for _ in range(2):
                await at_last(there, ONE, streams)

    with_two_servers(test)
