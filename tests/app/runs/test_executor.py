"""Runs and their viewers: every message in order, shared, resumable, cancelled when unwatched."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.frames import read
from app.runs import Busy, Executor, Viewing, viewing
from app.runs.viewing import KEEP_ALIVE
from tests.app.runs.conftest import Everywhere
from tests.app.runs.executors import counted, direct, heard, reached, request, watch, with_executor


def test_a_viewer_gets_every_message_in_order_and_nothing_else(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        assert await watch(executor, request()) == direct(request())

    everywhere(test)


@pytest.mark.thorough
def test_viewers_of_one_run_share_one_computation_whenever_they_join(everywhere_in_time: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = request(cpu=0.005)
        early = [asyncio.create_task(watch(executor, asked)) for _ in range(20)]
        await asyncio.sleep(0.05)
        late = [asyncio.create_task(watch(executor, asked)) for _ in range(20)]
        seen = await asyncio.gather(*early, *late)
        seen.append(await watch(executor, asked))
        assert all(messages == direct(asked) for messages in seen)
        assert counted(executor, "runs_started_total") == 1
        assert counted(executor, "run_cache_hits_total") == 40
        assert counted(executor, "frames_sent_total") == 41 * 20

    everywhere_in_time(test)


@settings(max_examples=6)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_pieces_of_a_stream_cut_anywhere_join_to_the_run(cuts: list[int]) -> None:
    async def test(executor: Executor) -> None:
        asked, after = request(cpu=0.001), None
        pieces: list[bytes] = []
        for cut in cuts:
            pieces = pieces if after is not None else []  # cut before the first frame: the whole is asked for again
            stream = executor.frames(asked, after)
            async for batch in stream:
                pieces += batch[:cut]  # the connection broke within the batch, or the viewer saw no more of it
                kind, payload = read(pieces[-1])
                after = payload["step"] if kind == "frame" else after
                if len(pieces) % (cut + 1) == 0 or len(batch) > cut:
                    break
            await stream.aclose()
            if pieces[-1].startswith(b"event: done"):
                break
        if not pieces[-1].startswith(b"event: done"):
            pieces = [*(pieces if after is not None else []), *await watch(executor, asked, after)]
        assert pieces == direct(asked)

    with_executor(test, workers=1)


def test_a_run_resumes_after_it_was_forgotten(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = request()
        whole = await watch(executor, asked)
        executor.cache.drop(executor.cache.get(asked.key))  # type: ignore[arg-type]  # it is there
        assert await watch(executor, asked, 7) == whole[9:]

    everywhere(test)


def test_who_has_every_frame_gets_only_the_end(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        assert await watch(executor, request(), 19) == direct(request())[-1:]
        assert await watch(executor, request(), 4000) == direct(request())[-1:]

    everywhere(test)


def test_a_run_that_nobody_watches_stops_within_a_second_and_frees_its_slot(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        stream = executor.frames(request(frames=100_000, cpu=0.01))
        await anext(stream)
        while counted(executor, "runs_running") != 1:
            await asyncio.sleep(0.01)
        await stream.aclose()
        await asyncio.sleep(1.0 if isinstance(executor, Executor) else 1.5)
        assert counted(executor, "runs_running") == 0
        assert counted(executor, "runs_cancelled_total") == 1

    everywhere(test)


@pytest.mark.thorough
def test_a_run_begun_again_right_after_its_cancellation_has_no_frame_of_the_old_one(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = request(frames=150, cpu=0.004)
        stream = executor.frames(asked)
        await anext(stream)
        await stream.aclose()
        while executor.cache.get(asked.key):
            await asyncio.sleep(0.02)
        assert await watch(executor, asked) == direct(asked)

    everywhere(test, workers=1)


def test_stopping_ends_every_stream_without_a_last_message(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        asked = request(frames=100_000, cpu=0.01)
        watching = asyncio.create_task(watch(executor, asked))
        await reached(executor, asked, 3)
        await executor.stop()
        assert (await asyncio.wait_for(watching, 3))[-1].startswith(b"event: frame")
        assert not executor.ready()

    everywhere(test)


@pytest.mark.thorough
def test_a_viewer_with_nothing_new_gets_a_comment_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "KEEP_ALIVE_SECONDS", 0.4)

    async def test(executor: Executor) -> None:
        slow = request(frames=3, cpu=1.5)
        whole = direct(slow)
        late = asyncio.create_task(heard(executor, slow, 1))  # what comes first is not for it, and is no reason for silence
        await reached(executor, slow, 0)
        waiting = asyncio.create_task(heard(executor, request(2)))  # behind the other: there is one slot
        seen = await heard(executor, slow)
        assert seen.count(KEEP_ALIVE) >= 3
        assert [sent for sent in seen if sent != KEEP_ALIVE] == whole
        assert (await late)[: (await late).index(whole[3])].count(KEEP_ALIVE) >= 3
        assert (await waiting).count(KEEP_ALIVE) >= 3

    with_executor(test, live_runs=1)


def test_a_run_is_begun_ahead_of_its_viewer_only_while_the_server_takes_runs(everywhere: Everywhere) -> None:
    async def test(executor: Viewing) -> None:
        executor.warm(request(1))
        assert await watch(executor, request(1)) == direct(request(1))
        assert counted(executor, "runs_started_total") == 1
        await executor.stop()
        executor.warm(request(2))
        assert counted(executor, "runs_started_total") == 1
        with pytest.raises(Busy):
            await watch(executor, request(2))

    everywhere(test)
