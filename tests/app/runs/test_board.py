"""The board and those who use it: two web servers and one log, other builds, other kernels, a broker that forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from app.frames import read
from app.runs import Busy, Executor
from app.runs.agent import Agent, OtherKernels
from app.runs.board import Board
from app.runs.kernels import fingerprint
from app.runs.limits import Limits
from app.runs.shared import Shared
from tests.app.runs.brokers import Broker, broker, machine, site, until_ready
from tests.app.runs.executors import counted, direct, reached, request, watch


def with_two_sites(test: Callable[[Shared, Shared, Broker], Coroutine[Any, Any, None]], mebibytes: int = 64) -> None:
    async def body() -> None:
        with broker() as here:
            url = here.url
            async with machine(url, mebibytes), site(url, mebibytes) as one, site(url, mebibytes) as other:
                await until_ready(one, other)
                await asyncio.wait_for(test(one, other, here), 120)

    asyncio.run(body())


def test_five_hundred_viewers_on_two_servers_cost_one_computation() -> None:
    async def test(one: Shared, other: Shared, _here: Broker) -> None:
        asked = request(frames=40, cpu=0.01)
        seen = await asyncio.gather(*(watch(where, asked) for where in (one, other) for _ in range(250)))
        whole = direct(asked)
        assert all(messages == whole for messages in seen)
        assert counted(one, "runs_started_total") + counted(other, "runs_started_total") == 1
        assert counted(one, "runs_finished_total") + counted(other, "runs_finished_total") == 1

    with_two_sites(test)


def test_a_run_cut_after_any_frame_is_resumed_on_the_other_server() -> None:
    async def test(one: Shared, other: Shared, _here: Broker) -> None:
        asked = request()
        whole = await watch(one, asked)
        assert whole == direct(asked)
        assert [await watch(other, asked, frame) for frame in range(20)] == [whole[frame + 2 :] for frame in range(20)]
        assert counted(other, "runs_started_total") == 0

    with_two_sites(test)


def test_a_run_stops_when_the_last_viewer_on_any_server_has_left_and_not_before() -> None:
    async def test(one: Shared, other: Shared, _here: Broker) -> None:
        asked = request(frames=100_000, cpu=0.01)
        here, there = one.frames(asked), other.frames(asked)
        await anext(here)
        await anext(there)
        await here.aclose()
        copy = other.cache.get(asked.key)
        assert copy is not None
        while counted(one, "runs_cancelled_total") == 0:
            await asyncio.sleep(0.02)
        await reached(other, asked, len(copy.messages) + 20)
        await there.aclose()
        await asyncio.sleep(2.0)
        assert counted(one, "runs_running") == counted(other, "runs_running") == 0

    with_two_sites(test)


@pytest.mark.thorough
def test_logs_that_the_broker_had_to_forget_are_written_again_from_their_beginning() -> None:
    async def test(one: Shared, other: Shared, _here: Broker) -> None:
        asked = [request(value, frames=60, text="x" * 2000) for value in range(12)]
        for _ in range(2):
            for each in asked:
                for where in (one, other):
                    assert await watch(where, each) == direct(each)
                    where.cache.drop(where.cache.get(each.key))  # type: ignore[arg-type]  # it is there

    with_two_sites(test, mebibytes=1)


def test_a_failure_is_told_on_both_servers_and_the_next_visitor_tries_anew() -> None:
    async def test(one: Shared, other: Shared, _here: Broker) -> None:
        wrong = request(1, "raise", at=30, frames=40, cpu=0.002)
        seen = await asyncio.gather(watch(one, wrong), watch(other, wrong))
        assert [read(each[-1])[0] for each in seen] == ["failed", "failed"]
        assert [each[:-1] for each in seen] == [direct(wrong)[:31]] * 2
        assert not one.known(wrong)
        assert not other.known(wrong)

    with_two_sites(test)


def test_a_server_whose_broker_is_away_says_so_and_takes_runs_once_it_is_there() -> None:
    async def body() -> None:
        with broker() as here:
            here.kill()
            async with site(here.url) as running:
                assert running.trouble().startswith("the broker at 127.0.0.1:")
                assert "of-the-tests" not in running.trouble()
                with pytest.raises(Busy):
                    await watch(running, request())
                here.start()
                while running.trouble() != "no worker machine of this build has joined":
                    await asyncio.sleep(0.02)
                with pytest.raises(Busy):
                    running.check(request())
                async with machine(here.url):
                    await until_ready(running)
                    assert await watch(running, request()) == direct(request())

    asyncio.run(asyncio.wait_for(body(), 60))


def test_the_board_gives_no_job_to_a_machine_of_another_build(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body() -> None:
        with broker() as here:
            async with machine(here.url):
                monkeypatch.setattr("app.runs.board.build", lambda: "f" * 64)
                async with site(here.url) as newer:
                    while newer.trouble() != "no worker machine of this build has joined":
                        await asyncio.sleep(0.02)
                    async with machine(here.url) as executor:
                        await until_ready(newer)
                        assert await watch(newer, request()) == direct(request())
                        assert counted(executor, "runs_started_total") == 1

    asyncio.run(asyncio.wait_for(body(), 60))


def test_a_machine_whose_kernels_give_other_digits_is_turned_away_and_told_what_to_set() -> None:
    async def body() -> None:
        with broker() as here:
            async with machine(here.url):
                stranger = Agent(Board(here.url, 64), Executor(Limits(workers=1)), "others")
                await stranger.start()
                with pytest.raises(OtherKernels, match=r"set OPENBLAS_CORETYPE to the same value"):
                    await stranger.work()
                await stranger.stop()

    asyncio.run(asyncio.wait_for(body(), 60))


def test_the_fingerprint_of_a_machine_is_the_same_each_time() -> None:
    first = fingerprint()
    assert len(first) == 8
    assert fingerprint() == first
