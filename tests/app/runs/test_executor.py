"""The promises of the stream, on runs that behave and on runs that do not: shared, resumable, cancelled, contained, fair."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.frames import read
from app.runs import Busy, Executor, Limits, RunRequest, crew
from app.runs.supervisor import WorkerProcess
from tests.app.runs.producers import events

PRODUCER = "tests.app.runs.producers:events"


def request(value: int = 0, demo: str = "fine", frames: int = 20, **more: Any) -> RunRequest:
    params = {"frames": frames, "value": value, **more}
    return RunRequest(f"{demo}-{value}-{frames}-{more}", "topic", demo, params)


def direct(asked: RunRequest) -> list[bytes]:
    return [sent for _, sent in events(asked.topic, "fine", dict(asked.params))]


@asynccontextmanager
async def running(**limits: Any) -> AsyncIterator[Executor]:
    executor = Executor(Limits(**{"workers": 2, "run_frames": 1_000_000, **limits}), PRODUCER)
    await executor.start()
    while not executor.ready():
        await asyncio.sleep(0.02)
    try:
        yield executor
    finally:
        await executor.stop()


def with_executor(test: Callable[[Executor], Coroutine[Any, Any, None]], **limits: Any) -> None:
    async def body() -> None:
        async with running(**limits) as executor:
            await asyncio.wait_for(test(executor), 60)

    asyncio.run(body())


async def watch(executor: Executor, asked: RunRequest, after: int | None = None) -> list[bytes]:
    return [sent async for batch in executor.frames(asked, after) for sent in batch]


async def reached(executor: Executor, asked: RunRequest, messages: int) -> None:
    """Waits until the run has come so far."""
    while (log := executor.cache.get(asked.key)) is None or len(log.messages) < messages:
        await asyncio.sleep(0.01)


def counted(executor: Executor, name: str) -> float:
    value = executor.metrics.registry.get_sample_value(name)
    assert value is not None
    return value


def test_a_viewer_gets_every_message_in_order_and_nothing_else() -> None:
    async def test(executor: Executor) -> None:
        assert await watch(executor, request()) == direct(request())

    with_executor(test)


def test_viewers_of_one_run_share_one_computation_whenever_they_join() -> None:
    async def test(executor: Executor) -> None:
        asked = request(cpu=0.005)
        early = [asyncio.create_task(watch(executor, asked)) for _ in range(20)]
        await asyncio.sleep(0.05)
        late = [asyncio.create_task(watch(executor, asked)) for _ in range(20)]
        seen = await asyncio.gather(*early, *late)
        seen.append(await watch(executor, asked))
        assert all(messages == direct(asked) for messages in seen)
        assert counted(executor, "runs_started_total") == 1
        assert counted(executor, "run_cache_hits_total") == 40

    with_executor(test)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_pieces_of_a_stream_cut_anywhere_join_to_the_run(cuts: list[int]) -> None:
    async def test(executor: Executor) -> None:
        asked, pieces, after = request(cpu=0.001), [], None
        for cut in cuts:
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
            pieces += await watch(executor, asked, after)
        assert pieces == direct(asked)

    with_executor(test, workers=1)


def test_a_run_resumes_after_it_was_forgotten() -> None:
    async def test(executor: Executor) -> None:
        asked = request()
        whole = await watch(executor, asked)
        executor.cache.drop(executor.cache.get(asked.key))  # type: ignore[arg-type]  # it is there
        assert await watch(executor, asked, 7) == whole[9:]

    with_executor(test)


def test_who_has_every_frame_gets_only_the_end() -> None:
    async def test(executor: Executor) -> None:
        assert await watch(executor, request(), 19) == direct(request())[-1:]
        assert await watch(executor, request(), 4000) == direct(request())[-1:]

    with_executor(test)


def test_a_run_that_nobody_watches_stops_within_a_second_and_frees_its_slot() -> None:
    async def test(executor: Executor) -> None:
        stream = executor.frames(request(frames=100_000, cpu=0.01))
        await anext(stream)
        assert counted(executor, "runs_running") == 1
        await stream.aclose()
        await asyncio.sleep(1.0)
        assert counted(executor, "runs_running") == 0
        assert counted(executor, "runs_cancelled_total") == 1

    with_executor(test)


def test_a_run_begun_again_right_after_its_cancellation_has_no_frame_of_the_old_one() -> None:
    async def test(executor: Executor) -> None:
        asked = request(frames=150, cpu=0.004)
        stream = executor.frames(asked)
        await anext(stream)
        await stream.aclose()
        while executor.cache.get(asked.key):
            await asyncio.sleep(0.02)
        assert await watch(executor, asked) == direct(asked)

    with_executor(test, workers=1)


@pytest.mark.parametrize("how", ["raise", "segfault", "loop", "allocate"])
def test_a_run_that_goes_wrong_fails_for_its_own_viewers_alone(how: str) -> None:
    async def test(executor: Executor) -> None:
        wrong = request(1, how, at=3)
        neighbours = [request(value, cpu=0.004, frames=60) for value in range(2, 8)]
        results = await asyncio.gather(watch(executor, wrong), *(watch(executor, each) for each in neighbours))
        kind, payload = read(results[0][-1])
        assert kind == "failed"
        assert "secret" not in payload["message"]
        assert results[0][:-1] == direct(wrong)[:4]
        for asked, seen in zip(neighbours, results[1:], strict=True):
            assert seen == direct(asked)
        assert (await watch(executor, request(9)))[-1].startswith(b"event: done")
        assert counted(executor, "runs_failed_total") == 1

    with_executor(test, step_cpu_seconds=1, run_memory_mib=512)


def test_a_run_that_takes_too_much_cpu_in_all_is_ended() -> None:
    async def test(executor: Executor) -> None:
        seen = await watch(executor, request(frames=10_000, cpu=0.05))
        assert read(seen[-1])[0] == "failed"
        assert "computing time" in read(seen[-1])[1]["message"]

    with_executor(test, run_cpu_seconds=1)


def test_killing_a_worker_in_mid_run_loses_and_repeats_nothing() -> None:
    async def test(executor: Executor) -> None:
        asked = [request(value, frames=60, cpu=0.005) for value in range(7)]
        watching = [asyncio.create_task(watch(executor, each)) for each in asked]
        await reached(executor, asked[0], 10)
        next(iter(executor._crew)).kill()
        for each, seen in zip(asked, await asyncio.gather(*watching), strict=True):
            assert seen == direct(each)

    with_executor(test)


def test_a_run_that_crashed_once_gets_one_more_try(tmp_path: Path) -> None:
    async def test(executor: Executor) -> None:
        asked = request(1, "crash once", at=5, mark=str(tmp_path / "mark"))
        assert await watch(executor, asked) == direct(asked)

    with_executor(test)


def test_a_newcomer_gets_its_first_frame_while_long_runs_go_on() -> None:
    async def test(executor: Executor) -> None:
        long = [asyncio.create_task(watch(executor, request(value, frames=400, cpu=0.01))) for value in range(8)]
        await asyncio.sleep(0.5)
        begin = time.monotonic()
        stream = executor.frames(request(99, cpu=0.001))
        while not any(sent.startswith(b"event: frame") for sent in await anext(stream)):
            pass
        waited = time.monotonic() - begin
        assert not any(task.done() for task in long)
        assert waited < 1.0
        await stream.aclose()
        for task in long:
            task.cancel()

    with_executor(test)


def test_beyond_the_slots_a_run_says_how_many_are_ahead_and_beyond_the_queue_the_server_is_busy() -> None:
    async def test(executor: Executor) -> None:
        first = asyncio.create_task(watch(executor, request(1, frames=100, cpu=0.005)))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(watch(executor, request(2)))
        await asyncio.sleep(0.1)
        with pytest.raises(Busy):
            await anext(executor.frames(request(3)))
        kinds = [read(sent) for sent in await second]
        assert kinds[0] == ("waiting", {"ahead": 0})
        assert [kind for kind, _ in kinds[1:]] == ["start", *["frame"] * 20, "done"]
        assert (await first)[-1].startswith(b"event: done")

    with_executor(test, live_runs=1, waiting_runs=1)


def test_more_viewers_than_allowed_are_turned_away() -> None:
    async def test(executor: Executor) -> None:
        stream = executor.frames(request(frames=1000, cpu=0.01))
        await anext(stream)
        with pytest.raises(Busy):
            await anext(executor.frames(request(2)))
        await stream.aclose()

    with_executor(test, viewers=1)


def test_finished_runs_are_kept_within_their_bytes_the_oldest_going_first() -> None:
    async def test(executor: Executor) -> None:
        executor.cache.most_bytes = 3 * sum(map(len, direct(request(1))))
        for value in range(1, 6):
            await watch(executor, request(value))
        assert executor.cache.finished_bytes <= executor.cache.most_bytes
        assert executor.cache.get(request(1).key) is None
        assert executor.cache.get(request(5).key) is not None

    with_executor(test)


def test_stopping_ends_every_stream_without_a_last_message() -> None:
    async def test(executor: Executor) -> None:
        asked = request(frames=100_000, cpu=0.01)
        watching = asyncio.create_task(watch(executor, asked))
        await reached(executor, asked, 3)
        await executor.stop()
        assert (await asyncio.wait_for(watching, 3))[-1].startswith(b"event: frame")
        assert not executor.ready()

    with_executor(test)


def test_a_run_that_makes_too_many_frames_is_ended() -> None:
    async def test(executor: Executor) -> None:
        seen = await watch(executor, request(frames=50))
        assert seen[:-1] == direct(request(frames=50))[:11]
        assert "more frames" in read(seen[-1])[1]["message"]

    with_executor(test, run_frames=10)


def test_a_worker_that_has_done_its_share_is_replaced_while_its_runs_go_on() -> None:
    async def test(executor: Executor) -> None:
        (old,) = executor._crew
        asked = [request(value, frames=150, cpu=0.005) for value in range(4)]
        watching = [asyncio.create_task(watch(executor, each)) for each in asked]
        await reached(executor, asked[-1], 2)
        while executor._crew.choose() is old:
            await asyncio.sleep(0.02)
        assert not any(task.done() for task in watching)
        assert await watch(executor, request(9)) == direct(request(9))
        for each, seen in zip(asked, await asyncio.gather(*watching), strict=True):
            assert seen == direct(each)
        while old.process.poll() is None:
            await asyncio.sleep(0.02)
        assert len(list(executor._crew)) == 1

    with_executor(test, workers=1, runs_a_worker=4)


def test_a_worker_that_cannot_start_is_tried_again_later_and_later_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        executor = Executor(Limits(workers=1), "late_producer:events")
        started: list[float] = []

        def starting(*args: Any) -> WorkerProcess:
            started.append(time.monotonic())
            return WorkerProcess(*args)

        monkeypatch.setattr(crew, "WorkerProcess", starting)
        await executor.start()
        seen = await watch(executor, request())
        assert [read(sent)[0] for sent in seen if not sent.startswith(b"event: waiting")] == ["failed"]
        assert "ModuleNotFoundError: No module named 'late_producer'" in executor.trouble()
        with pytest.raises(Busy):
            await watch(executor, request(2))
        pauses = [after - before for before, after in pairwise(started)]
        assert len(started) == crew.HOPELESS_AFTER
        assert pauses == sorted(pauses)
        assert pauses[0] >= crew.FIRST_PAUSE_SECONDS
        (tmp_path / "late_producer.py").write_text("from tests.app.runs.producers import events")
        while not executor.ready():
            await asyncio.sleep(0.05)
        assert executor.trouble() == ""
        assert await watch(executor, request(3)) == direct(request(3))
        await executor.stop()

    monkeypatch.syspath_prepend(tmp_path)
    asyncio.run(asyncio.wait_for(body(), 60))


def test_every_run_leaves_one_line_in_the_log_that_names_it_and_no_visitor(caplog: pytest.LogCaptureFixture) -> None:
    async def test(executor: Executor) -> None:
        await watch(executor, request(1, cpu=0.002))
        await watch(executor, request(2, "raise", at=3))
        stream = executor.frames(request(3, frames=100_000, cpu=0.01))
        await anext(stream)
        await stream.aclose()
        while counted(executor, "runs_cancelled_total") == 0:
            await asyncio.sleep(0.05)

    with caplog.at_level(logging.INFO, "watchitlearn.runs"):
        with_executor(test)
    lines: list[dict[str, Any]] = [record.fields for record in caplog.records if record.getMessage() == "run"]  # type: ignore[attr-defined]  # ours
    assert [(line["outcome"], line["demo"]) for line in lines] == [
        ("finished", "fine"),
        ("failed", "raise"),
        ("cancelled", "fine"),
    ]
    first, failed, _ = lines
    assert first["run"] == request(1, cpu=0.002).key
    assert (first["frames"], first["bytes"]) == (20, sum(map(len, direct(request(1, cpu=0.002)))))
    assert 0.02 < first["cpu_seconds"] <= first["seconds"] + 0.1
    assert failed["reason"] == "error"
    assert "secret internals" in failed["details"]


def test_a_hundred_runs_at_once_get_their_first_frames_before_any_of_them_is_far() -> None:
    async def test(executor: Executor) -> None:
        cpu, many = 0.004, 100
        begin = time.monotonic()
        firsts: list[float] = []

        async def first(asked: RunRequest) -> None:
            async for batch in executor.frames(asked):
                if any(sent.startswith(b"event: frame") for sent in batch):
                    firsts.append(time.monotonic() - begin)
                    break
            rest = await watch(executor, asked, 0)
            assert rest == direct(asked)[2:]

        asked = [request(value, frames=10, cpu=cpu) for value in range(many)]
        await asyncio.gather(*(first(each) for each in asked))
        whole = time.monotonic() - begin
        assert len(firsts) == many
        assert max(firsts) < whole / 3  # a tenth of the work, in any order that starves nobody

    with_executor(test)
