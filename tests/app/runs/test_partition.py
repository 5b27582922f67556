"""A network in two parts, a broker that is gone for a moment, and what is left in its store: no viewer misses a frame of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from app.runs.board import Board
from app.runs.entries import Entry
from app.runs.shared import Shared
from tests.app.runs.brokers import broker, machine, site, until_ready
from tests.app.runs.executors import counted, direct, reached, request, watch
from tests.app.runs.wire import Wire, wire

VIEWERS = 4


def within_a_minute(body: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(body, 60))


async def briefly(_cut: Shared, _way: Wire) -> None:
    """The connection holds."""


async def until_it_breaks(_cut: Shared, way: Wire) -> None:
    """The connection is gone when the network is whole again."""
    way.drop()


async def until_it_is_given_up(cut: Shared, _way: Wire) -> None:
    """So long that both ends take the other for gone."""
    while not cut.trouble():
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "how_long", [briefly, *(pytest.param(long, marks=pytest.mark.chaos) for long in (until_it_breaks, until_it_is_given_up))]
)
def test_viewers_of_a_server_that_is_cut_off_from_the_broker_get_the_rest_afterwards_and_others_at_once(how_long: Any) -> None:
    async def body() -> None:
        with broker() as here:
            async with wire(here.url) as (way, url), machine(here.url), site(url) as cut, site(here.url) as whole:
                await until_ready(cut, whole)
                asked = request(frames=100, cpu=0.005)
                made = direct(asked)
                watching = [asyncio.create_task(watch(where, asked)) for where in (cut, whole) for _ in range(VIEWERS)]
                await reached(cut, asked, 10)
                way.hold()
                assert await watch(whole, asked) == made
                assert not watching[0].done()
                await how_long(cut, way)
                way.mend()
                assert await asyncio.gather(*watching) == [made] * len(watching)

    within_a_minute(body())


def test_a_run_of_a_machine_that_is_cut_off_goes_on_elsewhere_and_stays_one_run_when_the_machine_is_back() -> None:
    async def body() -> None:
        with broker() as here:
            async with wire(here.url) as (way, url), site(here.url) as running, machine(url, workers=1):
                await until_ready(running)
                asked = request(frames=100, cpu=0.005)
                watching = [asyncio.create_task(watch(running, asked)) for _ in range(VIEWERS)]
                await reached(running, asked, 10)
                way.hold()
                async with machine(here.url, workers=1) as second:
                    while counted(second, "runs_started_total") == 0:
                        await asyncio.sleep(0.02)
                    way.mend()
                    assert await asyncio.gather(*watching) == [direct(asked)] * VIEWERS

    within_a_minute(body())


@pytest.mark.parametrize("is_lost", [pytest.param(False, marks=pytest.mark.chaos), True], ids=["store kept", "store lost"])
def test_a_broker_that_is_killed_in_mid_run_costs_no_viewer_a_frame(is_lost: bool) -> None:
    async def body() -> None:
        with broker() as here:
            async with machine(here.url), site(here.url) as one, site(here.url) as other:
                await until_ready(one, other)
                asked = [request(value, frames=60, cpu=0.005) for value in range(2)]
                watching = [asyncio.create_task(watch(where, each)) for where in (one, other) for each in asked]
                await asyncio.gather(*(reached(where, each, 10) for where in (one, other) for each in asked))
                here.kill()
                if is_lost:
                    here.erase()
                here.start()
                assert await asyncio.gather(*watching) == [direct(each) for each in asked] * 2

    within_a_minute(body())


def test_what_a_lost_store_left_with_a_gap_is_written_again() -> None:
    async def body() -> None:
        with broker() as here:
            async with machine(here.url), site(here.url) as running:
                await until_ready(running)
                asked, board = request(), Board(here.url, 64)
                await board.start()
                while board.trouble():
                    await asyncio.sleep(0.02)
                whole = direct(asked)
                first = await board.append(asked.key, Entry(0, asked.key, tuple(whole[:5])), 0)
                await board.append(asked.key, Entry(9, asked.key, tuple(whole[9:])), first)
                assert await watch(running, asked) == whole
                assert [sent for entry in await board.read(asked.key) for sent in entry.messages] == whole
                await board.close()

    within_a_minute(body())


def test_a_complaint_of_the_broker_after_which_its_client_gives_up_costs_no_more_than_a_new_connection() -> None:
    async def body() -> None:
        with broker() as here:
            async with machine(here.url), wire(here.url) as (way, url), site(url) as running:
                await until_ready(running)
                way.say(b"-ERR 'Authentication Timeout'")
                while way.connections < 2:
                    await asyncio.sleep(0.02)
                await until_ready(running)
                assert await watch(running, request()) == direct(request())

    within_a_minute(body())
