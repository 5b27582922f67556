"""Budgets: a class behind one address works, one who abuses is slowed, and no change of names or addresses gets past that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from fastapi import Request

from app.budgets import Budgets, Client, TooMany, client_of
from app.runs import Limits

MEMORY = "async+memory://"
LOW = Limits(tab_runs_a_minute=2, address_runs_a_minute=4, tab_live_runs=1, address_live_runs=2)


def asked(host: str, tab: str = "") -> Client:
    headers = [(b"tab", tab.encode())] if tab else []
    return client_of(Request({"type": "http", "client": (host, 1), "headers": headers}))


def trying(limits: Limits, test: Callable[[Budgets], Awaitable[None]]) -> None:
    async def run() -> None:
        await test(Budgets(limits, MEMORY))

    asyncio.run(run())


async def spent(budgets: Budgets, *clients: Client) -> list[bool]:
    """Whether each got its run."""
    said = []
    for client in clients:
        try:
            await budgets.spend("runs", client)
        except TooMany:
            said.append(False)
        else:
            said.append(True)
    return said


def test_forty_who_move_a_slider_every_three_seconds_behind_one_address_are_not_slowed() -> None:
    async def test(budgets: Budgets) -> None:
        students = [Client("192.0.2.1", f"{number:016x}") for number in range(40)]
        assert all(await spent(budgets, *students * 20))

    trying(Limits(), test)


def test_one_tab_is_slowed_and_its_neighbours_are_not() -> None:
    async def test(budgets: Budgets) -> None:
        one, other = Client("192.0.2.1", "1" * 16), Client("192.0.2.1", "2" * 16)
        assert await spent(budgets, *[one] * 9) == [True] * 2 + [False] * 7
        assert await spent(budgets, *[other] * 2) == [True, True], "what was refused was not taken from the address"

    trying(LOW, test)


def test_new_names_add_nothing_to_the_budget_of_an_address() -> None:
    async def test(budgets: Budgets) -> None:
        assert await spent(budgets, *(Client("192.0.2.1", f"{number:016x}") for number in range(6))) == [True] * 4 + [False] * 2
        assert await spent(budgets, Client("192.0.2.2", "0" * 16)) == [True]

    trying(LOW, test)


def test_what_is_refused_is_said_in_words_with_the_seconds_to_wait() -> None:
    async def test(budgets: Budgets) -> None:
        for _ in range(2):
            await budgets.spend("runs", Client("192.0.2.1", ""))
        with pytest.raises(TooMany, match=r"has started 2 new runs within a minute, the most allowed. Try again in") as refused:
            await budgets.spend("runs", Client("192.0.2.1", ""))
        assert 1 <= refused.value.retry_after <= 120
        assert f" {refused.value.retry_after} second" in str(refused.value)

    trying(LOW, test)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_network_of_ipv6_is_one_address(one: str, other: str, same: bool) -> None:
    assert (asked(one) == asked(other)) is same


@pytest.mark.parametrize("tab", ["x" * 16, "0" * 17, "0" * 15, "0" * 15 + "G"])
def test_a_name_that_no_page_of_ours_gives_is_none(tab: str) -> None:
    assert asked("192.0.2.1", tab).tab == ""
    assert asked("192.0.2.1", "0" * 16).tab == "0" * 16


async def endless() -> AsyncGenerator[list[bytes], None]:
    while True:
        yield [b""]


def test_open_streams_are_counted_until_they_end_however_they_end() -> None:
    async def test(budgets: Budgets) -> None:
        one, other, third = (Client("192.0.2.1", name * 16) for name in "123")
        first, second = budgets.followed(one, endless()), budgets.followed(other, endless())
        await anext(first)
        with pytest.raises(TooMany, match="This browser tab has 1 runs open"):
            await anext(budgets.followed(one, endless()))
        await anext(second)
        with pytest.raises(TooMany, match="Your network has 2 runs open"):
            await anext(budgets.followed(third, endless()))
        await first.aclose()
        await anext(budgets.followed(one, endless()))

    trying(LOW, test)


def test_an_address_that_guesses_codes_waits_whatever_its_tabs_are_called_and_its_neighbours_do_not() -> None:
    async def test(budgets: Budgets) -> None:
        for number in range(60):
            guesser = Client("192.0.2.1", f"{number:016x}")
            await budgets.may_try("wrong codes", guesser)
            await budgets.tried("wrong codes", guesser)
        with pytest.raises(TooMany, match=r"Many wrong room codes came from this network\. Try again in") as refused:
            await budgets.may_try("wrong codes", Client("192.0.2.1", ""))
        assert 1 <= refused.value.retry_after <= 120
        await budgets.may_try("wrong codes", Client("192.0.2.2", ""))
        await budgets.may_try("new rooms", Client("192.0.2.1", ""))

    trying(Limits(), test)
